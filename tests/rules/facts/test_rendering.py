"""Digests, differences, and values in words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.data.book.loader import fact_specs
from bdesk.rules.facts import compute, digest, moved, render
from bdesk.rules.walk.values import UNKNOWN, FactValue
from tests.rules.samples import case, context, customer, payment, snapshot

NAMES = ("order.refundable_fen", "refund.proposed_fen", "case.reason", "window.ends_on")


def test_a_digest_is_of_the_named_facts_alone() -> None:
    before = compute(context(snapshot()))
    other_name = compute(context(snapshot(customer=customer(name="李雷"))))
    assert digest(before, NAMES) == digest(other_name, NAMES)
    assert digest(before, NAMES) == digest(before, tuple(reversed(NAMES)))
    assert moved(before, other_name, NAMES) == ()
    assert moved(before, other_name, ("customer.name_masked",)) == ("customer.name_masked",)
    with pytest.raises(KeyError):
        digest(before, ("no.such_fact",))
    with pytest.raises(KeyError):
        moved(before, other_name, ("no.such_fact",))


def test_another_refund_moves_what_rests_on_it() -> None:
    before = compute(context(snapshot()))
    after = compute(context(snapshot(payments=(payment(held_fen=12000),))))
    assert digest(before, NAMES) != digest(after, NAMES)
    assert moved(before, after, NAMES) == ("order.refundable_fen", "refund.proposed_fen")


values = st.one_of(
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.none(),
    st.just(UNKNOWN),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.lists(st.text(max_size=4), max_size=3).map(tuple),
)
tables = st.dictionaries(st.sampled_from("abcdef"), values, min_size=1)


@given(table=tables)
def test_a_digest_is_stable(table: dict[str, FactValue]) -> None:
    backwards = dict(reversed(table.items()))
    assert digest(table, table) == digest(backwards, backwards)
    assert moved(table, backwards, table) == ()


@given(table=tables, name=st.sampled_from("abcdef"), value=values)
def test_what_moved_is_what_changes_the_digest(
    table: dict[str, FactValue], name: str, value: FactValue
) -> None:
    after: Mapping[str, FactValue] = {**table, name: value}
    names = tuple(after)
    changed = moved(table, after, names)
    assert set(changed) <= {name}
    if name in table:
        assert bool(changed) == (digest(table, names) != digest(after, names))
    else:
        assert changed == (name,)


def test_kinds_of_values_are_kept_apart() -> None:
    day = date(2026, 11, 18)
    for one, other in ((True, 1), (False, 0), (None, UNKNOWN), ("2026-11-18", day), ("", None), ((), None)):
        assert moved({"x": one}, {"x": other}, ["x"]) == ("x",)


def test_the_same_instant_in_another_zone_has_not_moved() -> None:
    here = datetime.fromisoformat("2026-11-18T10:00:00+08:00")
    assert moved({"x": here}, {"x": here.astimezone(UTC)}, ["x"]) == ()


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("refund.proposed_fen", 12800, "128.00", "128.00"),
        ("window.ends_on", date(2026, 10, 13), "10月13日", "10/13"),
        ("case.reason", "quality", "质量问题", "quality problem"),
        ("risk.flags", ("new_account", "perishable"), "新账户、鲜活易腐", "new account, perishable"),
        ("parcel.signed_days", 3, "3天", "3"),
        ("window.days", None, "无", "none"),
        ("order.no", UNKNOWN, "--", "--"),
        ("case.due_at", datetime(2026, 10, 13, 16, tzinfo=UTC), "10月13日 24:00", "10/13 24:00"),
        ("case.due_at", datetime(2026, 10, 13, 15, 30, tzinfo=UTC), "10月13日 23:30", "10/13 23:30"),
        ("order.ordered_at", datetime(2026, 10, 13, 16, tzinfo=UTC), "10月14日 00:00", "10/14 00:00"),
    ],
)
def test_values_in_words(name: str, value: FactValue, zh: str, en: str) -> None:
    spec = fact_specs()[name]
    assert render(spec, value, "zh") == zh
    assert render(spec, value, "en") == en


def test_hidden_values_are_stars() -> None:
    spec = fact_specs()["order.no"]
    assert render(spec, "BT20261114000101", "zh", hidden={"order.no"}) == "****"
    assert render(spec, "BT20261114000101", "zh", hidden={"case.no"}) == "BT20261114000101"
    assert render(spec, UNKNOWN, "zh", hidden={"order.no"}) == "--"


def test_no_name_or_address_of_a_customer_is_shown_whole() -> None:
    values = compute(context(snapshot(case=case(subject=""))))
    shown = " ".join(render(spec, values[name], "zh") for name, spec in fact_specs().items())
    for whole in ("王丽", "wangli@", "15400000037", "0037", "杭州"):
        assert whole not in shown
