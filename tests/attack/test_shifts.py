"""Handing over as a way around who decides, and around who may read what."""

from pathlib import Path

import pytest

from bdesk.data.drafts import Drafts
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, Channel, Role
from bdesk.models.tables import CaseText, ShiftItem
from bdesk.operations import queue, raising, shift_handover
from bdesk.screens.handover import drafts_of
from tests.builders import customer, order, person
from tests.operations.desk import Desk
from tests.operations.test_appeals import House


def item_of(desk: Desk, case_id: int) -> int:
    return desk.rows(ShiftItem, case_id=case_id)[-1].id or 0


def test_what_risk_packed_for_risk_is_declined_by_nobody_below(store: Store, desk: Desk) -> None:
    risk, second = (Desk(store, person(store, one, Role.RISK), desk.ports) for one in ("4001", "4002"))
    chief = Desk(store, person(store, "2001", Role.SUPERVISOR), desk.ports)
    case_id = desk.opened(order(store, customer(store)))
    raising.raise_case(desk.ctx, case_id, "risk", "疑似诈骗")
    queue.claim(risk.ctx, case_id)
    shift_handover.pack(risk.ctx, "4002")
    item = item_of(risk, case_id)
    for deed in (shift_handover.accept, lambda ctx, one: shift_handover.decline(ctx, one, "不接")):
        with pytest.raises(NotAllowed, match=r"shift\.above"):
            deed(chief.ctx, item)
    assert risk.case(case_id).owner_id == risk.ctx.actor.id
    shift_handover.decline(second.ctx, item, "不熟悉")
    assert risk.case(case_id).owner_id is None


def test_who_may_not_have_a_case_may_still_send_it_on(store: Store) -> None:
    """An appeal that one touched goes to the others: declining it is the right answer."""
    house = House(store)
    case_id = house.assigned(house.agent)
    queue.claim(house.senior.ctx, case_id)
    shift_handover.pack(house.senior.ctx, "1005")
    item = item_of(house.senior, case_id)
    with pytest.raises(NotAllowed, match=r"reassign\.touched"):
        shift_handover.accept(house.first.ctx, item)
    shift_handover.decline(house.first.ctx, item, "我经手过")
    assert house.first.case(case_id).owner_id is None


@pytest.mark.parametrize("strip", [False, True])
def test_a_half_typed_account_value_is_read_by_nobody_who_has_not_accepted(
    store: Store, desk: Desk, tmp_path: Path, strip: bool
) -> None:
    """New phone, e-mail and address are kept as account values, which can be erased; a hand-over is none."""
    case_id = desk.opened(
        order(store, customer(store)), kind=CaseKind.ACCOUNT_CHANGE, channel=Channel.APP_CHAT, reason=None
    )
    typed = {"new_phone": "15488880042", "new_email": "new@example.com", "new_address": "训练路2号3幢"}
    given = {**typed, "account_why": "旧手机号已停用"}
    with Drafts(store.info.store_id, "1001", tmp_path / "d.db") as kept:
        place = f"case:{case_id}"
        kept.save(place, "note", "客户在等")
        kept.save(place, *(("strip", {"captures": given}) if strip else ("step:enter_phone", given)))
        drafts = drafts_of(kept, [case_id])
    assert drafts == {case_id: "客户在等\naccount_why: 旧手机号已停用"}
    person(store, "1012")
    shift_handover.pack(desk.ctx, "1012", "", drafts)
    packed = [row.body for row in desk.rows(CaseText, case_id=case_id)]
    assert not any(value in body for value in typed.values() for body in packed)
