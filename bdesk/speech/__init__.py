"""Sentences for codes: what a refusal, an event or a fact is called by people.

Rules and operations speak in codes and parameters; screens and commands say them through here. Each
family has its own file of English texts; the Chinese is in the catalogue.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType

from bdesk.clock import LOCAL
from bdesk.errors import DeskError
from bdesk.i18n import _, pick
from bdesk.speech import (
    appeals,
    case,
    changed,
    checks,
    clock,
    doctor,
    effects,
    ground,
    importing,
    people,
    procedure,
    shifts,
    store,
    supervising,
    supervision,
    timeline,
    training,
)
from bdesk.speech.words import said_word
from bdesk.text import clean, yuan

FAMILIES: tuple[Mapping[str, str], ...] = (
    ground.MESSAGES,
    case.MESSAGES,
    checks.MESSAGES,
    clock.MESSAGES,
    store.MESSAGES,
    doctor.MESSAGES,
    procedure.MESSAGES,
    effects.MESSAGES,
    people.MESSAGES,
    importing.MESSAGES,
    training.MESSAGES,
    changed.MESSAGES,
    timeline.MESSAGES,
    appeals.MESSAGES,
    supervising.MESSAGES,
    supervision.MESSAGES,
    shifts.MESSAGES,
)


def _merged(families: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    messages: dict[str, str] = {}
    for family in families:
        twice = messages.keys() & family.keys()
        if twice:
            raise RuntimeError(f"codes with two sentences: {', '.join(sorted(twice))}")
        messages.update(family)
    return MappingProxyType(messages)


MESSAGES: Mapping[str, str] = _merged(FAMILIES)


Words = Mapping[str, str]
"""Words for codes that only content knows: names of facts ("order.status"), clocks ("clock.refund_review"),
steps ("step.evidence") and options ("option.evidence.clear"), in the language in use."""

NO_WORDS: Words = MappingProxyType({})


def speak(code: str, params: Mapping[str, object] | None = None, words: Words = NO_WORDS) -> str:
    """The sentence for a code in the language in use, its places filled from `params`.

    Money (`*_fen`) is said in yuan, instants in the time of Asia/Shanghai. A parameter that is itself a
    code is said in words: by `words`, by the text for "<parameter>.<value>" (`kind="case"` uses
    "kind.case"), or by its label; one that is a refusal is spoken. "strip.letter.X" without a sentence of
    its own is said as "strip.letter". An unknown code comes back as it is, with its parameters.
    """
    params = params or {}
    said = {name: _say(name, value, words) for name, value in params.items()}
    msgid = MESSAGES.get(code) or MESSAGES.get(code.rpartition(".")[0])
    if msgid is not None:
        try:
            return _(msgid).format(**said)
        except (KeyError, IndexError, ValueError):
            pass  # a place without its parameter must not turn a refusal into a crash
    if not said:
        return code
    return f"{code} ({', '.join(f'{name} {value}' for name, value in said.items())})"


def speak_error(error: DeskError, words: Words = NO_WORDS) -> str:
    """The sentence for a refusal, on one line."""
    return speak(error.code, error.params, words)


def _say(name: str, value: object, words: Words) -> str:
    if isinstance(value, DeskError):
        return speak_error(value, words)
    if isinstance(value, Enum):
        value = value.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and name.endswith("_fen"):
        return yuan(value)
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, timedelta):
        return _say_span(value)
    if isinstance(value, tuple | list | set | frozenset):
        return pick("、", ", ").join(_say(name, item, words) for item in value)
    return _say_code(name, clean(str(value)), words)


def _say_code(name: str, text: str, words: Words) -> str:
    known = words.get(f"{name}.{text}") or words.get(text)
    if known:
        return known
    msgid = MESSAGES.get(f"{name}.{text}")
    if msgid is None and "." in text:
        # A code in a code: the kind of an event, or the reason why something has lapsed.
        msgid = MESSAGES.get(f"act.{text}") or MESSAGES.get(text)
        if msgid is not None and "{" in msgid:
            msgid = None
    return _(msgid) if msgid is not None else said_word(name, text)


def _say_span(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    if 0 <= span.total_seconds() < 60:
        return _("{seconds} s", seconds=seconds)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("{hours} h {minutes} min", hours=hours, minutes=minutes)
    return _("{minutes} min", minutes=minutes)
