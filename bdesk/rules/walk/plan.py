"""What an answer would do: effects with their parameters, clocks, where it goes. Nothing is done here."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from bdesk.errors import BadInput, NotAllowed
from bdesk.rules.walk.days import day_written, is_over
from bdesk.rules.walk.guards import evaluate, look_up, names
from bdesk.rules.walk.model import Capture, CaptureType, ClockMove, EffectUse, Option, Param, Procedure, Step
from bdesk.rules.walk.present import Ground, chooses, ground, offer_of, way_as_option, why_not
from bdesk.rules.walk.values import GIVEN, UNKNOWN, Facts, FactValue, Given, GivenValue, Risk, Text
from bdesk.rules.walk.views import Finish, Offer, Planned, PlannedClock, PlannedEffect, Walk

_AMOUNT = re.compile(r"^(\d{1,9})(?:\.(\d{1,2}))?$")
_STOPS = re.compile("([，！？：；（）…～￥])")
"""Marks of Chinese sentences: words keep them, also in letters, while digits and letters are folded."""
_YES = frozenset({"1", "y", "yes", "是"})
_NO = frozenset({"2", "0", "n", "no", "否"})
TIMER_EFFECTS = 90
"""Effects of timers are numbered from here, so that none has the number of an option's effect."""

TEXT_LENGTH = 400
"""Longest text of a field that does not say its own length."""


def plan(procedure: Procedure, walked: Walk, option: str, captures: Given, facts: Facts) -> Planned:
    """What choosing `option` at the current step would do.

    Raises NotAllowed("option.refused", why=, facts=) when its guard is not met, NotAllowed("option.none")
    when the walk has no such option at hand, and BadInput("capture.missing" or one of `_BAD`, field=,
    label=) for fields. Guards are asked with the answers in, so an amount is held against the limit.
    """
    step, chosen = _chosen(walked, option)
    _offered(step, chosen, ground(procedure, facts, walked.given))
    _fields(step, chosen, captures)
    stale = {capture.name for capture in step.captures if capture.fresh}
    before = {name: value for name, value in walked.given.items() if name not in stale}
    given = {**before, **captures, **dict(chosen.sets)}
    full = ground(procedure, facts, given)
    _accepted(chosen, full)
    uses = [use for use in chosen.effects if _wanted(use, chosen, full)]
    effects = tuple(_effect(number, use, full) for number, use in enumerate(uses, 1))
    current = walked.current
    kept = {name: value for name, value in captures.items() if not _secret(step, name)}
    finish = Finish(chosen.outcome, step.id, chosen.reject, step.group, step.kind) if chosen.outcome else None
    return Planned(
        step=step.id,
        option=chosen.code,
        label=full.fill(chosen.label),
        round=current.round if current is not None else 1,
        cycle=walked.cycle,
        captures=kept,
        secrets={name: value for name, value in captures.items() if _secret(step, name)},
        effects=effects,
        clocks=tuple(_clock(move, full) for move in chosen.clocks),
        letters=tuple(str(one.params["letter"]) for one in effects if "letter" in one.params),
        money_fen=_money(effects),
        binding=any(use.binding for use in uses),
        goto=chosen.goto,
        finish=finish,
        via=walked.via,
        rests_on={name: look_up(name, full.facts, given) for name in _rests_on(chosen, uses)},
    )


def plan_timer(procedure: Procedure, walked: Walk, number: int, facts: Facts) -> Planned:
    """What a timer of the waiting step does: `number` counts them from 0, as `Waiting.timers` does.

    A letter's slots are filled from facts and answers as an option's are. One that leads on (`goto`) is
    kept as the system's answer to the step. Raises IndexError for a timer the step does not have.
    """
    if walked.waiting is None:
        raise IndexError(number)
    current, step, timer = walked.current, walked.waiting.step, walked.waiting.timers[number]
    seen = ground(procedure, facts, walked.given)
    params: dict[str, object] = {"letter": timer.letter, "slots": _value(Param(slots=timer.slots), seen)}
    letter = PlannedEffect(TIMER_EFFECTS + number, "letter", Risk.MESSAGE, params)
    return Planned(
        step=step,
        option=timer.code,
        label=timer.label,
        round=current.round if current is not None else 1,
        cycle=walked.cycle,
        captures={},
        secrets={},
        effects=(letter,) if timer.letter is not None else (),
        clocks=(),
        letters=(timer.letter,) if timer.letter is not None else (),
        money_fen=None,
        binding=False,
        goto=timer.goto,
        finish=Finish(timer.outcome, step) if timer.outcome is not None else None,
        via=walked.via,
        rests_on={},
    )


