"""What would change somebody's account behind their back: an edited request or value, a change before its
time, one without identity, two desks at once."""

import pytest

from bdesk.data.store import Store
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import ApprovalState, Role
from bdesk.models.tables import Approval, OutboxRow
from bdesk.operations import queue
from bdesk.operations.change import Act, own
from bdesk.operations.effects import account
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.ports import Ports
from bdesk.operations.standing import standing
from bdesk.rules.walk.plan import beside
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import PlannedEffect
from tests.attack.hands import let_go_twice, pressed_twice
from tests.operations.changing import (
    NEW_ADDRESS,
    NEW_PHONE,
    OLD_PHONE,
    decided,
    on_file,
    owner,
    proposed,
    rung,
    verified,
    warned,
)
from tests.operations.desk import Desk, Phases
from tests.operations.frozen import at_work

OTHER = "15499990000"


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    """Somebody with a password: a change of account data is decided with it."""
    return at_work(store, ports, "2001", Role.SUPERVISOR, name="周岚")


def approved(desk: Desk, chief: Desk) -> tuple[int, int]:
    buyer = owner(desk.store, desk)
    case_id = verified(desk, rung(desk, buyer))
    decided(chief, proposed(desk, case_id, new_phone=NEW_PHONE))
    warned(desk, case_id)
    return buyer, case_id


def saved(desk: Desk, chief: Desk) -> tuple[int, int]:
    """After the cooling time, and F8 pressed."""
    buyer, case_id = approved(desk, chief)
    desk.later(hours=24)
    desk.go(case_id, "save")
    return buyer, case_id


def cooled(desk: Desk, chief: Desk) -> tuple[int, int]:
    """After the cooling time."""
    buyer, case_id = approved(desk, chief)
    desk.later(hours=24)
    return buyer, case_id


def asked(desk: Desk) -> tuple[int, int]:
    """Asked for, and not decided: the customer and the request."""
    buyer = owner(desk.store, desk)
    case_id = verified(desk, rung(desk, buyer))
    return buyer, proposed(desk, case_id, new_phone=NEW_PHONE).id or 0


