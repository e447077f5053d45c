"""What is wrong with the clocks that the cases of a procedure open with."""

from collections.abc import Iterator
from dataclasses import dataclass

from bdesk.rules.walk.model import OPENING_FACTS, ClockMove, Opens, Procedure, opening
from bdesk.rules.walk.values import Known

_ANY_PRIORITY = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. `code` names it, `where` the element, `what` the offending name."""

    code: str
    where: str
    what: str = ""


def check_opening(procedure: Procedure, known: Known) -> Iterator[Fault]:
    """Names nobody knows, lines that can never fit, and kinds that would open without any clock."""
    where = f"{procedure.code}: opens"
    for one in procedure.opens:
        yield from _names(where, procedure, one, known)
    for kind in procedure.kinds:
        bare = [one for one in sorted(known.channels) if not opening(procedure, kind, one, _ANY_PRIORITY)]
        if bare:
            yield Fault("opening.none", where, f"{kind} ({', '.join(bare)})")


def check_settings(where: str, move: ClockMove, known: Known) -> Iterator[Fault]:
    """Settings that this kind of clock does not have."""
    allowed = known.settings.get(move.kind)
    for name, _ in move.settings:
        if allowed is not None and name not in allowed and move.verb.value == "start":
            yield Fault("clock.setting", where, f"{move.kind}.{name}")


def _names(where: str, procedure: Procedure, one: Opens, known: Known) -> Iterator[Fault]:
    for code in (one.clock.kind, *one.unless):
        if code not in known.clocks:
            yield Fault("clock.unknown", where, code)
    for kind in one.kinds:
        if kind not in procedure.kinds:
            yield Fault("kind.unknown", where, kind)
    for channel in one.channels:
        if channel not in known.channels:
            yield Fault("channel.unknown", where, channel)
    for _, param in one.clock.settings:
        if param.name is not None and param.name not in OPENING_FACTS:
            yield Fault("opening.unknown", where, param.name)
    yield from check_settings(where, one.clock, known)
