"""Letters filled and rendered: one renderer for previews, strips and what is sent.

A letter has typed slots. A slot is filled by the effect that sends the letter, else by the fact or answer
it names as its source. A letter with an open slot is never rendered. Source: B0.9; ARCHITECTURE, Effects.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from bdesk.errors import DeskError
from bdesk.rules.facts.rendering import render as spell
from bdesk.rules.walk.guards import look_up
from bdesk.rules.walk.values import (
    NOTHING,
    UNKNOWN,
    Facts,
    FactSpec,
    FactType,
    FactValue,
    Given,
    LetterSpec,
    SlotSpec,
    Text,
)
from bdesk.rules.walk.words import PLACE, places
from bdesk.text import clean

SlotValue = FactValue | Text
Slots = Mapping[str, SlotValue]

NO_SPECS: Final[Mapping[str, FactSpec]] = {}


class LetterText(Protocol):
    """A letter of the book: its slots, its words, and the shorter ones for a text message."""

    @property
    def spec(self) -> LetterSpec: ...

    @property
    def subject(self) -> Text | None: ...

    @property
    def body(self) -> Text: ...

    @property
    def sms(self) -> Text | None: ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter as the customer gets it. `subject` is empty for a text message."""

    subject: str
    body: str


def fill_slots(
    spec: LetterSpec, given: Slots, facts: Facts, answers: Given = NOTHING
) -> dict[str, SlotValue]:
    """The value of every slot: what the effect gave, else the slot's source. UNKNOWN where neither tells.

    Raises DeskError("letter.unknown_slot") for a value the letter has no slot for.
    """
    slots = {slot.name: slot for slot in spec.slots}
    for name in given:
        if name not in slots:
            raise DeskError("letter.unknown_slot", letter=spec.code, slot=name)
    return {name: _value(slot, given, facts, answers) for name, slot in slots.items()}


def _value(slot: SlotSpec, given: Slots, facts: Facts, answers: Given) -> SlotValue:
    if slot.name in given:
        return given[slot.name]
    return UNKNOWN if slot.source is None else look_up(slot.source, facts, answers)


def open_slots(letter: LetterText, slots: Slots, lang: str, *, sms: bool = False) -> tuple[str, ...]:
    """The places in the letter's words that nothing fills, in the order they are written."""
    subject, body = _words(letter, sms=sms)
    found = [name for text in (subject, body) if text is not None for name in _places(text, lang)]
    known = {slot.name for slot in letter.spec.slots}
    return tuple(
        name for name in dict.fromkeys(found) if name not in known or _is_open(slots.get(name, UNKNOWN), lang)
    )


def render_for(
    letter: LetterText,
    given: Slots,
    facts: Facts,
    answers: Given,
    specs: Mapping[str, FactSpec],
    lang: str,
    *,
    sms: bool = False,
) -> Rendered:
    """The letter of a case: slots filled from what the effect gave, then facts and answers, and rendered.

    Raises as `fill_slots` and `render` do.
    """
    return render(letter, fill_slots(letter.spec, given, facts, answers), lang, specs, sms=sms)


def render(
    letter: LetterText,
    slots: Slots,
    lang: str,
    specs: Mapping[str, FactSpec] = NO_SPECS,
    *,
    sms: bool = False,
) -> Rendered:
    """The letter in the customer's language ("zh" or "en"); `specs` give words for the codes of facts.

    Raises DeskError("letter.open_slot", letter=, slot=) for the first place nothing fills, and
    DeskError("letter.bad_slot") for a value that is not of its slot's type.
    """
    for name in open_slots(letter, slots, lang, sms=sms):
        raise DeskError("letter.open_slot", letter=letter.spec.code, slot=name)
    words = {
        slot.name: _spell(letter.spec.code, slot, slots[slot.name], lang, specs)
        for slot in letter.spec.slots
        if not _is_open(slots.get(slot.name, UNKNOWN), lang)
    }
    subject, body = _words(letter, sms=sms)
    return Rendered(_fill(subject, words, lang), _fill(body, words, lang))


def _words(letter: LetterText, *, sms: bool) -> tuple[Text | None, Text]:
    if sms:
        return None, letter.sms or letter.body
    return letter.subject, letter.body


def _places(text: Text, lang: str) -> Iterator[str]:
    return places(Text(text.get(lang), ""))


def _fill(text: Text | None, words: Mapping[str, str], lang: str) -> str:
    # One pass: a value that itself holds braces is a value, not another place.
    return "" if text is None else PLACE.sub(lambda match: words[match.group(1)], text.get(lang)).strip()


def _is_open(value: SlotValue, lang: str) -> bool:
    if isinstance(value, Text):
        value = value.get(lang)
    if value is UNKNOWN or value is None or value == ():
        return True
    return isinstance(value, str) and not clean(value, multiline=True).strip()


def _spell(code: str, slot: SlotSpec, value: SlotValue, lang: str, specs: Mapping[str, FactSpec]) -> str:
    if isinstance(value, Text):
        value = value.get(lang)
    if not _fits(slot.type, value):
        raise DeskError("letter.bad_slot", letter=code, slot=slot.name, type=slot.type.value)
    if slot.type is FactType.TEXT and isinstance(value, str):
        return clean(value, multiline=True).strip()
    if lang == "en" and isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()  # which of two numbers is the month, a customer cannot know
    source = specs.get(slot.source) if slot.source is not None else None
    spec = FactSpec(
        name=slot.source or slot.name,
        type=slot.type,
        label=Text(slot.name, slot.name),
        unit=source.unit if source is not None else "",
        values=source.values if source is not None else {},
    )
    return spell(spec, value, lang)


def _fits(kind: FactType, value: FactValue) -> bool:
    match kind:
        case FactType.BOOL:
            return isinstance(value, bool)
        case FactType.INT | FactType.MONEY:
            return isinstance(value, int) and not isinstance(value, bool)
        case FactType.DATE:
            return isinstance(value, date) and not isinstance(value, datetime)
        case FactType.INSTANT:
            return isinstance(value, datetime)
        case FactType.CODES:
            return isinstance(value, tuple)
        case FactType.CODE | FactType.TEXT:
            return isinstance(value, str)
