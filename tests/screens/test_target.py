"""RF9a at the desk: the original path is closed, the customer registers another target, the desk notes it."""

import pytest

from bdesk import i18n
from bdesk.data.store import Store
from bdesk.models.kinds import Channel, EvidenceKind, RefundReason
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import evidence
from tests.builders import context, customer, open_case, order
from tests.operations.desk import Desk
from tests.screens.desks import at_desk

pytestmark = pytest.mark.usefixtures("patient_hand")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_target_is_noted_from_the_walk(
    store: Store, agent: ActorView, size: tuple[int, int], lang: str
) -> None:
    placed = order(store, customer(store), payments=({"path_closed": True},))
    case_id = open_case(
        store,
        order_id=placed.id,
        channel=Channel.REFUND_FORM,
        reason=RefundReason.QUALITY,
        description="一打开就是坏的",
    )
    ctx = context(store, agent)
    evidence.add_evidence(ctx, case_id, EvidenceKind.PHOTO, "photo", "https://e.invalid/1", 900)
    walked = Desk(store, agent)
    walked.to_decision(case_id)
    i18n.set_language(lang)
    try:
        async with at_desk(store, agent, size=size) as desk:
            await desk.driver.press("enter", "6", "1")
            desk.driver.shows("F8").widths_ok()
            await desk.driver.press("f8")
            desk.driver.widths_ok()
            assert walked.step(case_id) == "other_target/target_wait"
            desk.driver.shows("客户已在App登记" if lang == "zh" else "Registered in the App")
            await desk.driver.press("1")
            await desk.driver.type("ICBC 0123")
            await desk.driver.press("enter")
            if walked.step(case_id) == "other_target/target_wait":
                await desk.driver.press("1")
            desk.driver.widths_ok()
    finally:
        i18n.set_language("en")
    assert walked.step(case_id) == "other_target/request"
    assert walked.fact(case_id, "refund.target_registered") is True