def beside(
    step: str,
    effect: PlannedEffect,
    *,
    option: str = "",
    round: int = 1,
    cycle: int,
    captures: Given | None = None,
    binding: bool = True,
) -> Planned:
    """One effect that no step of the walk offers: a key does it, or nobody. It leads nowhere."""
    letter = effect.params.get("letter")
    return Planned(
        step=step,
        option=option,
        label=Text("", ""),
        round=round,
        cycle=cycle,
        captures=captures or {},
        secrets={},
        effects=(effect,),
        clocks=(),
        letters=(str(letter),) if letter is not None else (),
        money_fen=None,
        binding=binding,
        goto=None,
        finish=None,
        via=(),
        rests_on={},
    )


def parse(capture: Capture, typed: str, today: date | None = None) -> GivenValue:
    """What was typed into a field, as a value: amounts in fen. Raises BadInput of `_BAD`, and
    "capture.day_over" for a day to come that is over unless its year is written.

    `today` is the local day: from it a date without its year is told.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    value: GivenValue | None = None
    if capture.type is CaptureType.AMOUNT:
        match = _AMOUNT.match(text.replace(",", ""))
        if match:
            value = int(match.group(1)) * 100 + int((match.group(2) or "").ljust(2, "0"))
    elif capture.type is CaptureType.DATE:
        if capture.when == "future" and today is not None and is_over(text, today):
            raise BadInput("capture.day_over", field=capture.name, label=capture.label, text=text)
        value = day_written(text, today, capture.when)
    elif capture.type is CaptureType.YESNO:
        low = text.lower()
        value = True if low in _YES else False if low in _NO else None
    elif capture.type in (CaptureType.ITEMS, CaptureType.EVIDENCE):
        value = tuple(part for part in re.split(r"[\s,、]+", text) if part)
    elif capture.type is CaptureType.CHOICE:
        value = _choice(capture, text)
    elif capture.type is CaptureType.TEXT:
        value = _words(typed)
    else:
        value = text
    if value is None or not acceptable(capture, value):
        raise _bad(capture)
    return value


def _words(typed: str) -> str:
    parts = _STOPS.split(typed.strip())
    return "".join(
        part if at % 2 else unicodedata.normalize("NFKC", part) for at, part in enumerate(parts)
    ).strip()


def acceptable(capture: Capture, value: GivenValue) -> bool:
    """Whether a value fits its field."""
    kind = capture.type
    if kind is CaptureType.AMOUNT:
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    if kind is CaptureType.YESNO:
        return isinstance(value, bool)
    if kind is CaptureType.DATE:
        return isinstance(value, date)
    if kind in (CaptureType.ITEMS, CaptureType.EVIDENCE):
        return isinstance(value, tuple) and bool(value)
    if not isinstance(value, str) or not value.strip():
        return False
    if kind is CaptureType.CHOICE:
        return any(choice.code == value for choice in capture.choices)
    if kind is CaptureType.DIGITS:
        return (
            value.isascii() and value.isdigit() and (capture.length is None or len(value) == capture.length)
        )
    return len(value) <= (capture.length or TEXT_LENGTH)


_BAD = {
    CaptureType.CHOICE: "capture.not_offered",
    CaptureType.YESNO: "capture.not_offered",
    CaptureType.AMOUNT: "capture.not_amount",
    CaptureType.DATE: "capture.not_date",
    CaptureType.DIGITS: "capture.not_digits",
}
"""What to say of a value that does not fit, by the type of its field; else "capture.bad"."""


def _bad(capture: Capture) -> BadInput:
    code = _BAD.get(capture.type, "capture.bad")
    if capture.type is CaptureType.DIGITS and capture.length is None:
        code = "capture.not_number"
    return BadInput(code, field=capture.name, label=capture.label, length=capture.length or 0)


def _choice(capture: Capture, text: str) -> str | None:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(capture.choices):
        return capture.choices[int(text) - 1].code
    return next((one.code for one in capture.choices if text in (one.code, one.label.zh, one.label.en)), None)


def _chosen(walked: Walk, code: str) -> tuple[Step, Option]:
    if walked.current is None:
        raise NotAllowed("option.none", option=code)
    step = walked.current.step
    option = step.option(code)
    if option is None and chooses(step):
        way = next((one for one in step.ways if one.code == code), None)
        option = way_as_option(way) if way is not None else None
    if option is None:
        raise NotAllowed("option.none", option=code)
    return step, option


def _offered(step: Step, option: Option, seen: Ground) -> None:
    offer, verdict = offer_of(option, seen)
    if offer is Offer.OFFERED or (offer is Offer.UNKNOWN and chooses(step)):
        return
    raise NotAllowed(
        "option.refused",
        option=seen.fill(option.label),
        why=why_not(option, verdict, seen),
        facts=tuple(dict.fromkeys(finding.leaf.fact for finding in verdict.because)),
    )


def _accepted(option: Option, seen: Ground) -> None:
    verdict = evaluate(option.accept, seen.facts, seen.given)
    if verdict.truth:
        return
    raise NotAllowed(
        "option.refused",
        option=seen.fill(option.label),
        why=why_not(option, verdict, seen),
        facts=tuple(dict.fromkeys(finding.leaf.fact for finding in verdict.because)),
    )


def _fields(step: Step, option: Option, captures: Given) -> None:
    for name in option.needs:
        if name not in captures:
            capture = step.capture(name)
            raise BadInput("capture.missing", field=name, label=capture.label if capture else name)
    for name, value in captures.items():
        capture = step.capture(name)
        if capture is None:
            raise BadInput("capture.unknown", field=name)
        if not acceptable(capture, value):
            raise _bad(capture)


def _wanted(use: EffectUse, option: Option, seen: Ground) -> bool:
    truth = evaluate(use.when, seen.facts, seen.given).truth
    if truth is None and use.binding:
        raise NotAllowed(
            "option.refused", option=seen.fill(option.label), why=None, facts=tuple(names(use.when))
        )
    return truth is True


def _secret(step: Step, name: str) -> bool:
    capture = step.capture(name)
    return capture is not None and capture.secret


def _effect(number: int, use: EffectUse, seen: Ground) -> PlannedEffect:
    params: dict[str, object] = {}
    for name, param in use.params:
        value = _value(param, seen)
        if value is UNKNOWN:
            # An effect never runs on a guess: whoever wrote the guard left this fact out.
            raise NotAllowed("effect.untold", effect=use.effect, param=name, fact=param.name)
        if value is not None:
            params[name] = value
    return PlannedEffect(number, use.effect, use.risk, params)


def _value(param: Param, seen: Ground) -> object:
    if param.slots is not None:
        told = {name: _slot(one, seen) for name, one in param.slots}
        return {name: value for name, value in told.items() if value is not UNKNOWN and value is not None}
    if param.text is not None:
        return seen.fill(param.text)
    if param.name is None:
        return param.literal
    value: FactValue = look_up(param.name, seen.facts, seen.given)
    if value is UNKNOWN and param.name.startswith(GIVEN):
        # A field that may be left empty.
        return None
    return value


def _slot(param: Param, seen: Ground) -> object:
    """What fills a place in a letter: codes by their labels, for a customer reads it."""
    value = _value(param, seen)
    spec = seen.specs.get(param.name) if param.name is not None else None
    if spec is not None and isinstance(value, str) and value in spec.values:
        return spec.values[value]
    return value


def _clock(move: ClockMove, seen: Ground) -> PlannedClock:
    settings: dict[str, object] = {name: _value(param, seen) for name, param in move.settings}
    if move.since is not None:
        settings["since"] = look_up(move.since, seen.facts, seen.given)
    return PlannedClock(move, settings)


def _money(effects: tuple[PlannedEffect, ...]) -> int | None:
    sums = [one.params.get("amount_fen") for one in effects if one.risk is Risk.MONEY]
    fen = [value for value in sums if isinstance(value, int)]
    return sum(fen) if fen else None


def _rests_on(option: Option, uses: list[EffectUse]) -> list[str]:
    found = [*names(option.guard), *names(option.accept)]
    for use in uses:
        found.extend(names(use.when))
        found.extend(_param_names(dict(use.params)))
    return [name for name in dict.fromkeys(found) if not name.startswith(GIVEN)]


def _param_names(params: Mapping[str, Param]) -> list[str]:
    found: list[str] = []
    for param in params.values():
        if param.name is not None:
            found.append(param.name)
        if param.slots is not None:
            found.extend(_param_names(dict(param.slots)))
    return found
