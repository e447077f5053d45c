"""Level 3 of another day: a closed case that comes back, or one that lay for days, is not verified by whoever
was on the line then (B0.4; decision 37)."""

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import EvidenceKind, Role, VerificationLevel, WalletState
from bdesk.models.tables import Contact, Wallet
from bdesk.operations import calls, evidence
from bdesk.operations.ports import Ports
from bdesk.operations.reopening import reopen
from tests.operations import changing
from tests.operations.desk import Desk, must_add_up
from tests.operations.frozen import (
    WALLET_TAIL,
    at_work,
    code,
    decided,
    freeze,
    questioned,
    recommended,
    rung,
    seen,
    verified,
)


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


@pytest.fixture
def other(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1002", Role.AGENT)


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2001", Role.SUPERVISOR)


def hung_up(desk: Desk) -> None:
    for one in desk.rows(Contact, ended_at=None):
        calls.end_call(desk.ctx, one.id or 0)


def lifted(desk: Desk, case_id: int) -> None:
    desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    desk.later(seconds=11)
    desk.release()


def test_a_refused_case_that_comes_back_is_verified_by_nobody(desk: Desk, other: Desk, chief: Desk) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    decided(chief, recommended(desk, case_id, "refuse"))
    desk.go(case_id, "letter", ground="材料不足", wanted="流水")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    hung_up(desk)
    other.later(days=25)
    reopen(other.ctx, case_id, "客户又来")
    assert other.case(case_id).verified_level is VerificationLevel.V0
    assert other.fact(case_id, "verification.level") == 0
    assert "verify" in str(other.step(case_id)) or other.step(case_id) == "opening/greet"
    assert "unverified" in str(other.fact(case_id, "unfreeze.signs"))
    must_add_up(desk.store)


def test_an_address_is_not_changed_on_the_word_of_last_month(desk: Desk, other: Desk) -> None:
    buyer = changing.owner(desk.store, desk)
    case_id = changing.rung(desk, buyer, "address")
    changing.verified(desk, case_id)
    for option, said in (("read", {"new_address": changing.NEW_ADDRESS}), ("right", {}), ("save", {})):
        desk.go(case_id, option, **said)
    desk.later(seconds=11)
    desk.release()
    while (current := desk.stand(case_id).walk.current) is not None:
        codes = [one.code for one in current.options if one.offer.value == "offered"]
        desk.go(case_id, "close" if "close" in codes else codes[0])
    hung_up(desk)
    other.later(days=20)
    reopen(other.ctx, case_id, "客户又来")
    assert other.fact(case_id, "verification.level") == 0
    assert changing.on_file(desk, buyer).address == changing.NEW_ADDRESS


def lain(desk: Desk, **by: int) -> int:
    """A verified owner's case that waited for papers, which are here now; nobody is on the line."""
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    desk.go(case_id, "told")
    desk.go(case_id, "answered", coached="alone", payee="二十名工人", purpose="发工资")
    hung_up(desk)
    desk.go(case_id, "compared", device="known", place="fits", story="fits", payees="known")
    desk.go(case_id, "ask")
    desk.later(**by)
    for kind in (EvidenceKind.STATEMENT, EvidenceKind.TRANSACTION_RECORD):
        evidence.add_evidence(desk.ctx, case_id, kind, "1.pdf", "https://evidence.example.com/1.pdf", 1000)
    seen(desk, case_id)
    desk.go(case_id, "ready")
    return case_id


def test_what_was_verified_yesterday_still_carries_a_release_and_its_decision(
    desk: Desk, chief: Desk
) -> None:
    """47 h to the request, 23 to the decision and 50 minutes to its carrying out: nobody is asked again."""
    case_id = lain(desk, hours=47)
    row = recommended(desk, case_id)
    assert row.needs_role == "supervisor"
    desk.later(hours=23)
    decided(chief, row)
    desk.later(minutes=50)
    lifted(desk, case_id)
    assert desk.rows(Wallet)[0].state is WalletState.NORMAL
    must_add_up(desk.store)


def test_what_was_verified_days_ago_carries_none_until_the_customer_is_verified_again(
    desk: Desk, chief: Desk
) -> None:
    case_id = lain(desk, hours=49)
    for extent in ("full", "limited", "refuse"):
        assert desk.option(case_id, extent).offer == "refused"
    desk.go(case_id, "unverified")
    assert desk.step(case_id) == "unverified", "what was proven does not lead past it"
    again = calls.start_call(desk.ctx, "15400000001")
    calls.attach_call(desk.ctx, again, case_id)
    desk.go(case_id, "again")
    verified(desk, case_id)
    hung_up(desk)
    # The questions are asked on that call as well.
    desk.go(case_id, "told")
    desk.go(case_id, "answered", coached="alone", payee="二十名工人", purpose="发工资")
    desk.go(case_id, "compared", device="known", place="fits", story="fits", payees="known")
    desk.go(case_id, "again")
    assert desk.option(case_id, "full").offer == "offered"
    decided(chief, recommended(desk, case_id))
    lifted(desk, case_id)
    assert desk.rows(Wallet)[0].state is WalletState.NORMAL
    must_add_up(desk.store)


def test_two_requests_do_not_stretch_it(desk: Desk, chief: Desk) -> None:
    """One after the other, each within a day of the one before: three days after the proof it is over."""
    case_id = lain(desk, hours=47)
    decided(chief, recommended(desk, case_id))
    desk.later(hours=20)
    desk.go(case_id, "again")
    row = recommended(desk, case_id)
    desk.later(hours=6)
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        decided(chief, row)
    assert desk.rows(Wallet)[0].state is WalletState.FROZEN


def test_a_code_of_the_first_round_tops_no_answers_of_the_second(
    desk: Desk, chief: Desk, other: Desk
) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    decided(chief, recommended(desk, case_id, "refuse"))
    desk.go(case_id, "letter", ground="材料不足", wanted="流水")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    hung_up(desk)
    other.later(days=1)
    reopen(other.ctx, case_id, "客户又来")
    contact = calls.start_call(other.ctx, "15400000001")
    calls.attach_call(other.ctx, contact, case_id)
    if other.step(case_id) != "verify/factors":
        other.go(case_id, "confirmed")
    other.go(case_id, "check", recent_amount="1000.00", phone_tail="6621")
    assert other.fact(case_id, "verification.level") == 2
    other.go(case_id, "send")
    code(other, case_id, "passed")
    assert other.fact(case_id, "verification.level") == 3


def test_a_change_of_phone_is_made_days_after_the_call_that_asked_for_it(desk: Desk, chief: Desk) -> None:
    """Decided within a day, a day to cool off, made two days later: the level of that call carries it."""
    buyer = changing.owner(desk.store, desk)
    case_id = changing.rung(desk, buyer, "phone")
    changing.verified(desk, case_id)
    row = changing.proposed(desk, case_id, new_phone=changing.NEW_PHONE)
    hung_up(desk)
    desk.later(hours=23)
    changing.decided(chief, row)
    changing.warned(desk, case_id)
    desk.later(hours=72)
    changing.saved(desk, case_id)
    assert changing.on_file(desk, buyer).phone == changing.NEW_PHONE
    must_add_up(desk.store)


def test_an_address_is_saved_on_the_word_of_the_last_two_days(desk: Desk) -> None:
    buyer = changing.owner(desk.store, desk)
    case_id = changing.rung(desk, buyer, "address")
    changing.verified(desk, case_id)
    desk.go(case_id, "read", new_address=changing.NEW_ADDRESS)
    desk.go(case_id, "right")
    hung_up(desk)
    desk.later(hours=49)
    with pytest.raises(NotAllowed, match=r"limits\.verification"):
        desk.go(case_id, "save")
    assert changing.on_file(desk, buyer).address != changing.NEW_ADDRESS
    desk.go(case_id, "verify")
    assert desk.step(case_id) == "verify/factors", "what was proven does not lead past it"
