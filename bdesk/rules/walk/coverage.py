"""What became of each documented fact: a step, shown, declined, context, or nothing yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bdesk.rules.walk.elements import Element


class Covered(StrEnum):
    STEP = "step"
    SHOWN = "shown"
    DECLINED = "declined"
    CONTEXT = "context"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Declared:
    """A fact settled elsewhere than in a procedure: `where` it is shown, or `why` it is declined."""

    id: str
    state: Covered
    why: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """`elements`: where it is realised or shown; for a declined fact, why."""

    id: str
    kind: str
    state: Covered
    elements: tuple[str, ...]
    why: str = ""


def coverage(
    documented: Mapping[str, str], found: Iterable[Element], declared: Mapping[str, Declared]
) -> tuple[Coverage, ...]:
    """State of each documented fact, in the order they are documented. A step outranks a declaration."""
    places: dict[str, list[str]] = {}
    for element in found:
        for one in element.realises:
            places.setdefault(one, []).append(element.where)
    return tuple(_one(one, kind, places.get(one, []), declared.get(one)) for one, kind in documented.items())


def _one(fact_id: str, kind: str, places: list[str], said: Declared | None) -> Coverage:
    if places:
        return Coverage(fact_id, kind, Covered.STEP, tuple(dict.fromkeys(places)))
    if said is None:
        return Coverage(fact_id, kind, Covered.NONE, ())
    elements = (said.why,) if said.state in (Covered.SHOWN, Covered.DECLINED) else ()
    return Coverage(fact_id, kind, said.state, elements, said.why)
