"""Fields of an identity check: empty again after each try, and no try is spent on what is no answer."""

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, Channel
from bdesk.models.tables import VerificationAttempt
from bdesk.operations import calls
from bdesk.operations.opening import NewCase
from bdesk.widgets.fields import Field
from tests.builders import customer, order
from tests.operations.desk import Desk
from tests.screens.desks import AtDesk, at_desk

SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def desk(store: Store) -> Desk:
    from tests.builders import person

    return Desk(store, person(store, "1001"))


def called(desk: Desk) -> int:
    """A call at the identity check of its case."""
    placed = order(desk.store, customer(desk.store, phone="15412346621", name="王丽", city="杭州市"))
    contact = calls.start_call(desk.ctx, "15400000001")
    new = NewCase(CaseKind.REFUND, Channel.HOTLINE, order_id=placed.id)
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id
    assert case_id is not None
    desk.go(case_id, "confirmed")
    desk.go(case_id, "whole")
    assert desk.step(case_id) == "verify/factors"
    return case_id


async def opened(at: AtDesk) -> None:
    await at.driver.press("1", "enter")


def fields(at: AtDesk) -> list[tuple[str, str]]:
    shown = [one for one in at.screen.query(Field) if (one.id or "").startswith("capture-")]
    return [((one.id or "").removeprefix("capture-"), one.value) for one in shown]


def cursor(at: AtDesk) -> str:
    focused = at.screen.focused
    return (focused.id or "").removeprefix("capture-") if isinstance(focused, Field) else ""


@pytest.mark.parametrize("size", SIZES)
async def test_after_each_failed_try_the_fields_are_empty_and_the_first_has_the_cursor(
    desk: Desk, size: tuple[int, int], language: str
) -> None:
    case_id = called(desk)
    async with at_desk(desk.store, desk.ctx.actor, size=size) as at:
        await opened(at)
        for left in (2, 1):
            assert cursor(at) == "recent_amount"
            await at.driver.type("139")
            await at.driver.press("enter")
            await at.driver.type("7701")
            # None of it is kept, so nothing says that it is.
            at.driver.shows_not({"zh": "草稿", "en": "draft saved"}[language])
            await at.driver.press("enter")
            assert desk.fact(case_id, "verification.tries_left") == left
            assert not any(value for _name, value in fields(at)), left
            assert cursor(at) == "recent_amount", left
            at.driver.shows_not("7701").widths_ok()
        # The next figures are data: they answer nothing by themselves.
        await at.driver.type("139")
        assert ("recent_amount", "139") in fields(at)
        assert desk.fact(case_id, "verification.tries_left") == 1


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_no_amount_or_no_city_is_no_try(
    desk: Desk, size: tuple[int, int], language: str
) -> None:
    case_id = called(desk)
    async with at_desk(desk.store, desk.ctx.actor, size=size) as at:
        await opened(at)
        await at.driver.type("11-09")
        await at.driver.press("enter")
        await at.driver.type("7701")
        await at.driver.press("enter")
        at.driver.shows({"zh": "最近金额", "en": "Recent amount"}[language], "12.50").widths_ok()
        # The field that was refused is empty and has the cursor; the other keeps what was said.
        assert cursor(at) == "recent_amount"
        assert dict(fields(at))["recent_amount"] == ""
        assert dict(fields(at))["phone_tail"] == "7701"
        await at.driver.type("139")
        await at.driver.press("escape", "2")
        at.driver.shows({"zh": "收货城市", "en": "Receiver's city"}[language])
        while cursor(at) != "city":
            await at.driver.press("tab")
        await at.driver.type("139")
        await at.driver.press("escape", "2")
        assert cursor(at) == "city"
        assert dict(fields(at))["city"] == ""
        at.driver.shows({"zh": "不含数字", "en": "written in letters"}[language]).widths_ok()
        # Whoever cannot be verified is not kept by half an answer.
        await at.driver.type("1")
        await at.driver.press("escape", "3")
        assert desk.step(case_id) != "verify/factors"
    assert desk.fact(case_id, "verification.tries_left") == 3
    assert not desk.rows(VerificationAttempt)
