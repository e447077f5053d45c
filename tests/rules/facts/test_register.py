"""The register of facts against the book, and the types of what they yield."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.data.book.evidence import evidence_facts
from bdesk.data.book.loader import fact_specs
from bdesk.data.book.tasks import task_facts
from bdesk.models.kinds import (
    ApprovalState,
    CaseKind,
    Channel,
    OrderStatus,
    ParcelState,
    PaymentMethod,
    PaymentState,
    RefundReason,
    RefundState,
    ReturnClass,
    Role,
    SignedBy,
)
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.facts import NAMES, FactContext, base, compute
from bdesk.rules.facts.base import fact as register
from bdesk.rules.facts.tasks import computes
from bdesk.rules.walk.values import UNKNOWN, FactSpec, FactType, FactValue
from tests.rules.samples import (
    NOW,
    TASKS,
    approval,
    case,
    context,
    customer,
    fact,
    item,
    order,
    parcel,
    payment,
    refund,
    snapshot,
)

PYTHON: Mapping[FactType, type] = {
    FactType.BOOL: bool,
    FactType.INT: int,
    FactType.MONEY: int,
    FactType.TEXT: str,
    FactType.CODE: str,
    FactType.CODES: tuple,
    FactType.DATE: date,
    FactType.INSTANT: datetime,
}


def conforms(spec: FactSpec, value: FactValue) -> bool:
    if value is UNKNOWN:
        return True
    if value is None:
        return spec.absent
    if type(value) is not PYTHON[spec.type]:
        return False
    if spec.type is FactType.MONEY and isinstance(value, int):
        return value >= 0
    if spec.type is FactType.CODE:
        return value in spec.values
    return not isinstance(value, tuple) or set(value) <= set(spec.values)


def test_names_are_those_of_the_book() -> None:
    assert set(fact_specs()) == NAMES | set(task_facts())
    assert set(evidence_facts()) <= NAMES
    assert set(task_facts()) == set(computes(TASKS))
    assert not NAMES & set(task_facts())


def test_one_function_per_name() -> None:
    with pytest.raises(RuntimeError, match=r"case\.no"):
        register("case.no")(lambda _: "x")


def test_each_fact_is_computed_once_and_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def count(_: FactContext) -> FactValue:
        seen.append("case.no")
        return "KF1"

    monkeypatch.setitem(base._REGISTER, "case.no", count)
    table = compute(context(snapshot()))
    assert seen == []
    assert (table["case.no"], table["case.no"]) == ("KF1", "KF1")
    assert seen == ["case.no"]
    assert table.get("no.such_fact", UNKNOWN) is UNKNOWN
    with pytest.raises(KeyError):
        table["no.such_fact"]


def bare() -> Snapshot:
    """A call with no matter yet: no customer, no order."""
    return snapshot(
        case=case(reason=None, description=""),
        customer=None,
        order=None,
        items=(),
        payments=(),
        parcels=(),
        other_reviewers=None,
    )


def test_tables_are_equal_when_their_facts_are_and_print_nobody() -> None:
    one, other = compute(context(snapshot())), compute(context(snapshot()))
    assert one["case.no"] and one == other
    assert one != compute(context(snapshot(order=None)))
    assert "王丽" not in repr(one)


@pytest.mark.parametrize("name", sorted(fact_specs()))
def test_every_fact_is_of_its_type(name: str) -> None:
    spec = fact_specs()[name]
    for made in (snapshot(), bare(), snapshot(parcels=(), payments=(), items=(), refunds=(refund(),))):
        assert conforms(spec, fact(name, made)), name


def test_a_case_without_an_order_knows_nothing_of_one() -> None:
    values = compute(context(bare()))
    assert values["order.known"] is False
    unknown = {name for name in NAMES if values[name] is UNKNOWN}
    assert {name for name in NAMES if name.startswith("order.")} - unknown == {"order.known"}
    assert {"parcel.state", "window.open", "refund.proposed_fen", "payments.status"} <= unknown
    assert {"risk.flags", "risk.flagged", "customer.letters_to", "wallet.frozen"} <= unknown


BENT: Mapping[str, tuple[type[Enum], Any]] = {
    "case.kind": (CaseKind, lambda one: snapshot(case=case(kind=one))),
    "case.channel": (Channel, lambda one: snapshot(case=case(channel=one))),
    "case.reason": (RefundReason, lambda one: snapshot(case=case(reason=one))),
    "order.status": (OrderStatus, lambda one: snapshot(order=order(status=one))),
    "product.return_class": (ReturnClass, lambda one: snapshot(items=(item(return_class=one),))),
    "parcel.state": (ParcelState, lambda one: snapshot(parcels=(parcel(state=one),))),
    "parcel.signed_by": (SignedBy, lambda one: snapshot(parcels=(parcel(signed_by=one),))),
    "payments.status": (PaymentState, lambda one: snapshot(payments=(payment(state=one),))),
    "payments.method": (PaymentMethod, lambda one: snapshot(payments=(payment(method=one),))),
    "payments.arrival": (PaymentMethod, lambda one: snapshot(payments=(payment(method=one),))),
    "refund.state": (RefundState, lambda one: snapshot(refunds=(refund(state=one),))),
    "actor.role": (Role, lambda one: snapshot(actor=replace(snapshot().actor, role=one))),
    "limits.refund_fen": (Role, lambda one: snapshot(actor=replace(snapshot().actor, role=one))),
}


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name, (words, _) in BENT.items() for word in words]
)
def test_every_stored_word_has_a_word_of_the_book(name: str, word: Enum) -> None:
    value = fact(name, BENT[name][1](word))
    assert value is not UNKNOWN
    assert conforms(fact_specs()[name], value), value


@pytest.mark.parametrize("state", ApprovalState)
def test_every_approval_state_has_a_word(state: ApprovalState) -> None:
    assert conforms(
        fact_specs()["approval.state"], fact("approval.state", snapshot(approvals=(approval(state),)))
    )


@given(
    status=st.sampled_from(OrderStatus),
    states=st.lists(st.sampled_from(ParcelState), max_size=3),
    classes=st.lists(st.sampled_from(ReturnClass), max_size=3),
    charges=st.lists(st.tuples(st.sampled_from(PaymentState), st.integers(0, 50_000)), max_size=3),
    known=st.booleans(),
    signed=st.booleans(),
)
def test_whatever_the_case_facts_are_of_their_types(
    status: OrderStatus,
    states: list[ParcelState],
    classes: list[ReturnClass],
    charges: list[tuple[PaymentState, int]],
    known: bool,
    signed: bool,
) -> None:
    made = snapshot(
        customer=customer() if known else None,
        order=order(status=status),
        items=tuple(
            item(number, 1000 * number, return_class=one, parcel_id=number if number % 2 else None)
            for number, one in enumerate(classes, 1)
        ),
        parcels=tuple(
            parcel(number, state=one, signed_at=NOW if signed else None)
            for number, one in enumerate(states, 1)
        ),
        payments=tuple(
            payment(number, amount, state=state, paid_at=None if number % 3 == 0 else NOW)
            for number, (state, amount) in enumerate(charges, 1)
        ),
    )
    values = compute(context(made))
    for name, spec in fact_specs().items():
        assert conforms(spec, values[name]), (name, values[name])
