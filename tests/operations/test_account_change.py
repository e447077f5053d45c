"""Changing account data by operations (P8): self-service first, level 3, read back, a second person, a day,
and then once, on facts that are asked again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from bdesk.data.store import Store
from bdesk.errors import BadInput, DeskError, NotAllowed
from bdesk.models.kinds import (
    ApprovalState,
    CaseOutcome,
    CaseState,
    Channel,
    NotificationChannel,
    OrderStatus,
    Role,
)
from bdesk.models.tables import (
    Approval,
    Case,
    CaseText,
    Customer,
    Notification,
    OutboxRow,
    StepAnswer,
    Task,
    Wallet,
)
from bdesk.operations import approvals, notes, parking, queue, raising, undoing
from bdesk.operations.effects.recall import open_windows
from bdesk.operations.messages import receive
from bdesk.operations.notes import erase_text
from bdesk.operations.ports import Ports
from bdesk.operations.staff.groups import ensure_groups
from bdesk.operations.supervising.reassigning import reassign
from bdesk.operations.sweep import sweep
from bdesk.rules.contacts import contact_changed
from tests.builders import T0, order
from tests.operations.changing import (
    NEW_ADDRESS,
    NEW_EMAIL,
    NEW_PHONE,
    OLD_PHONE,
    decided,
    on_file,
    owner,
    proposed,
    rung,
    saved,
    verified,
    warned,
)
from tests.operations.desk import Desk, letters_of, met, must_add_up
from tests.operations.frozen import PASSWORD, TAIL, at_work, code


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2001", Role.SUPERVISOR, name="周岚")


def cooled(desk: Desk, chief: Desk, *, change: str = "phone", **typed: str) -> tuple[int, int]:
    """(customer, case) whose change was approved, told to the old address, and has cooled off."""
    buyer = owner(desk.store, desk)
    case_id = verified(desk, rung(desk, buyer, change))
    decided(chief, proposed(desk, case_id, **typed))
    warned(desk, case_id)
    desk.later(hours=24)
    return buyer, case_id


def test_a_phone_is_changed_by_two_people_after_a_day(desk: Desk, chief: Desk) -> None:
    buyer = owner(desk.store, desk)
    case_id = verified(desk, rung(desk, buyer))
    desk.go(case_id, "read", new_phone=NEW_PHONE)
    assert desk.step(case_id) == "read_back"
    assert desk.fact(case_id, "account.entered") == "154 8888 0042"
    desk.go(case_id, "right")
    desk.go(case_id, "ask", account_why="旧手机号已停用")
    row = desk.rows(Approval)[-1]
    assert (row.action, row.needs_role, row.state) == (
        "account_change",
        "supervisor",
        ApprovalState.REQUESTED,
    )
    decided(chief, row)
    assert desk.step(case_id) == "warn"
    day = T0 + timedelta(hours=24)
    assert desk.rows(Wallet)[0].outgoing_limited_until == day
    assert desk.fact(case_id, "wallet.outgoing_until") == day
    warned(desk, case_id)
    assert desk.step(case_id) == "cooling"
    assert on_file(desk, buyer).phone == OLD_PHONE, "nothing is changed by deciding"
    desk.later(hours=24)
    assert desk.step(case_id) == "save"
    desk.go(case_id, "save")
    assert on_file(desk, buyer).phone == OLD_PHONE, "nothing is changed while it can be recalled"
    desk.later(seconds=11)
    desk.release()
    now = on_file(desk, buyer)
    assert (now.phone, now.phone_tail, now.previous_phone) == (NEW_PHONE, NEW_PHONE[-4:], OLD_PHONE)
    assert contact_changed(desk.stand(case_id).snapshot), "whoever asks to unfreeze is checked by the old one"
    desk.later(seconds=11)
    desk.release()
    sent = [one for one in desk.rows(Notification, case_id=case_id) if one.letter == "N12"]
    assert [one.channel for one in sent].count(NotificationChannel.EMAIL) == 1
    phones = {one.target for one in sent if one.channel is NotificationChannel.SMS}
    assert phones == {OLD_PHONE, NEW_PHONE}
    assert all(one.sent_at is not None for one in sent), "its sending is checked (AC-09)"
    assert "手机号" in letters_of(desk, case_id)[-1]
    assert desk.step(case_id) == "close_solved/close"
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.SOLVED
    must_add_up(desk.store, [desk.ports])


def test_the_journal_has_no_value_in_it(desk: Desk, chief: Desk) -> None:
    buyer, case_id = cooled(desk, chief, new_phone=NEW_PHONE)
    saved(desk, case_id)
    assert on_file(desk, buyer).phone == NEW_PHONE
    with desk.store.read() as session:
        told = "".join(str(row) for row in session.execute(sql("select kind, payload from event")))
    assert "account.changed" in told
    assert NEW_PHONE not in told and OLD_PHONE not in told
    kept = {one.kind: one.body for one in desk.rows(CaseText, case_id=case_id)}
    assert (kept["account_value"], kept["account_old"]) == (NEW_PHONE, OLD_PHONE)


def test_an_e_mail_goes_to_the_old_and_the_new_address(desk: Desk, chief: Desk) -> None:
    buyer, case_id = cooled(desk, chief, change="email", new_email=NEW_EMAIL)
    before = on_file(desk, buyer).email
    saved(desk, case_id)
    assert on_file(desk, buyer).email == NEW_EMAIL
    assert on_file(desk, buyer).contact_changed_at is not None
    sent = {one.target for one in desk.rows(Notification, case_id=case_id) if one.letter == "N12"}
    assert sent == {before, NEW_EMAIL}
    must_add_up(desk.store)


def test_payment_details_are_never_typed_here(desk: Desk, chief: Desk) -> None:
    buyer = owner(desk.store, desk)
    case_id = verified(desk, rung(desk, buyer, "payment"))
    assert desk.step(case_id) == "payment_bind"
    before = on_file(desk, buyer)
    decided(chief, proposed(desk, case_id))
    warned(desk, case_id)
    desk.later(hours=24)
    saved(desk, case_id)
    assert on_file(desk, buyer) == before
    assert desk.events(case_id, "account.changed")[0].payload["change"] == "payment"
    assert "App里绑定" in letters_of(desk, case_id)[-1]
    must_add_up(desk.store)


@pytest.mark.parametrize("status", [OrderStatus.TO_SHIP, OrderStatus.SIGNED])
def test_an_address_needs_nobody_else_and_an_order_not_sent_is_asked_about(
    desk: Desk, status: OrderStatus
) -> None:
    buyer = owner(desk.store, desk)
    waiting = order(desk.store, buyer, status=status)
    case_id = verified(desk, rung(desk, buyer, "address"))
    desk.go(case_id, "read", new_address=NEW_ADDRESS)
    desk.go(case_id, "right")
    saved(desk, case_id)
    assert on_file(desk, buyer).address == NEW_ADDRESS
    assert on_file(desk, buyer).contact_changed_at is None
    assert desk.rows(Wallet)[0].outgoing_limited_until is None
    if status is OrderStatus.SIGNED:
        assert desk.step(case_id) == "close_solved/close"
    else:
        assert desk.fact(case_id, "account.unshipped_no") == waiting.order_no
        desk.go(case_id, "yes", order_note=f"{waiting.order_no} 改为{NEW_ADDRESS}")
        assert [one.what for one in desk.rows(Task)] == ["order_address"]
        assert desk.step(case_id) == "close_solved/close"
    must_add_up(desk.store)


def test_who_can_do_it_alone_is_not_verified(desk: Desk) -> None:
    buyer = owner(desk.store, desk)
    case_id = rung(desk, buyer)
    assert desk.step(case_id) == "verify/factors"
    undoing.undo(desk.ctx, case_id)
    desk.go(case_id, "self")
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.ANSWERED
    must_add_up(desk.store)


@pytest.mark.parametrize(
    ("change", "typed", "code"),
    [
        ("phone", {"new_phone": "12345678901"}, "account.format"),
        ("phone", {"new_phone": "6222020000000000"}, "account.format"),
        ("phone", {"new_phone": OLD_PHONE}, "account.same"),
        ("email", {"new_email": "nobody"}, "account.format"),
        ("address", {"new_address": "杭州"}, "account.format"),
    ],
)
def test_what_cannot_be_right_is_not_taken_down(
    desk: Desk, change: str, typed: dict[str, str], code: str
) -> None:
    case_id = verified(desk, rung(desk, owner(desk.store, desk), change))
    with pytest.raises(BadInput) as refused:
        desk.go(case_id, "read", **typed)
    assert refused.value.code == code
    assert desk.rows(CaseText, kind="account_value") == []


def test_a_card_number_is_no_address(desk: Desk) -> None:
    case_id = verified(desk, rung(desk, owner(desk.store, desk), "address"))
    with pytest.raises(DeskError):
        desk.go(case_id, "read", new_address="卡号6222 0202 0000 1234 567")
    assert desk.rows(CaseText, kind="account_value") == []


def test_nobody_decides_their_own_request_nor_an_agent_anybodys(desk: Desk, chief: Desk) -> None:
    case_id = verified(chief, rung(chief, owner(chief.store, chief)))
    row = proposed(chief, case_id, new_phone=NEW_PHONE)
    for who, why in ((chief, "approval.own"), (desk, "role.cannot_approve")):
        with pytest.raises(NotAllowed) as refused:
            decided(who, row)
        assert refused.value.code == why
    again = Desk(chief.store, chief.ctx.actor, chief.ports)
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        decided(again, row)
    assert chief.rows(Approval)[-1].state is ApprovalState.REQUESTED


def test_whoever_decided_it_does_not_carry_it_out(desk: Desk, chief: Desk) -> None:
    buyer, case_id = cooled(desk, chief, new_phone=NEW_PHONE)
    queue.release(desk.ctx, case_id)
    queue.claim(chief.ctx, case_id)
    assert chief.option(case_id, "save").offer == "refused"
    assert on_file(chief, buyer).phone == OLD_PHONE


def test_nothing_is_saved_before_the_day_is_over_or_unless_the_old_address_knows(
    desk: Desk, chief: Desk
) -> None:
    buyer = owner(desk.store, desk)
    case_id = verified(desk, rung(desk, buyer))
    decided(chief, proposed(desk, case_id, new_phone=NEW_PHONE))
    warned(desk, case_id)
    desk.later(hours=23)
    assert desk.step(case_id) == "cooling"
    desk.later(hours=1)
    assert desk.step(case_id) == "save"
    assert desk.option(case_id, "save").offer == "offered"
    desk.later(hours=73)
    assert desk.step(case_id) == "propose", "a decision nobody used in its time is asked for again"


def test_the_wait_of_a_day_ends_by_itself(desk: Desk, chief: Desk) -> None:
    buyer = owner(desk.store, desk)
    case_id = verified(desk, rung(desk, buyer))
    decided(chief, proposed(desk, case_id, new_phone=NEW_PHONE))
    warned(desk, case_id)
    desk.later(hours=25)
    sweep(desk.ctx)
    assert desk.step(case_id) == "save"
    must_add_up(desk.store)


def aside_for_hours(desk: Desk, case_id: int, times: int) -> None:
    for _ in range(times):
        desk.go(case_id, "aside")
        desk.later(hours=5)
        sweep(desk.ctx)


AWAY: dict[str, Callable[[Desk, Desk, int], object]] = {
    "at the step": lambda desk, chief, case_id: None,
    "put aside by its answer": lambda desk, chief, case_id: desk.go(case_id, "aside"),
    "put aside again and again": lambda desk, chief, case_id: aside_for_hours(desk, case_id, times=4),
    "put aside for days": lambda desk, chief, case_id: parking.put_aside(
        desk.ctx, case_id, desk.ctx.now() + timedelta(days=3)
    ),
    "put aside without end": lambda desk, chief, case_id: parking.put_aside(desk.ctx, case_id),
    "given back": lambda desk, chief, case_id: queue.release(desk.ctx, case_id),
    "given back and taken": lambda desk, chief, case_id: (
        queue.release(desk.ctx, case_id),
        queue.claim(desk.ctx, case_id),
    ),
    "handed over": lambda desk, chief, case_id: raising.hand_over(desk.ctx, case_id, "payment", "请接着办"),
    "given to a colleague": lambda desk, chief, case_id: reassign(chief.ctx, case_id, "1002", "换班"),
    "raised and given back": lambda desk, chief, case_id: (
        raising.raise_case(desk.ctx, case_id, "supervisor", "客户要求"),
        queue.claim(chief.ctx, case_id),
        reassign(chief.ctx, case_id, "1001", "已看过"),
    ),
    "asked about by the customer": lambda desk, chief, case_id: receive(
        desk.ctx, case_id, "什么时候能改好？", Channel.EMAIL
    ),
    "noted": lambda desk, chief, case_id: notes.add_note(desk.ctx, case_id, "客户来电询问"),
}
"""What may become of the case in the day of cooling off."""


@pytest.mark.parametrize("what", AWAY)
def test_wherever_the_case_lies_the_day_ends_and_the_change_is_made(
    desk: Desk, chief: Desk, what: str
) -> None:
    with desk.store.write("test") as unit:
        ensure_groups(unit)
        unit.commit()
    other = at_work(desk.store, desk.ports, "1002", Role.AGENT)
    buyer = owner(desk.store, desk)
    case_id = verified(desk, rung(desk, buyer))
    decided(chief, proposed(desk, case_id, new_phone=NEW_PHONE))
    warned(desk, case_id)
    desk.later(hours=1)
    AWAY[what](desk, chief, case_id)
    ready = desk.rows(Approval)[-1].decided_at
    assert ready is not None
    while desk.ctx.now() < ready + timedelta(hours=24):
        desk.later(minutes=30)
        sweep(desk.ctx)
    case = desk.case(case_id)
    assert (desk.step(case_id), case.state, case.aside) == ("save", CaseState.IN_PROGRESS, False)
    if case.owner_id is None:
        queue.claim(other.ctx, case_id)
    saved(desk if desk.case(case_id).owner_id == desk.ctx.actor.id else other, case_id)
    assert on_file(desk, buyer).phone == NEW_PHONE
    must_add_up(desk.store)


def test_a_customer_who_changed_meanwhile_is_asked_about_again(desk: Desk, chief: Desk) -> None:
    """At deciding, after deciding, and while the change is held."""
    buyer = owner(desk.store, desk)
    case_id = verified(desk, rung(desk, buyer))
    row = proposed(desk, case_id, new_phone=NEW_PHONE)
    touched(desk, buyer)
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        decided(chief, row)
    assert desk.step(case_id) == "propose"
    desk.go(case_id, "ask", account_why="旧手机号已停用")
    decided(chief, desk.rows(Approval)[-1])
    warned(desk, case_id)
    desk.later(hours=24)
    desk.go(case_id, "save")
    touched(desk, buyer)
    desk.later(seconds=11)
    desk.release()
    assert on_file(desk, buyer).phone == OLD_PHONE
    assert desk.step(case_id) == "failed"
    assert [one.letter for one in desk.rows(Notification, case_id=case_id)] == ["N11"], (
        "and nobody is told so"
    )
    must_add_up(desk.store)


def touched(desk: Desk, buyer: int) -> None:
    with desk.store.write("import") as unit:
        unit.session.get_one(Customer, buyer).vip = True
        unit.commit()
    with desk.store.write("import") as unit:
        unit.session.get_one(Customer, buyer).vip = False
        unit.commit()


def test_a_recall_leaves_everything_as_it_was(desk: Desk, chief: Desk) -> None:
    buyer, case_id = cooled(desk, chief, new_phone=NEW_PHONE)
    desk.recall(desk.go(case_id, "save"))
    desk.later(seconds=11)
    desk.release()
    assert on_file(desk, buyer).phone == OLD_PHONE
    assert desk.step(case_id) == "save"
    saved(desk, case_id)
    assert on_file(desk, buyer).phone == NEW_PHONE
    must_add_up(desk.store)


def test_what_was_saved_is_not_taken_back_with_its_letters(desk: Desk, chief: Desk) -> None:
    buyer, case_id = cooled(desk, chief, new_phone=NEW_PHONE)
    saved(desk, case_id)
    assert open_windows(desk.ctx) == ()
    with pytest.raises(NotAllowed):
        undoing.undo(desk.ctx, case_id)
    assert on_file(desk, buyer).phone == NEW_PHONE


def test_a_refusal_changes_nothing_and_is_told(desk: Desk, chief: Desk) -> None:
    buyer = owner(desk.store, desk)
    case_id = verified(desk, rung(desk, buyer))
    decided(chief, proposed(desk, case_id, new_phone=NEW_PHONE), "refuse", "号码归属有疑问")
    assert desk.rows(Wallet)[0].outgoing_limited_until is None
    assert desk.step(case_id) == "answered"
    warned(desk, case_id)
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.REJECTED
    assert on_file(desk, buyer).phone == OLD_PHONE
    must_add_up(desk.store)


def test_one_who_denies_it_gets_a_case_of_their_own(desk: Desk, chief: Desk) -> None:
    buyer, case_id = cooled(desk, chief, new_phone=NEW_PHONE)
    desk.go(case_id, "drop")
    desk.go(case_id, "foreign")
    assert [one.kind.value for one in desk.rows(Case)] == ["account_change", "suspicious"]
    desk.go(case_id, "close")
    assert on_file(desk, buyer).phone == OLD_PHONE
    assert desk.rows(OutboxRow, effect="account.save") == []
    must_add_up(desk.store)


def test_a_value_that_was_erased_is_not_saved(desk: Desk, chief: Desk) -> None:
    buyer, case_id = cooled(desk, chief, new_phone=NEW_PHONE)
    (value,) = desk.rows(CaseText, kind="account_value")
    erase_text(chief.ctx, value.id or 0, "客户要求删除")
    assert all(NEW_PHONE not in str(one.captures) for one in desk.rows(StepAnswer, case_id=case_id))
    with pytest.raises(NotAllowed, match=r"account\.swapped|approval\.lapsed"):
        desk.go(case_id, "save")
    assert on_file(desk, buyer).phone == OLD_PHONE
    must_add_up(desk.store)


def test_a_copy_of_ones_data_is_answered_to_the_owner_only(desk: Desk) -> None:
    buyer = owner(desk.store, desk)
    case_id = rung(desk, buyer, "rights", help_first=False)
    assert desk.step(case_id) == "verify/factors"
    verified(desk, case_id)
    assert desk.step(case_id) == "rights"
    desk.go(case_id, "answer", rights_text="您的资料已发到登记的邮箱。")
    desk.later(seconds=11)
    desk.release()
    assert met(desk.clock(case_id, "privacy_request"))
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.ANSWERED
    must_add_up(desk.store)


def test_whoever_decides_reads_from_what_to_what_and_by_what_the_owner_is_known(desk: Desk) -> None:
    """Masked: it is compared, and dialled by nobody (law and practice, 4)."""
    case_id = verified(desk, rung(desk, owner(desk.store, desk)))
    assert desk.fact(case_id, "account.proven_by") == "code"
    proposed(desk, case_id, new_phone=NEW_PHONE)
    assert desk.fact(case_id, "account.new_masked") == "154****0042"
    assert desk.fact(case_id, "account.old_masked") == f"154****{TAIL}"
    assert desk.fact(case_id, "account.contact_changed_at") is None


def test_a_code_to_the_old_number_says_so(desk: Desk) -> None:
    changed = T0 - timedelta(days=2)
    buyer = owner(desk.store, desk, contact_changed_at=changed, previous_phone="15400007701")
    case_id = rung(desk, buyer)
    desk.go(case_id, "check", recent_amount="128.00", phone_tail=TAIL)
    desk.go(case_id, "old_channel")
    code(desk, case_id, "passed")
    assert desk.fact(case_id, "account.proven_by") == "old_channel"
    assert desk.fact(case_id, "account.contact_changed_at") == changed


def test_a_change_is_decided_with_ones_own_password_and_a_reason(desk: Desk, chief: Desk) -> None:
    case_id = verified(desk, rung(desk, owner(desk.store, desk)))
    number = proposed(desk, case_id, new_phone=NEW_PHONE).id or 0
    for given, words, code_ in (
        (None, "核对过", "approval.password"),
        ("peixun-9999", "核对过", "approval.password_wrong"),
        (PASSWORD, "", "approval.no_words"),
    ):
        with pytest.raises(DeskError) as refused:
            approvals.decide(chief.ctx, number, "approve", words, password=given)
        assert refused.value.code == code_
    assert desk.rows(Approval)[-1].state is ApprovalState.REQUESTED
    with pytest.raises(NotAllowed, match=r"approval\.one_by_one"):
        approvals.decide_many(chief.ctx, [number], "approve", "核对过", count=1, total_fen=0)


@pytest.mark.parametrize(
    "column",
    [
        "contact_changed_at = '2026-11-19T01:00:00.000000Z'",
        "phone = '15400009999'",
        "verification_locked_until = '2027-01-01T01:00:00.000000Z'",
    ],
)
def test_what_whoever_decides_has_read_holds_or_it_is_asked_again(
    desk: Desk, chief: Desk, column: str
) -> None:
    """Whatever moved it: the customer's own row says nothing of what was written past it."""
    buyer = owner(desk.store, desk)
    row = proposed(desk, verified(desk, rung(desk, buyer)), new_phone=NEW_PHONE)
    with desk.store.write("past") as unit:
        unit.session.execute(sql(f"update customer set {column} where id = {buyer}"))
        unit.commit()
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        decided(chief, row)
    assert desk.rows(Approval)[-1].state is ApprovalState.LAPSED


