"""Columns edited with another program: `journal verify` names the event that says otherwise."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bdesk.data import verify as verifying
from bdesk.data.book.book import load_book
from bdesk.data.store import Store, open_store
from bdesk.data.verify import verify
from bdesk.errors import NotAllowed, StoreProblem
from bdesk.models.kinds import CaseKind, Channel, Role, WalletState
from bdesk.models.tables import Evidence, Wallet
from bdesk.models.views.verdict import Fault
from bdesk.operations import evidence, notes, raising, undoing
from bdesk.operations.ports import Ports
from bdesk.operations.staff import passwords, people
from bdesk.operations.supervising.merging import merge_into
from bdesk.training.seed import seed_store
from tests.builders import Placed, person
from tests.operations import changing
from tests.operations.desk import Desk, must_add_up
from tests.operations.frozen import (
    WALLET_TAIL,
    at_work,
    decided,
    freeze,
    questioned,
    recommended,
    rung,
    verified,
)
from tests.operations.importing.firm import at, make_firm, payment
from tests.operations.importing.firm import order as firm_order


def edit(place: str, *statements: str) -> None:
    connection = sqlite3.connect(place)
    for statement in statements:
        assert connection.execute(statement).rowcount > 0, statement
    connection.commit()
    connection.close()


@pytest.fixture
def worked(desk: Desk, placed: Placed) -> Desk:
    """A case 1 of 1001 with a refund and its letter, and a person 1300 with a password."""
    admin = Desk(desk.store, person(desk.store, "9001", Role.ADMIN), desk.ports)
    people.add_staff(admin.ctx, people.NewPerson("1300", "赵敏", Role.AGENT, "correct horse"))
    desk.go(desk.to_decision(desk.opened(placed)), "approve")
    desk.later(seconds=30)
    desk.release()
    must_add_up(desk.store)
    return desk


def first(desk: Desk) -> Fault:
    found = verify(desk.store, load_book()).first_fault
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE work_case SET state='resolved'", "case.differs"),
        ("UPDATE work_case SET owner_id=NULL", "case.differs"),
        ("UPDATE work_case SET owner_id=2", "case.differs"),
        ("UPDATE work_case SET verified_level='V3'", "case.differs"),
        ("UPDATE work_case SET cycle=2", "case.differs"),
        ("UPDATE refund SET amount_fen=12700", "refund.differs"),
        ("UPDATE payment SET amount_fen=99900", "amount.differs"),
        ("UPDATE notification SET target='else@example.com'", "letter.differs"),
        ("UPDATE notification SET letter='N3'", "letter.differs"),
        ("UPDATE notification SET text_id=(SELECT min(id) FROM case_text)", "letter.differs"),
    ],
)
def test_a_case_and_its_money_and_letters(worked: Desk, statement: str, code: str) -> None:
    edit(worked.store.place, statement)
    found = first(worked)
    assert (found.stream, found.stream_id, found.code) == ("case", "1", code)
    assert found.sequence > 0


def test_a_letter_that_nobody_wrote(worked: Desk) -> None:
    columns = "case_id, letter, letter_version, language, channel, target, target_masked, subject, text_id, "
    columns += "state, written_at, reminder, version"
    edit(
        worked.store.place,
        f"INSERT INTO notification ({columns}) SELECT {columns} FROM notification LIMIT 1",
    )
    assert first(worked).code == "letter.differs"


def test_an_erased_letter_takes_its_address_along(worked: Desk, chief: Desk) -> None:
    (written, *_) = worked.events(1, "letter.written")
    text = written.payload["text"]
    assert isinstance(text, int)
    notes.erase_text(chief.ctx, text, "客户要求删除")
    must_add_up(worked.store)
    edit(worked.store.place, "UPDATE notification SET target=''")
    assert verify(worked.store, load_book()).ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff SET role='supervisor' WHERE number='1300'",
        "UPDATE staff SET active=0 WHERE number='1300'",
        "UPDATE staff SET password_hash=(SELECT max(password_hash) || 'x' FROM staff) WHERE number='1300'",
        "UPDATE staff SET password_hash=NULL WHERE number='1300'",
        "DELETE FROM staff WHERE number='1300'",
    ],
)
def test_a_person(worked: Desk, statement: str) -> None:
    edit(worked.store.place, statement)
    found = first(worked)
    assert (found.stream, found.stream_id, found.code) == ("staff", "1300", "staff.differs")


def test_passwords_that_were_changed_by_the_desk_fit(worked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(passwords.hasher()), "check_needs_rehash", lambda self, known: True)
    actor = people.sign_in(worked.store, "1300", "correct horse")
    people.change_password(worked.store, actor, "correct horse", "better horse")
    must_add_up(worked.store)


@pytest.mark.parametrize("kind", ["procedure", "policy", "calendar", "letter"])
def test_a_text_of_the_book(worked: Desk, kind: str) -> None:
    edit(
        worked.store.place,
        f"UPDATE book_text SET text=text || ' ' WHERE id=(SELECT min(id) FROM book_text WHERE kind='{kind}')",
    )
    assert (first(worked).stream, first(worked).code) == ("store", "book.differs")


def test_limits_and_texts_that_no_event_speaks_of(worked: Desk) -> None:
    edit(worked.store.place, "UPDATE book_text SET text='version: 1' WHERE code='limits'")
    assert (first(worked).stream_id, first(worked).code) == ("limits", "book.differs")


def test_a_text_put_in_by_hand(worked: Desk) -> None:
    edit(
        worked.store.place,
        "INSERT INTO book_text (kind, code, version, text, kept_at) "
        "SELECT kind, code, '9-forged', text, kept_at FROM book_text LIMIT 1",
    )
    assert first(worked).code == "book.differs"
    edit(worked.store.place, "DELETE FROM book_text WHERE version='9-forged'")
    assert verify(worked.store, load_book()).ok
    edit(worked.store.place, "DELETE FROM book_text WHERE kind='letter'")
    assert first(worked).code == "book.differs"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE work_case SET state='merged' WHERE id=(SELECT max(id) FROM work_case)", "case.differs"),
        ("UPDATE work_case SET owner_id=1 WHERE id=(SELECT min(id) FROM work_case WHERE owner_id IS NULL)",
         "case.differs"),
        ("UPDATE notification SET target='x@example.com' WHERE id=1", "letter.differs"),
        ("UPDATE staff SET password_hash='x' WHERE number='1001'", "staff.differs"),
        ("UPDATE book_text SET text='' WHERE id=(SELECT max(id) FROM book_text)", "book.differs"),
    ],
)  # fmt: skip
def test_a_seeded_store(seeded: Path, tmp_path: Path, statement: str, code: str) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(seeded.read_bytes())
    with open_store(f"sqlite:///{copy}") as store:
        assert verify(store, load_book()).ok
        edit(str(copy), statement)
        found = verify(store, load_book()).first_fault
        assert found is not None and found.code == code


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seeded") / "desk.db"
    seed_store(f"sqlite:///{path}", size="demo", seed=3)
    return path


def test_an_imported_payment(tmp_path: Path) -> None:
    firm = make_firm(tmp_path)
    firm.bring("orders", firm_order(as_of=at(4)), firm_order("BT20261114000102", as_of=at(4)))
    assert firm.sound()
    edit(firm.store.place, "UPDATE payment SET amount_fen=99900 WHERE payment_no='PAY-0102'")
    found = verify(firm.store, load_book()).first_fault
    assert found is not None
    assert (found.stream_id, found.code) == ("store", "amount.differs")
    edit(firm.store.place, "UPDATE payment SET amount_fen=12800 WHERE payment_no='PAY-0102'")
    changed = [payment("PAY-0102", 12900)]
    firm.bring("orders", firm_order("BT20261114000102", as_of=at(3), payments=changed))
    assert firm.sound()
    edit(firm.store.place, "UPDATE payment SET amount_fen=12800 WHERE payment_no='PAY-0102'")
    assert not firm.sound()


def test_an_import_is_verified_without_being_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = make_firm(tmp_path)
    people_of_the_shop = [
        {"account": f"demo_{number:04}", "name": "陈晨", "as_of": at(5)} for number in range(300)
    ]
    assert firm.bring("customers", *people_of_the_shop).added == 300
    held: list[int] = []
    end = verifying._end

    def watched(session: Session, chain: verifying._Chain, *more: Any) -> None:
        held.append(len(chain.events))
        end(session, chain, *more)

    monkeypatch.setattr(verifying, "_end", watched)
    assert firm.sound()
    assert max(held) < 10


# What decides who may touch a case, and what releases money from a wallet


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE work_case SET kind='consultation'", "case.differs"),
        ("UPDATE work_case SET escalated_to='risk'", "case.differs"),
        ("UPDATE work_case SET customer_id=NULL", "case.differs"),
        ("UPDATE evidence SET clear=1 WHERE id=(SELECT max(id) FROM evidence)", "evidence.differs"),
        ("UPDATE evidence SET kind='police_receipt' WHERE id=1", "evidence.differs"),
        ("DELETE FROM evidence WHERE id=1", "evidence.differs"),
    ],
)
def test_what_a_case_is_and_what_was_shown(worked: Desk, statement: str, code: str) -> None:
    edit(worked.store.place, statement)
    found = first(worked)
    assert (found.stream, found.stream_id, found.code) == ("case", "1", code)
    assert found.sequence > 0


def test_what_the_desk_itself_changed_fits(worked: Desk, chief: Desk) -> None:
    """Raised, converted, taken back, judged, merged, reopened: the rows are what the events say."""
    desk = worked
    buyer = desk.case(1).customer_id
    one, two = (
        desk.opened(None, kind=CaseKind.CONSULTATION, channel=Channel.HOTLINE, customer_id=buyer)
        for _ in range(2)
    )
    raising.raise_case(desk.ctx, one, "supervisor", "客户要求")
    raising.to_complaint(desk.ctx, one, "客户抱怨")
    undoing.undo(desk.ctx, one)
    raising.to_complaint(desk.ctx, two, "客户抱怨")
    (piece,) = desk.rows(Evidence, case_id=one)
    evidence.look_at(desk.ctx, piece.id or 0)
    evidence.judge(desk.ctx, piece.id or 0, clear=True)
    must_add_up(desk.store)
    edit(desk.store.place, f"UPDATE evidence SET clear=NULL WHERE id={piece.id}")
    assert (first(desk).stream_id, first(desk).code) == (str(one), "evidence.differs")
    edit(desk.store.place, f"UPDATE evidence SET clear=1 WHERE id={piece.id}")
    edit(desk.store.place, f"UPDATE work_case SET kind='consultation' WHERE id={two}")
    assert (first(desk).stream_id, first(desk).code) == (str(two), "case.differs")
    edit(desk.store.place, f"UPDATE work_case SET kind='complaint' WHERE id={two}")
    edit(desk.store.place, f"UPDATE work_case SET escalated_to=NULL WHERE id={one}")
    assert (first(desk).stream_id, first(desk).code) == (str(one), "case.differs")
    edit(desk.store.place, f"UPDATE work_case SET escalated_to='supervisor' WHERE id={one}")
    third = desk.opened(None, kind=CaseKind.CONSULTATION, channel=Channel.HOTLINE, customer_id=buyer)
    merge_into(chief.ctx, third, desk.case(one).case_no, "同一事项")
    must_add_up(desk.store)
    edit(desk.store.place, "DELETE FROM case_link")
    assert (first(desk).stream_id, first(desk).code) == (str(third), "link.differs")


def test_a_password_that_must_be_changed(worked: Desk) -> None:
    edit(worked.store.place, "UPDATE staff SET must_change_password=1 WHERE number='1300'")
    assert (first(worked).stream_id, first(worked).code) == ("1300", "staff.differs")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wallet SET state='normal'",
        "UPDATE wallet SET state='limited'",
        "UPDATE wallet_freeze SET released_at=frozen_at WHERE released_at IS NULL",
        "UPDATE wallet_freeze SET source='system' WHERE source='judicial'",
        "UPDATE wallet_freeze SET reason='user_lock' WHERE released_at IS NULL",
        "DELETE FROM wallet_freeze",
    ],
)
def test_a_wallet_that_was_frozen_by_a_file(tmp_path: Path, statement: str) -> None:
    firm = make_firm(tmp_path, Role.ADMIN)
    firm.bring("customers", {"account": "wangli", "name": "王丽", "phone": "15400000037", "as_of": at(1)})
    held = {"reason": "frequent_transfers", "source": "judicial", "frozen_at": at(5), "amount_fen": 100}
    over = {**held, "source": "system", "reason": "abnormal_login", "released_at": at(4)}
    row = {"wallet_no": "QB1", "account": "wangli", "state": "frozen", "balance_fen": 100, "as_of": at(1)}
    firm.bring("wallets", {**row, "freezes": [held, over]})
    assert firm.sound()
    edit(firm.store.place, statement)
    found = verify(firm.store, load_book()).first_fault
    assert found is not None and (found.stream, found.code) == ("store", "wallet.differs")


def test_a_wallet_that_two_people_released(store: Store, ports: Ports) -> None:
    desk = at_work(store, ports, "1001", Role.AGENT)
    chief = at_work(store, ports, "2001", Role.SUPERVISOR)
    case_id = questioned(desk, verified(desk, rung(desk, freeze(store))))
    decided(chief, recommended(desk, case_id))
    desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    desk.later(seconds=11)
    desk.release()
    must_add_up(store)
    for wrong, right in (
        ("UPDATE wallet SET state='frozen'", "UPDATE wallet SET state='normal'"),
        ("UPDATE wallet_freeze SET released_at=NULL", ""),
    ):
        edit(store.place, wrong)
        assert (first(desk).stream_id, first(desk).code) == (str(case_id), "wallet.differs")
        if right:
            edit(store.place, right)


def test_an_approval_that_nobody_gave_releases_nothing(store: Store, ports: Ports) -> None:
    """The row says "approved" and by whom; the journal has no decision."""
    desk = at_work(store, ports, "1001", Role.AGENT)
    at_work(store, ports, "2001", Role.SUPERVISOR)
    case_id = questioned(desk, verified(desk, rung(desk, freeze(store))))
    recommended(desk, case_id)
    edit(
        store.place,
        "UPDATE approval SET state='approved', decided_by='2001', decided_at=requested_at",
        "UPDATE work_case SET state='in_progress'",
    )
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    assert desk.rows(Wallet)[0].state is WalletState.FROZEN


def test_a_contact_that_changed_at_the_desk(store: Store, ports: Ports) -> None:
    desk = at_work(store, ports, "1001", Role.AGENT)
    chief = at_work(store, ports, "2001", Role.SUPERVISOR)
    case_id = changing.rung(desk, changing.owner(store, desk))
    changing.verified(desk, case_id)
    changing.decided(chief, changing.proposed(desk, case_id, new_phone=changing.NEW_PHONE))
    changing.warned(desk, case_id)
    desk.later(hours=24)
    changing.saved(desk, case_id)
    must_add_up(store)
    for value in ("NULL", "'2020-01-01 00:00:00.000000'"):
        edit(store.place, f"UPDATE customer SET contact_changed_at={value}")
        assert (first(desk).stream_id, first(desk).code) == (str(case_id), "contact.differs")


def test_a_real_store_is_not_turned_into_one_for_training(store: Store) -> None:
    """There anybody acts without a password, and plays the system that says a code was right."""
    place = store.place
    store.close()
    edit(place, "UPDATE store_info SET training=1, clock_anchor=made_at, clock_rate=1")
    with pytest.raises(StoreProblem, match=r"store\.turned"):
        open_store(f"sqlite:///{place}")
    edit(place, "UPDATE store_info SET training=0, clock_anchor=NULL")
    with open_store(f"sqlite:///{place}") as again:
        assert verify(again, load_book()).ok
        edit(place, "UPDATE store_info SET training=1, clock_anchor=made_at, clock_rate=1")
        found = verify(again, load_book()).first_fault
        assert found is not None and found.code == "store.differs"
