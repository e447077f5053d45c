"""Remedies of a delay in whatever order, at two desks, while the shop moves on: never twice or too much."""

import random
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bdesk.data.store import Store
from bdesk.errors import BadInput, CaseMoved, FactsMoved, NotAllowed
from bdesk.models.kinds import REFUND_VOID, ApprovalState, CaseKind, DelayCause, Role
from bdesk.models.tables import Approval, Compensation, Parcel, Product, Substitution
from bdesk.models.views.strip import Strip
from bdesk.operations import approvals
from bdesk.operations.ports import simulated
from bdesk.operations.sweep import sweep
from bdesk.rules.walk.values import GivenValue, Risk
from bdesk.rules.walk.views import Offer
from tests.builders import Item, customer, make_store, person
from tests.operations.desk import Desk, begin_again, must_add_up, refunded
from tests.operations.late import CAUSE, offered, shipped, unshipped

LEAVING = frozenset({"cancel", "go"})
"""Answers after which the case is no delay any more; `test_any_case` goes there."""


@cache
def blank() -> bytes:
    with tempfile.TemporaryDirectory() as folder, make_store(Path(folder)) as made:
        made.close()
        return (Path(folder) / "desk.db").read_bytes()


def typed(names: set[str], rng: random.Random) -> dict[str, GivenValue]:
    given: dict[str, GivenValue] = {
        "amount": rng.choice([1, 500, 1280, 1281, 3840, 9000]),
        "why": "客户急用",
        "agreed": rng.random() < 0.8,
        "whom": "warehouse",
        "question": "何时能发",
        **CAUSE,
        "cause": rng.choice([*DelayCause]).value,
    }
    return {name: value for name, value in given.items() if name in names}


def act(desk: Desk, case_id: int, rng: random.Random, pending: list[tuple[Desk, Strip]]) -> None:
    """One answer, at once or into a strip that is committed later; only what a person is told may stop it."""
    current = desk.stand(case_id).walk.current
    if (
        current is None
        or not desk.case(case_id).open
        or desk.case(case_id).kind is not CaseKind.SHIPMENT_DELAY
    ):
        return
    options = [one for one in current.options if one.offer is Offer.OFFERED and one.code not in LEAVING]
    if not options:
        return
    chosen = rng.choice(options)
    given = typed({one.capture.name for one in current.captures}, rng)
    try:
        if chosen.risk in (Risk.MESSAGE, Risk.MONEY) and rng.random() < 0.4:
            pending.append((desk, desk.strip(case_id, chosen.code, **given)))
        else:
            done = desk.go(case_id, chosen.code, **given)
            if done.outbox and rng.random() < 0.2:
                desk.recall(done)
    except (NotAllowed, FactsMoved, CaseMoved, BadInput) as refused:
        assert refused.code.startswith(("option.", "limits.", "delay.", "effect.already", "facts.")), refused


def outside(desks: list[Desk], rng: random.Random, pending: list[tuple[Desk, Strip]]) -> None:
    desk = desks[0]
    match rng.randrange(7):
        case 0:
            for row in desk.rows(Approval, state=ApprovalState.REQUESTED):
                other = desks[1] if row.requested_by == desk.ctx.actor.number else desk
                try:
                    approvals.decide(other.ctx, row.id or 0, rng.choice(["approve", "refuse"]), "看过")
                except NotAllowed as refused:
                    assert refused.code.startswith(("approval.", "limits.", "role.")), refused
        case 1:
            desk.later(seconds=11)
            desk.release()
        case 2:
            desk.later(hours=rng.choice([3, 30, 80]))
            sweep(desk.ctx)
        case 3:
            with desk.store.write("shop") as unit:
                for product in unit.session.scalars(select(Product)):
                    product.stock = max(0, product.stock + rng.choice([-2, 0, 1]))
                unit.commit()
        case 4 if pending:
            who, strip = pending.pop(rng.randrange(len(pending)))
            with suppress(NotAllowed, FactsMoved, CaseMoved, BadInput):
                who.press_f8(strip)


@given(seed=st.integers(0, 10**9))
@settings(
    max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_no_delay_is_paid_for_twice_and_no_line_replaced_twice(store: Store, seed: int) -> None:
    begin_again(store, blank())
    rng, ports = random.Random(seed), simulated()
    desks = [Desk(store, person(store, role=role), ports) for role in (Role.AGENT, Role.SUPERVISOR)]
    goods = (Item(price_fen=12800), Item(sku="FILTER-1", name="滤芯", price_fen=5050, quantity=2))
    price = rng.choice([12700, 12800, 13100, 20000])
    placed = unshipped(store, customer(store), items=goods, other_fen=price, other_stock=2)
    cases = [offered(desk, placed) for desk in desks]
    pending: list[tuple[Desk, Strip]] = []
    for _ in range(14):
        who = rng.randrange(2)
        act(desks[who], cases[who], rng, pending)
        outside(desks, rng, pending)
        if rng.random() < 0.03 and not desks[0].rows(Parcel):
            shipped(store, placed)
        given_ = [
            row for row in desks[0].rows(Compensation, order_id=placed.id) if row.state not in REFUND_VOID
        ]
        assert len({row.delay_key for row in given_}) == len(given_)
        assert sum(row.amount_fen for row in given_) <= (12800 + 10100) * 30 // 100
        swaps = [
            row for row in desks[0].rows(Substitution, order_id=placed.id) if row.state not in REFUND_VOID
        ]
        assert len({row.item_id for row in swaps}) == len(swaps)
        assert all(product.stock >= 0 for product in desks[0].rows(Product))
        assert sum(refunded(store, placed)) <= 22900
    must_add_up(store)