def test_no_survey_goes_to_a_number_that_changed_lately(desk: Desk) -> None:
    """It may be in somebody else's hands: the old number instead."""
    changed = {"contact_changed_at": T0 - timedelta(days=2), "previous_phone": "15400007701"}
    case_id = rung(desk, owner(desk.store, desk, email=None, **changed), help_first=False)
    desk.go(case_id, "self")
    desk.go(case_id, "close")
    assert [(one.letter, one.target) for one in desk.rows(Notification, case_id=case_id)] == [
        ("N17", "15400007701")
    ]


def test_nor_any_letter_where_nobody_knows_which_of_them_changed(desk: Desk) -> None:
    case_id = rung(desk, owner(desk.store, desk, contact_changed_at=T0 - timedelta(days=2)), help_first=False)
    assert desk.fact(case_id, "customer.reachable") is False
    desk.go(case_id, "self")
    desk.go(case_id, "close")
    assert desk.rows(Notification, case_id=case_id) == []
    assert desk.events(case_id, "letter.skipped")[0].payload["why"] == "letter.no_target"


def test_a_dead_mailbox_can_be_changed_by_who_knows_that_nobody_was_told(desk: Desk, chief: Desk) -> None:
    """The notice comes back and there is no other way to write: it is decided anew on that, and goes on."""
    landline = f"0571-8800{TAIL}"
    buyer = owner(desk.store, desk, email="gone@nowhere.invalid", phone=landline)
    case_id = verified(desk, rung(desk, buyer, "email"))
    decided(chief, proposed(desk, case_id, new_email=NEW_EMAIL))
    warned(desk, case_id)
    assert desk.fact(case_id, "customer.reachable") is False
    desk.later(hours=24)
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        desk.go(case_id, "save")
    desk.go(case_id, "again")
    decided(chief, proposed(desk, case_id, new_email=NEW_EMAIL))
    desk.go(case_id, "silent")
    desk.later(hours=24)
    saved(desk, case_id)
    assert on_file(desk, buyer).email == NEW_EMAIL


def test_the_old_number_stays_the_old_one_when_it_is_changed_back(desk: Desk, chief: Desk) -> None:
    taken = {"contact_changed_at": T0 - timedelta(days=2), "previous_phone": NEW_PHONE}
    buyer = owner(desk.store, desk, **taken)
    case_id = rung(desk, buyer)
    desk.go(case_id, "check", recent_amount="128.00", phone_tail=TAIL)
    desk.go(case_id, "old_channel")
    code(desk, case_id, "passed")
    decided(chief, proposed(desk, case_id, new_phone=NEW_PHONE))
    warned(desk, case_id)
    desk.later(hours=24)
    saved(desk, case_id)
    now = on_file(desk, buyer)
    assert (now.phone, now.previous_phone) == (NEW_PHONE, NEW_PHONE)
