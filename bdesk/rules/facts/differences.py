"""Price differences of goods that were put in place of others, each paid for its own line (P2, SD7b).

They are no part of what a refund of the case pays for its goods: one that was paid stands in no refund's
way, and one that the channel refused is owed until it is paid again, whatever was paid after it.
"""

from collections.abc import Iterable, Mapping

from bdesk.models.kinds import RefundReason, RefundState
from bdesk.models.views.snapshot import RefundView, Snapshot


def differences(snapshot: Snapshot, refunds: Iterable[RefundView]) -> tuple[RefundView, ...]:
    """Those of the case's refunds that paid a substitute's difference: in one answer with it, or again for
    a line whose difference had been refused. Oldest first."""
    mine = (one for one in snapshot.substitutions if one.case_id == snapshot.case.id)
    swapped = {(one.item_id, one.committed_at) for one in mine}
    found: list[RefundView] = []
    for one in sorted(refunds, key=lambda each: (each.committed_at, each.id)):
        if one.reason is not RefundReason.PRICE_DIFFERENCE or not one.lines:
            continue
        refused = _refused(found)
        if all((line, one.committed_at) in swapped or line in refused for line, _ in one.lines):
            found.append(one)
    return tuple(found)


def refused(
    snapshot: Snapshot, refunds: Iterable[RefundView], left: Mapping[int, int]
) -> tuple[RefundView, ...]:
    """The differences that the channel refused and nobody paid since, neither again nor with the pieces:
    `left` is what was paid for each line, by its id, and has not gone back, in fen."""
    owed = _refused(differences(snapshot, refunds))
    found = {one.id: one for line, each in owed.items() if left.get(line, 0) > 0 for one in each}
    return tuple(found[number] for number in sorted(found))


def _refused(found: Iterable[RefundView]) -> dict[int, tuple[RefundView, ...]]:
    """Of each line the refused parts of its newest difference."""
    newest: dict[int, list[RefundView]] = {}
    for one in found:
        for line, _fen in one.lines:
            before = newest.get(line, [])
            newest[line] = [*before, one] if before and _together(before[-1], one) else [one]
    states = {line: [one for one in each if one.state is RefundState.FAILED] for line, each in newest.items()}
    return {line: tuple(each) for line, each in states.items() if each}


def _together(one: RefundView, other: RefundView) -> bool:
    """Parts of one refund that goes back to several payments are committed together."""
    return one.committed_at == other.committed_at
