"""The strip as a draft: plain values, so that it comes back after a crash and is checked anew by F8."""

from collections.abc import Mapping
from datetime import date
from types import UnionType

from bdesk.clock import from_iso, to_iso
from bdesk.models.views.strip import LetterPreview, Phrase, Strip


def strip_draft(strip: Strip) -> dict[str, object]:
    """A strip as JSON."""
    return {
        "case_id": strip.case_id,
        "case_no": strip.case_no,
        "case_version": strip.case_version,
        "cycle": strip.cycle,
        "step": strip.step,
        "option": strip.option,
        "captures": _plain(strip.captures),
        "phrases": [{"code": one.code, "params": _plain(one.params)} for one in strip.phrases],
        "facts": _plain(strip.facts),
        "facts_digest": strip.facts_digest,
        "planned_at": to_iso(strip.planned_at),
        "amount_fen": strip.amount_fen,
        "letters": [
            [one.letter, one.language, one.channel, one.target_masked, one.subject, one.body]
            for one in strip.letters
        ],
        "effects": list(strip.effects),
        "retype": strip.retype,
        "seen_event": strip.seen_event,
    }


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: object) -> object:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def strip_of_draft(kept: Mapping[str, object]) -> Strip:
    """The strip that `strip_draft` kept. Raises KeyError, TypeError or ValueError for anything else."""
    data = dict(kept)
    phrases = tuple(Phrase(str(one["code"]), dict(one["params"])) for one in data.pop("phrases"))  # type: ignore[attr-defined]
    letters = tuple(LetterPreview(*map(str, one)) for one in data.pop("letters"))  # type: ignore[attr-defined]
    planned_at = from_iso(str(data.pop("planned_at")))
    effects = tuple(str(one) for one in data.pop("effects"))  # type: ignore[attr-defined]
    _fit(data)
    return Strip(phrases=phrases, letters=letters, planned_at=planned_at, effects=effects, **data)  # type: ignore[arg-type]


_KINDS: Mapping[str, type | UnionType] = {
    "case_id": int,
    "case_no": str,
    "case_version": int,
    "cycle": int,
    "step": str,
    "option": str,
    "captures": dict,
    "facts": dict,
    "facts_digest": str,
    "amount_fen": int | None,
    "retype": str | None,
    "seen_event": int,
}


def _fit(data: Mapping[str, object]) -> None:
    """A file may hold anything. Raises TypeError for what the screen or F8 would stumble over."""
    for name, value in data.items():
        if not isinstance(value, _KINDS.get(name, object)) or isinstance(value, bool):
            raise TypeError(name)
