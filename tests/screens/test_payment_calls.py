"""Scenario S3 at 80x24: three callers about a payment, by digits and F-keys alone."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlmodel import select

from bdesk import i18n
from bdesk.data.store import Store, open_store
from bdesk.models.kinds import CaseKind, CaseOutcome, PaymentState
from bdesk.models.tables import Case, Order, OutboxRow, Payment, Refund, Task
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import tasks
from bdesk.operations.staff.people import find_actor
from bdesk.training.seed import seed_store
from tests.builders import context
from tests.screens.desks import AtDesk, at_desk

pytestmark = pytest.mark.usefixtures("patient_hand")

PAYMENT_FAILURE = "4"
"""The place of the kind on the call card."""

WORDS = {
    "zh": {
        "never_again": "款项已收到，再付会重复扣款",
        "until": "11月19日 13:00",
        "enough": "余额够付 是",
        "fixed": "订单已更正为已付款",
        "excess": "199.00",
        "other_step": "已到别的步骤",
        "paid": "款项已收到",
        "status": "状态",
        "order_paid": "已付款",
        "order_unpaid": "待付款",
    },
    "en": {
        "never_again": "Paid already; it would pay twice",
        "until": "11/19 13:00",
        "enough": "Balance covers it yes",
        "fixed": "the order stands as paid",
        "excess": "199.00",
        "other_step": "stands at another step",
        "paid": "The money has arrived",
        "status": "Status",
        "order_paid": "paid",
        "order_unpaid": "awaiting payment",
    },
}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("s3") / "s3.db"
    seed_store(f"sqlite:///{path}", size="empty", seed=4, scenario="S3", rate=0)
    return path


@pytest.fixture
def store(seeded: Path, tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{shutil.copy(seeded, tmp_path)}") as made:
        yield made


@pytest.fixture
def agent(store: Store) -> ActorView:
    return find_actor(store, "1001")


@pytest.fixture
def words(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What to look for; the desk speaks Chinese where a test does not ask for English too."""
    language = getattr(request, "param", "zh")
    i18n.set_language(language)
    yield WORDS[language]
    i18n.set_language("en")


@asynccontextmanager
async def rung(
    store: Store, agent: ActorView, tail: str, claim: str, amount: str, phone_tail: str
) -> AsyncIterator[AtDesk]:
    """From F5 on the queue to the state of the payment: found, greeted, asked, verified."""
    async with at_desk(store, agent, size=(80, 24)) as desk:
        driver = desk.driver
        await driver.press("f5")
        await driver.type(tail)
        await driver.press("enter", PAYMENT_FAILURE, "1", claim)
        await driver.type(amount)
        await driver.press("enter")
        await driver.type(phone_tail)
        await driver.press("enter")
        driver.widths_ok()
        yield desk


def only_case(store: Store) -> Case:
    with store.read() as session:
        found = session.exec(select(Case)).one()
        session.expunge(found)
    return found


async def test_a_failed_payment_is_paid_again(store: Store, agent: ActorView, words: dict[str, str]) -> None:
    async with rung(store, agent, "3101", "1", "69.90", "4101") as desk:
        # Of the balance only that it is enough, on no line the sum.
        desk.driver.shows(words["enough"]).shows_not("886.40", "88640")
        await desk.driver.press("1")
        desk.driver.shows(words["until"]).shows_not("886.40").widths_ok()
        await desk.driver.press("1")
    case = only_case(store)
    assert (case.kind, case.outcome) == (CaseKind.PAYMENT_FAILURE, CaseOutcome.REPAY)


@pytest.mark.parametrize("words", ["zh", "en"], indirect=True)
async def test_what_arrived_is_put_right_and_not_paid_again(
    store: Store, agent: ActorView, words: dict[str, str]
) -> None:
    async with rung(store, agent, "3202", "2", "139.00", "4202") as desk:
        desk.driver.shows(words["never_again"])
        # The trap: telling this caller to pay again does nothing, and says why.
        await desk.driver.press("2")
        desk.driver.shows(words["never_again"]).shows("249.00").widths_ok()
        await desk.driver.press("1")
        desk.driver.widths_ok()
        with store.read() as session:
            task = session.exec(select(Task.id)).one()
        tasks.answer_task(context(store, agent), task or 0, "渠道已收款，订单已补", "fixed")
        await desk.driver.run(desk.screen.reload)
        desk.driver.shows(words["fixed"], words["never_again"]).widths_ok()
        # The line of the order says what the fact says, at both widths.
        desk.driver.shows(words["order_paid"]).shows_not(words["order_unpaid"])
        await desk.driver.resize(120, 40)
        assert words["order_paid"] in desk.driver.line_with(f" {words['status']} ")
        desk.driver.shows_not(words["order_unpaid"]).widths_ok()
        await desk.driver.resize(80, 24)
        await desk.driver.press("1", "1")
    assert only_case(store).kind is CaseKind.SHIPMENT_DELAY
    with store.read() as session:
        assert session.exec(select(Refund)).all() == []


async def test_two_charges_the_second_goes_back(
    store: Store, agent: ActorView, words: dict[str, str]
) -> None:
    async with rung(store, agent, "3303", "3", "55.00", "4303") as desk:
        desk.driver.shows(words["excess"])
        await desk.driver.press("1", "1")
        desk.driver.shows("F8", words["excess"]).widths_ok()
        await desk.driver.press("f8")
        desk.driver.shows("Ctrl+Z").widths_ok()
        await desk.driver.press("1")
    assert only_case(store).outcome is CaseOutcome.APPROVED_FULL
    with store.read() as session:
        assert [row.amount_fen for row in session.exec(select(Refund)).all()] == [19900]


async def test_a_payment_that_arrives_between_choosing_and_f8_is_one_line_and_nothing_is_lost(
    store: Store, agent: ActorView, words: dict[str, str]
) -> None:
    async with rung(store, agent, "3101", "1", "69.90", "4101") as desk:
        await desk.driver.press("1", "2")
        desk.driver.shows("F8")
        with store.write("shop") as unit:
            order = unit.session.exec(select(Order).where(Order.order_tail == "3101")).one()
            payment = unit.session.exec(select(Payment).where(Payment.order_id == order.id)).one()
            payment.state, payment.failure, payment.paid_at = PaymentState.SUCCESS, None, unit.now
            unit.commit()
        await desk.driver.press("f8")
        desk.driver.shows(words["other_step"], words["paid"]).widths_ok()
    case = only_case(store)
    assert case.open
    assert case.outcome is None
    with store.read() as session:
        assert session.exec(select(OutboxRow)).all() == []
