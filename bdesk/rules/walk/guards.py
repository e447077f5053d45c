"""Guards in three values: true, false, or not to be told. Every verdict says which comparisons made it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bdesk.rules.walk.model import AllOf, Guard, Leaf, NotOf, Op
from bdesk.rules.walk.values import GIVEN, UNKNOWN, Facts, FactValue, Given

Truth = bool | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison with the values it met. `truth` None: unknown. `inverted`: it stood under a not."""

    leaf: Leaf
    truth: Truth
    actual: FactValue
    wanted: FactValue
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The truth of a guard, and the leaves that kept it from being true (empty when it is)."""

    truth: Truth
    because: tuple[Finding, ...] = ()


def look_up(name: str, facts: Facts, given: Given) -> FactValue:
    """The value of a fact, or of an answer for names under `given.`; UNKNOWN when there is none."""
    if name.startswith(GIVEN):
        return given.get(name[len(GIVEN) :], UNKNOWN)
    return facts.get(name, UNKNOWN)


def evaluate(guard: Guard, facts: Facts, given: Given) -> Verdict:
    """Kleene logic: a false part makes `all` false whatever is unknown, a true part makes `any` true."""
    if isinstance(guard, Leaf):
        finding = _leaf(guard, facts, given)
        return Verdict(finding.truth, () if finding.truth else (finding,))
    if isinstance(guard, NotOf):
        return _not(guard, facts, given)
    verdicts = [evaluate(part, facts, given) for part in guard.parts]
    truths = [verdict.truth for verdict in verdicts]
    if isinstance(guard, AllOf):
        worst: Truth = False if False in truths else (None if None in truths else True)
        return Verdict(worst, _because(verdicts, worst))
    best: Truth = True if True in truths else (None if None in truths else False)
    return Verdict(best, () if best else _because(verdicts, best))


def leaves(guard: Guard) -> Iterator[Leaf]:
    """Every comparison of a guard, in the order it is written."""
    if isinstance(guard, Leaf):
        yield guard
    elif isinstance(guard, NotOf):
        yield from leaves(guard.part)
    else:
        for part in guard.parts:
            yield from leaves(part)


def names(guard: Guard) -> Iterator[str]:
    """Every fact and answer a guard looks at."""
    for leaf in leaves(guard):
        yield leaf.fact
        if leaf.value_fact is not None:
            yield leaf.value_fact


def _because(verdicts: list[Verdict], truth: Truth) -> tuple[Finding, ...]:
    return tuple(finding for verdict in verdicts if verdict.truth is truth for finding in verdict.because)


def _not(guard: NotOf, facts: Facts, given: Given) -> Verdict:
    inner = evaluate(guard.part, facts, given)
    truth = None if inner.truth is None else not inner.truth
    if truth:
        return Verdict(True)
    found = (_leaf(leaf, facts, given) for leaf in leaves(guard.part))
    # What is refused is that these held; leaves that did not hold explain nothing.
    because = tuple(
        Finding(one.leaf, one.truth, one.actual, one.wanted, inverted=True)
        for one in found
        if one.truth is inner.truth
    )
    return Verdict(truth, because)


def _leaf(leaf: Leaf, facts: Facts, given: Given) -> Finding:
    actual = look_up(leaf.fact, facts, given)
    wanted: FactValue = leaf.value if leaf.value_fact is None else look_up(leaf.value_fact, facts, given)
    return Finding(leaf, _compare(leaf.op, actual, wanted), actual, wanted)


def _compare(op: Op, actual: FactValue, wanted: FactValue) -> Truth:
    if op is Op.KNOWN:
        return actual is not UNKNOWN and actual is not None
    if actual is UNKNOWN or wanted is UNKNOWN:
        return None
    if op is Op.MISSING:
        return actual is None
    if op is Op.EQ:
        return actual == wanted
    if op is Op.NE:
        return actual != wanted
    if op is Op.IN:
        return isinstance(wanted, tuple) and actual in wanted
    if op is Op.HAS:
        return isinstance(actual, tuple) and wanted in actual
    order = _order(actual, wanted)
    if order is None:
        # Nothing is neither more nor less than anything: an absent date is not past its limit.
        return False
    return {Op.LT: order < 0, Op.LE: order <= 0, Op.GT: order > 0, Op.GE: order >= 0}[op]


def _order(actual: FactValue, wanted: FactValue) -> int | None:
    if isinstance(actual, int) and isinstance(wanted, int):
        return (actual > wanted) - (actual < wanted)
    if isinstance(actual, datetime) and isinstance(wanted, datetime):
        return (actual > wanted) - (actual < wanted)
    if isinstance(actual, datetime) or isinstance(wanted, datetime):
        return None
    if isinstance(actual, date) and isinstance(wanted, date):
        return (actual > wanted) - (actual < wanted)
    return None
