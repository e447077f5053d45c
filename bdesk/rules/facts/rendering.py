"""Values of facts in words, and the comparing of two readings."""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final

from bdesk.clock import to_iso
from bdesk.rules.masking import HIDDEN
from bdesk.rules.walk.values import UNKNOWN, Facts, FactSpec, FactType, FactValue
from bdesk.rules.walk.words import is_span, spell_value

_NOBODY: Final[frozenset[str]] = frozenset()


def render(spec: FactSpec, value: FactValue, lang: str, hidden: Collection[str] = _NOBODY) -> str:
    """The value as an agent reads it, in "zh" or "en": yuan, local times, codes by their labels.

    Names in `hidden` (see `bdesk.rules.cases.hidden_facts`) render as stars.
    """
    if spec.name in hidden and value is not None and value is not UNKNOWN:
        return HIDDEN
    words = spell_value(value, spec, lang)
    counted = spec.type is FactType.INT and isinstance(value, int) and not is_span(spec)
    return f"{words}{spec.unit}" if counted and spec.unit and lang == "zh" else words


def digest(values: Facts, names: Iterable[str]) -> str:
    """sha256 over the canonical JSON of the named facts, in hex. The order of names does not matter.

    Raises KeyError for a name that is no fact.
    """
    return hashlib.sha256(_canonical({name: _plain(values[name]) for name in names}).encode()).hexdigest()


def moved(before: Facts, after: Facts, names: Iterable[str]) -> tuple[str, ...]:
    """The named facts whose values differ between two readings, in the order given, each once.

    Raises KeyError for a name that is in neither; one that is in a single reading has moved.
    """
    return tuple(name for name in dict.fromkeys(names) if _differs(before, after, name))


def _differs(before: Facts, after: Facts, name: str) -> bool:
    if name not in before and name not in after:
        raise KeyError(name)
    if name not in before or name not in after:
        return True
    return _canonical(_plain(before[name])) != _canonical(_plain(after[name]))


def _canonical(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: FactValue) -> object:
    """A JSON form that keeps kinds apart: true is not 1, and no text looks like a date."""
    if value is UNKNOWN:
        return {"unknown": True}
    if isinstance(value, datetime):
        return {"at": to_iso(value)}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if isinstance(value, tuple):
        return list(value)
    return value