def does(desk: Desk, case_id: int, effect: str, **params: object) -> None:
    """The effect alone, as a book that offers it without any guard would ask for it."""
    handler = {"save": account.save, "propose": account.propose, "enter": account.enter}[effect]
    with desk.store.write(desk.ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        stand = standing(unit.session, desk.ctx, case_id, unit.now)
        own(act, desk.ctx)
        act.add("effect.committed", {"step": "own", "option": effect, "effects": [f"account.{effect}"]})
        planned = beside("own", PlannedEffect(1, f"account.{effect}", Risk.MONEY, params), cycle=1)
        handler(EffectCall(act, desk.ctx, stand, planned, planned.effects[0]))
        act.finish(desk.ctx, "effect.committed")


def let_go(desk: Desk) -> None:
    desk.later(seconds=11)
    desk.release()


EDITS = [
    f"UPDATE step_answer SET captures = replace(captures, '{NEW_PHONE}', '{OTHER}')",
    f"UPDATE case_text SET body = '{OTHER}' WHERE kind = 'account_value'",
    "UPDATE approval SET planned = replace(planned, 'phone', 'email')",
    "UPDATE approval SET planned = replace(planned, '\"text\": ', '\"text\": 1')",
    "UPDATE approval SET facts_digest = 'x'",
    "UPDATE approval SET decided_at = '2026-11-01 00:00:00.000000'",
    "UPDATE approval SET requested_by = '1002'",
    "UPDATE customer SET version = version + 1",
    "UPDATE customer SET email = NULL",
    "UPDATE step_answer SET option = 'email' WHERE step = 'what'",
]


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_edited_after_the_decision_changes_nothing(
    store: Store, desk: Desk, chief: Desk, phases: Phases, edit: str
) -> None:
    """Before F8, and again between F8 and the moment at which it is carried out."""
    buyer, _ = phases.at(store, "saved", lambda: saved(desk, chief))
    edited(store, edit)
    let_go(desk)
    # What was typed says nothing any more: what was approved is what is kept beside its digest.
    expected = NEW_PHONE if "captures" in edit else OLD_PHONE
    assert on_file(desk, buyer).phone == expected


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_edited_before_it_is_committed_is_refused(
    store: Store, desk: Desk, chief: Desk, phases: Phases, edit: str
) -> None:
    buyer, case_id = phases.at(store, "cooled", lambda: cooled(desk, chief))
    edited(store, edit)
    with pytest.raises(NotAllowed):
        does(desk, case_id, "save")
    let_go(desk)
    assert on_file(desk, buyer).phone == OLD_PHONE


def edited(store: Store, edit: str) -> None:
    with store.write("nobody") as unit:
        done = unit.session.connection().exec_driver_sql(edit)
        assert done.rowcount
        unit.commit()


@pytest.mark.parametrize("edit", EDITS[1:5])
def test_an_edited_request_cannot_be_approved(
    store: Store, desk: Desk, chief: Desk, phases: Phases, edit: str
) -> None:
    buyer, request = phases.at(store, "asked", lambda: asked(desk))
    edited(store, edit)
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        decided(chief, desk.row(Approval, request))
    assert on_file(desk, buyer).phone == OLD_PHONE


def test_a_book_without_guards_changes_nothing_before_its_time(desk: Desk, chief: Desk) -> None:
    buyer = owner(desk.store, desk)
    case_id = verified(desk, rung(desk, buyer))
    row = proposed(desk, case_id, new_phone=NEW_PHONE)
    with pytest.raises(NotAllowed, match=r"account\.not_approved"):
        does(desk, case_id, "save")
    decided(chief, row)
    with pytest.raises(NotAllowed, match=r"account\.cooling"):
        does(desk, case_id, "save")
    desk.later(hours=23, minutes=59)
    with pytest.raises(NotAllowed, match=r"account\.cooling"):
        does(desk, case_id, "save")
    desk.later(minutes=1)
    with pytest.raises(NotAllowed, match=r"account\.not_warned"):
        does(desk, case_id, "save")
    warned(desk, case_id)
    with pytest.raises(NotAllowed, match=r"account\.checker"):
        does(Desk(desk.store, chief.ctx.actor, desk.ports), taken_over(desk, chief, case_id), "save")
    assert on_file(desk, buyer).phone == OLD_PHONE


def taken_over(desk: Desk, by: Desk, case_id: int) -> int:
    queue.release(desk.ctx, case_id)
    queue.claim(by.ctx, case_id)
    return case_id


@pytest.mark.parametrize("change", ["phone", "payment", "address"])
def test_nothing_without_identity(desk: Desk, change: str) -> None:
    """Two right details without the code are level 2, which changes nothing."""
    buyer = owner(desk.store, desk)
    case_id = rung(desk, buyer, change)
    desk.go(case_id, "check", recent_amount="128.00", phone_tail=OLD_PHONE[-4:])
    with pytest.raises(NotAllowed, match=r"limits\.verification"):
        does(desk, case_id, "save")
    with pytest.raises(NotAllowed, match=r"limits\.verification|account\.nothing_asked"):
        does(desk, case_id, "propose", why="急")
    assert desk.rows(OutboxRow, effect="account.save") == []
    assert desk.rows(Approval) == []
    assert on_file(desk, buyer).phone == OLD_PHONE


def test_what_was_not_read_back_is_not_taken(desk: Desk) -> None:
    case_id = verified(desk, rung(desk, owner(desk.store, desk), "address"))
    with pytest.raises((NotAllowed, BadInput)):
        does(desk, case_id, "save")
    with pytest.raises((NotAllowed, BadInput)):
        does(desk, case_id, "enter", change="phone", value=OTHER)
    does(desk, case_id, "enter", change="address", value=NEW_ADDRESS)
    with pytest.raises(NotAllowed, match=r"account\.swapped"):
        does(desk, case_id, "save")


def test_ones_own_account_is_changed_by_others(store: Store, ports: Ports, desk: Desk) -> None:
    buyer = owner(store, desk)
    self_made = at_work(store, ports, "1009", Role.SUPERVISOR, customer_id=buyer)
    case_id = verified(desk, rung(desk, buyer))
    row = proposed(desk, case_id, new_phone=NEW_PHONE)
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        decided(self_made, row)
    assert desk.rows(Approval)[-1].state is ApprovalState.REQUESTED


def test_two_desks_at_once_save_once(desk: Desk, chief: Desk) -> None:
    """The same strip from two terminals of the same person, then both of them let the outbox go."""
    buyer, case_id = approved(desk, chief)
    desk.later(hours=24)
    pressed_twice(desk, desk.strip(case_id, "save"))
    desk.later(seconds=11)
    let_go_twice(desk)
    assert on_file(desk, buyer).phone == NEW_PHONE
    assert len(desk.events(case_id, "account.changed")) == 1
