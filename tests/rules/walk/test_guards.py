from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.rules.walk.guards import evaluate
from bdesk.rules.walk.model import ALWAYS, AllOf, AnyOf, Guard, Leaf, NotOf, Op
from bdesk.rules.walk.values import UNKNOWN, FactValue

A, B = Leaf("a.a", Op.EQ, True), Leaf("b.b", Op.EQ, True)


@pytest.mark.parametrize(
    ("op", "actual", "wanted", "truth"),
    [
        (Op.EQ, 3, 3, True),
        (Op.EQ, None, 3, False),
        (Op.EQ, UNKNOWN, 3, None),
        (Op.NE, None, 3, True),
        (Op.LE, 3, 3, True),
        (Op.LT, 3, 3, False),
        (Op.GT, None, 3, False),
        (Op.GE, UNKNOWN, 3, None),
        (Op.IN, "a", ("a", "b"), True),
        (Op.IN, "c", ("a", "b"), False),
        (Op.HAS, ("a",), "a", True),
        (Op.HAS, (), "a", False),
        (Op.KNOWN, UNKNOWN, None, False),
        (Op.KNOWN, None, None, False),
        (Op.KNOWN, 0, None, True),
        (Op.MISSING, None, None, True),
        (Op.MISSING, UNKNOWN, None, None),
        (Op.MISSING, 0, None, False),
        (Op.LE, date(2026, 1, 1), "x", False),
    ],
)
def test_comparisons(op: Op, actual: FactValue, wanted: bool | int | str | None, truth: bool | None) -> None:
    assert evaluate(Leaf("a.a", op, wanted), {"a.a": actual}, {}).truth is truth


def test_facts_are_compared_with_other_facts_and_with_answers() -> None:
    leaf = Leaf("given.amount", Op.LE, None, "order.left_fen")
    assert evaluate(leaf, {"order.left_fen": 10}, {"amount": 10}).truth is True
    assert evaluate(leaf, {"order.left_fen": 10}, {"amount": 11}).truth is False
    assert evaluate(leaf, {"order.left_fen": 10}, {}).truth is None


def test_a_refusal_names_only_the_leaves_that_made_it() -> None:
    verdict = evaluate(AllOf((A, B)), {"a.a": True, "b.b": False}, {})
    assert [finding.leaf for finding in verdict.because] == [B]
    assert evaluate(AnyOf((A, B)), {"a.a": True}, {}).because == ()
    inverted = evaluate(NotOf(A), {"a.a": True}, {}).because
    assert [(one.leaf, one.inverted) for one in inverted] == [(A, True)]


def test_a_false_part_outweighs_an_unknown_one() -> None:
    verdict = evaluate(AllOf((A, B)), {"b.b": False}, {})
    assert verdict.truth is False
    assert [finding.leaf for finding in verdict.because] == [B]
    assert evaluate(AnyOf((A, B)), {"b.b": True}, {}).truth is True
    assert evaluate(ALWAYS, {}, {}).truth is True


_LEAVES = st.builds(Leaf, st.sampled_from(["a.a", "b.b", "c.c"]), st.just(Op.EQ), st.booleans())
_GUARDS: st.SearchStrategy[Guard] = st.recursive(
    _LEAVES,
    lambda inner: (
        st.builds(NotOf, inner)
        | st.builds(AllOf, st.lists(inner, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=8,
)
_FACTS = st.fixed_dictionaries(
    {name: st.sampled_from([True, False, UNKNOWN]) for name in ("a.a", "b.b", "c.c")}
)


@given(_GUARDS, _FACTS, st.sampled_from(["a.a", "b.b", "c.c"]), st.booleans())
def test_learning_a_fact_never_overturns_what_was_decided_without_it(
    guard: Guard, facts: dict[str, FactValue], name: str, value: bool
) -> None:
    before = evaluate(guard, {**facts, name: UNKNOWN}, {})
    after = evaluate(guard, {**facts, name: value}, {})
    if before.truth is not None:
        assert after.truth is before.truth


@given(_GUARDS, _FACTS)
def test_not_is_not(guard: Guard, facts: dict[str, FactValue]) -> None:
    truth = evaluate(guard, facts, {}).truth
    assert evaluate(NotOf(guard), facts, {}).truth is (None if truth is None else not truth)
