"""Who was sent away, who guesses, and who writes a false strip."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.cli import main
from bdesk.data.store import Store
from bdesk.data.unit import Unit
from bdesk.errors import CaseMoved, DeskError, NotAllowed
from bdesk.models.kinds import PaymentMethod, PersonState, Role
from bdesk.models.tables import DoorSlot, Staff
from bdesk.operations import approvals, evidence, notes, parking, queue, walking
from bdesk.operations.staff import door, founding, passwords, people
from tests.builders import Item, Placed, clock_of, order, person
from tests.operations.desk import Desk, must_add_up, refunded


@pytest.fixture
def admin(desk: Desk) -> Desk:
    return Desk(desk.store, person(desk.store, "9001", Role.ADMIN), desk.ports)


def test_a_desk_left_open_does_nothing_for_somebody_who_was_disabled(
    desk: Desk, admin: Desk, placed: Placed
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    people.change_staff(admin.ctx, "1001", active=False)
    for act in (
        lambda: desk.press_f8(pending),
        lambda: notes.add_note(desk.ctx, case_id, "便签"),
        lambda: desk.opened(placed),
        lambda: people.change_password(desk.store, desk.ctx.actor, "old password", "new password"),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.code == "staff.disabled"
    assert refunded(desk.store, placed) == (0, 0)


def test_enabling_somebody_brings_no_open_desk_back(desk: Desk, admin: Desk, placed: Placed) -> None:
    """Whoever sits at a desk that was left open works on only by signing in."""
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    people.change_staff(admin.ctx, "1001", password="first password")
    people.sign_in(desk.store, "1001", "first password")
    people.change_staff(admin.ctx, "1001", active=False)
    people.change_staff(admin.ctx, "1001", active=True)
    acts: tuple[Callable[[], object], ...] = (
        lambda: desk.press_f8(pending),
        lambda: notes.add_note(desk.ctx, case_id, "便签"),
        lambda: people.set_state(desk.ctx, PersonState.ONLINE),
    )
    for act in acts:
        with pytest.raises(NotAllowed, match=r"staff\.signed_out"):
            act()
    assert desk.store.ended("1001") == "staff.signed_out"
    assert refunded(desk.store, placed) == (0, 0)
    people.sign_in(desk.store, "1001", "first password")
    notes.add_note(desk.ctx, case_id, "便签")
    must_add_up(desk.store)


def test_a_desk_left_open_does_nothing_after_a_new_password(desk: Desk, admin: Desk, placed: Placed) -> None:
    with desk.store.write("test") as unit:
        unit.session.get_one(Staff, desk.ctx.actor.id).password_hash = passwords.hash_password("old password")
        unit.commit()
    people.sign_in(desk.store, "1001", "old password")
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    assert desk.store.ended("1001") is None
    people.change_staff(admin.ctx, "1001", password="first password")
    assert desk.store.ended("1001") == "staff.signed_out"
    for act in (
        lambda: desk.press_f8(pending),
        lambda: notes.add_note(desk.ctx, case_id, "便签"),
        lambda: people.change_password(desk.store, desk.ctx.actor, "old password", "new password"),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.code in ("staff.signed_out", "sign_in.refused")
    assert refunded(desk.store, placed) == (0, 0)
    assert (desk.case(case_id).owner_id, desk.row(Staff, desk.ctx.actor.id).state) == (
        desk.ctx.actor.id,
        PersonState.OFFLINE,
    )
    # Whoever has the new one is let in, and what they held is theirs.
    people.sign_in(desk.store, "1001", "first password")
    notes.add_note(desk.ctx, case_id, "便签")
    must_add_up(desk.store)


def test_a_disabled_approver_approves_nothing(desk: Desk, chief: Desk, admin: Desk, buyer: int) -> None:
    dear = order(desk.store, buyer, items=[Item(price_fen=80000)])
    desk.go(desk.to_decision(desk.opened(dear)), "approval", why="贵")
    people.change_staff(admin.ctx, "2001", active=False)
    with pytest.raises(NotAllowed, match=r"staff\.disabled"):
        approvals.decide(chief.ctx, 1, "approve")


def test_the_sign_in_of_somebody_disabled_hints_at_nothing(desk: Desk, admin: Desk) -> None:
    people.change_staff(admin.ctx, "1001", active=False, password="correct horse")
    for number, password in (("1001", "correct horse"), ("1001", "wrong horse"), ("7777", "wrong horse")):
        with pytest.raises(NotAllowed) as refused:
            people.sign_in(desk.store, number, password)
        assert refused.value.code == "sign_in.refused"


def test_guesses_at_the_same_moment_wait_like_guesses_one_after_another(
    desk: Desk, admin: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.change_staff(admin.ctx, "1001", password="correct horse")
    compare = passwords.matches

    def others_are_quicker(known: str, password: str) -> bool:
        with desk.store.write("test") as unit:
            unit.session.get_one(Staff, desk.ctx.actor.id).locked_until = unit.now + timedelta(minutes=1)
            unit.commit()
        return compare(known, password)

    monkeypatch.setattr(people, "matches", others_are_quicker)
    with pytest.raises(NotAllowed, match=r"sign_in\.wait"):
        people.sign_in(desk.store, "1001", "correct horse")
    monkeypatch.undo()
    clock_of(desk.store).move(timedelta(minutes=2))
    assert people.sign_in(desk.store, "1001", "correct horse").number == "1001"


def test_the_journal_says_what_was_done_and_not_what_a_strip_claims(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.press_f8(replace(desk.strip(case_id, "approve"), effects=("letter",)))
    (committed,) = desk.events(case_id, "effect.committed")
    assert committed.payload["effects"] == ["refund", "letter"]
    assert committed.payload["amount_fen"] == 12800
    assert committed.payload["limits"] == desk.ctx.book.version("policy", "limits")


def test_an_edited_strip_pays_nothing_else(desk: Desk, placed: Placed, buyer: int) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    other = desk.to_decision(desk.opened(order(desk.store, buyer)))
    pending = desk.strip(case_id, "approve")
    for forged in (
        replace(pending, amount_fen=100),
        replace(pending, amount_fen=None),
        replace(pending, letters=()),
        replace(pending, case_id=other),
        replace(pending, case_id=other, case_version=desk.case(other).version),
        replace(pending, step="assess/approved", option="refund"),
        replace(pending, option="approve_part", captures={"amount": 99999, "why": "x"}),
        replace(pending, option="finance", captures={"finance_note": "x"}),
        replace(pending, captures={"amount": -1}),
        replace(pending, captures={"nothing": "like it"}),
        replace(pending, facts_digest="0" * 64),
        replace(pending, case_version=None),  # type: ignore[arg-type]
        replace(pending, case_version=True),
        replace(pending, case_version=float(pending.case_version)),  # type: ignore[arg-type]
    ):
        with pytest.raises(DeskError):
            desk.press_f8(forged)
    assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store, [desk.ports])


def test_a_colleagues_look_is_not_mine(desk: Desk, chief: Desk, placed: Placed) -> None:
    desk.opened(placed)
    evidence.look_at(chief.ctx, 1)
    with pytest.raises(NotAllowed, match=r"evidence\.unseen"):
        evidence.judge(desk.ctx, 1, True)
    evidence.look_at(desk.ctx, 1)
    evidence.look_at(chief.ctx, 1)
    assert evidence.judge(desk.ctx, 1, True).code == "evidence.judged"


def test_the_cases_of_somebody_disabled_go_back_and_their_clocks_run_on(
    desk: Desk, admin: Desk, chief: Desk, placed: Placed, buyer: int
) -> None:
    first = desk.opened(placed)
    second = desk.opened(order(desk.store, buyer))
    parking.put_aside(desk.ctx, second)
    other = chief.opened(order(desk.store, buyer))
    before = [desk.clock(case, "refund_review").due_at for case in (first, second)]
    desk.later(minutes=5)
    changed = people.change_staff(admin.ctx, "1001", active=False)
    assert changed.released == tuple(desk.case(case).case_no for case in (first, second))
    for case in (first, second):
        assert (desk.case(case).owner_id, desk.case(case).aside) == (None, False)
        (released,) = desk.events(case, "case.released")
        assert (released.actor, released.payload["from"]) == ("9001", "1001")
        assert released.payload["why"] == "staff_disabled"
    assert [desk.clock(case, "refund_review").due_at for case in (first, second)] == before
    assert desk.case(other).owner_id == chief.ctx.actor.id
    newcomer = Desk(desk.store, person(desk.store, "1002"), desk.ports)
    assert queue.take_next(newcomer.ctx).case_id == first
    must_add_up(desk.store)


def test_somebody_disabled_reads_nothing_on_the_command_line(
    desk: Desk,
    admin: Desk,
    placed: Placed,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    people.change_staff(admin.ctx, "1001", active=False, password="correct horse")
    monkeypatch.setenv("BDESK_STORE", desk.store.url)
    monkeypatch.setenv("BDESK_AS", "1001")
    monkeypatch.setenv("BDESK_PASSWORD", "correct horse")
    for command in (["queue"], ["order", placed.order_no], ["policy", "show"]):
        assert main(command) == 1
        out, err = capsys.readouterr()
        assert (out, err) == ("", "bdesk: Number or password is wrong. Type both again.\n")
        desk.later(minutes=20)
    with pytest.raises(NotAllowed, match=r"staff\.unknown"):
        people.find_actor(desk.store, "1001")


def guess(desk: Desk, number: str, times: int) -> list[tuple[str, object]]:
    """What somebody hears who tries one wrong password after another."""
    heard: list[tuple[str, object]] = []
    for _ in range(times):
        with pytest.raises(NotAllowed) as refused:
            people.sign_in(desk.store, number, "wrong horse")
        heard.append((refused.value.code, refused.value.params.get("seconds")))
        if refused.value.code == "sign_in.wait":
            desk.later(seconds=int(str(refused.value.params["seconds"])))
    return heard


def test_a_number_that_nobody_has_waits_like_one_that_somebody_has(desk: Desk, admin: Desk) -> None:
    people.change_staff(admin.ctx, "1001", password="correct horse")
    heard = guess(desk, "1001", 12)
    assert [code for code, _ in heard[:4]] == ["sign_in.refused"] * 3 + ["sign_in.wait"]
    for number in ("4040", "4041", "x" * 200, ""):
        assert guess(desk, number, 12) == heard, number


def test_numbers_that_nobody_has_fill_no_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "matches", lambda known, password: False)
    monkeypatch.setattr(door, "SLOTS", 4)
    for number in range(5000, 5040):
        with pytest.raises(NotAllowed):
            people.sign_in(desk.store, str(number), "wrong horse")
    assert 0 < len(desk.rows(DoorSlot)) <= 4


def test_guessing_the_old_password_at_an_open_desk_waits_too(desk: Desk, admin: Desk) -> None:
    people.change_staff(admin.ctx, "1001", password="correct horse")
    actor = desk.ctx.actor
    for _ in range(3):
        with pytest.raises(NotAllowed, match=r"sign_in\.refused"):
            people.change_password(desk.store, actor, "wrong horse", "new password")
    with pytest.raises(NotAllowed, match=r"sign_in\.wait"):
        people.change_password(desk.store, actor, "correct horse", "new password")
    with pytest.raises(NotAllowed, match=r"sign_in\.wait"):
        people.sign_in(desk.store, "1001", "correct horse")
    desk.later(seconds=30)
    people.change_password(desk.store, actor, "correct horse", "new password")
    assert people.sign_in(desk.store, "1001", "new password").number == "1001"


def test_no_password_is_hashed_while_others_wait_for_the_lock(
    desk: Desk, admin: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(passwords.hasher())
    writing: list[str] = []
    begin = Store.write

    @contextmanager
    def write(store: Store, actor: str = "system", *, at_the_door: bool = False) -> Iterator[Unit]:
        with begin(store, actor, at_the_door=at_the_door) as unit:
            writing.append(actor)
            yield unit
            writing.clear()

    def watched(name: str) -> Callable[..., object]:
        work = getattr(kind, name)

        def done(*given: object) -> object:
            assert not writing, name
            return work(*given)

        return done

    monkeypatch.setattr(Store, "write", write)
    for name in ("hash", "verify"):
        monkeypatch.setattr(kind, name, watched(name))
    monkeypatch.setattr(kind, "check_needs_rehash", lambda self, known: True)
    people.add_staff(admin.ctx, people.NewPerson("1300", "赵敏", Role.AGENT, "correct horse"))
    people.change_staff(admin.ctx, "1300", password="first horse")
    actor = people.sign_in(desk.store, "1300", "first horse")
    people.change_password(desk.store, actor, "first horse", "third horse")
    url = f"sqlite:///{tmp_path / 'new.db'}"
    founding.found(url, (people.NewPerson("1000", "周敏", Role.ADMIN, "correct horse"),))
    must_add_up(desk.store)


def test_a_password_that_somebody_else_chose_opens_no_command(
    desk: Desk, admin: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    people.change_staff(admin.ctx, "1001", password="first password")
    monkeypatch.setenv("BDESK_STORE", desk.store.url)
    monkeypatch.setenv("BDESK_AS", "1001")
    monkeypatch.setenv("BDESK_PASSWORD", "first password")
    assert main(["queue"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("bdesk: Somebody else chose your password.")
    monkeypatch.setenv("BDESK_OWN_PASSWORD", "first password")
    assert main(["queue"]) == 2
    monkeypatch.setenv("BDESK_OWN_PASSWORD", "my own password")
    assert main(["queue", "--json"]) == 0
    assert people.sign_in(desk.store, "1001", "my own password").number == "1001"


def test_an_answer_without_a_version_is_none(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    step = desk.step(case_id) or ""
    with pytest.raises(CaseMoved):
        walking.answer(desk.ctx, case_id, None, step, "whole", {})  # type: ignore[arg-type]
    # A colleague's note may come in between; a strip that says nothing of what it was seen at may not.
    desk.to_decision(case_id)
    pending = desk.strip(case_id, "approve")
    notes.add_note(desk.ctx, case_id, "便签")
    for version in (None, True, float(pending.case_version)):
        with pytest.raises(CaseMoved):
            desk.press_f8(replace(pending, case_version=version))  # type: ignore[arg-type]
    assert refunded(desk.store, placed) == (0, 0)


TARGET = "工商银行 尾号 0123"


@pytest.fixture
def closed(desk: Desk, buyer: int) -> int:
    """A case of mine whose original way is closed, at the step that sends the form."""
    paid = {"payment_no": "PAY-1", "method": PaymentMethod.DEBIT_CARD}
    case_id = desk.to_decision(desk.opened(order(desk.store, buyer, payments=(paid,), placed_days=400)))
    desk.go(case_id, "original_closed")
    return case_id


def test_nobody_registers_a_target_that_was_not_asked_for(desk: Desk, placed: Placed, closed: int) -> None:
    for case_id in (desk.opened(placed), closed):
        with pytest.raises(NotAllowed, match=r"refund\.no_form"):
            evidence.register_target(desk.ctx, case_id, TARGET)
    done = desk.go(closed, "form")
    desk.recall(done)
    with pytest.raises(NotAllowed, match=r"refund\.no_form"):
        evidence.register_target(desk.ctx, closed, TARGET)


def test_a_target_is_written_down_by_who_works_the_case(
    desk: Desk, admin: Desk, chief: Desk, closed: int
) -> None:
    desk.go(closed, "form")
    with pytest.raises(NotAllowed, match=r"role\.cannot_work_cases"):
        evidence.register_target(admin.ctx, closed, TARGET)
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        evidence.register_target(chief.ctx, closed, TARGET)
    evidence.register_target(desk.ctx, closed, TARGET)


def test_who_wrote_the_target_down_does_not_approve_the_refund_to_it(
    desk: Desk, chief: Desk, closed: int
) -> None:
    desk.go(closed, "form")
    queue.release(desk.ctx, closed)
    evidence.register_target(chief.ctx, closed, TARGET)
    desk.go(closed, "ask", target_why="原卡已销户")
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        approvals.decide(chief.ctx, 1, "approve", "同意")
    second = Desk(desk.store, person(desk.store, "2002", Role.SUPERVISOR), desk.ports)
    approvals.decide(second.ctx, 1, "approve", "同意")
    desk.go(closed, "refund")
    must_add_up(desk.store)
