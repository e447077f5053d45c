"""Every element of a procedure with the documented facts it realises, and which kinds of facts fit where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bdesk.rules.walk.guards import leaves
from bdesk.rules.walk.model import Procedure, Step
from bdesk.rules.walk.values import Text


class ElementKind(StrEnum):
    PROCEDURE = "procedure"
    CLOCK = "clock"
    STEP = "step"
    CHECK = "check"
    CAPTURE = "capture"
    BRANCH = "branch"
    OUTCOME = "outcome"
    TIMER = "timer"
    LETTER = "letter"


# ARCHITECTURE, "Procedures are data": a limit on a clock or check, a rejection on an outcome, evidence and
# data on a capture, an exception on a branch. Other kinds fit anywhere.
FITS: Mapping[str, frozenset[ElementKind]] = {
    "limit": frozenset({ElementKind.CLOCK, ElementKind.CHECK, ElementKind.TIMER}),
    "reject": frozenset({ElementKind.OUTCOME}),
    "evidence": frozenset({ElementKind.CAPTURE}),
    "data": frozenset({ElementKind.CAPTURE}),
    "exception": frozenset({ElementKind.BRANCH, ElementKind.OUTCOME}),
}


@dataclass(frozen=True, slots=True)
class Element:
    """A place in a procedure. `name` is how coverage calls it: "refund: option reason.quality"."""

    kind: ElementKind
    where: str
    realises: tuple[str, ...]
    texts: tuple[Text, ...] = ()


def elements(procedure: Procedure) -> Iterator[Element]:
    """Every element of a procedure, in the order of the file."""
    code = procedure.code
    yield Element(ElementKind.PROCEDURE, code, procedure.realises, (procedure.title, *procedure.stages))
    for one in procedure.opens:
        yield Element(ElementKind.CLOCK, f"{code}: clock {one.clock.kind}", one.clock.realises)
    for step in procedure.steps:
        yield from _step(code, step)


def _step(code: str, step: Step) -> Iterator[Element]:
    texts = (step.title,) if step.say is None else (step.title, step.say)
    yield Element(ElementKind.STEP, f"{code}: step {step.id}", step.realises, texts)
    for check in step.checks:
        words = tuple(text for text in (check.label, check.rule) if text is not None)
        yield Element(ElementKind.CHECK, f"{code}: check {step.id}.{check.fact}", check.realises, words)
    for capture in step.captures:
        words = (capture.label, *(choice.label for choice in capture.choices))
        words = words if capture.help is None else (*words, capture.help)
        yield Element(
            ElementKind.CAPTURE, f"{code}: capture {step.id}.{capture.name}", capture.realises, words
        )
    for way in step.ways:
        kind = ElementKind.OUTCOME if way.outcome is not None else ElementKind.BRANCH
        yield Element(kind, f"{code}: way {step.id}.{way.code}", way.realises, (way.label,))
    for option in step.options:
        ends = option.outcome is not None or option.reject is not None
        kind = ElementKind.OUTCOME if ends else ElementKind.BRANCH
        compared = (*leaves(option.guard), *leaves(option.accept))
        whys = (option.why, *(leaf.why for leaf in compared))
        words = (option.label, *(why for why in whys if why is not None))
        params = tuple(_texts(option.effects))
        yield Element(kind, f"{code}: option {step.id}.{option.code}", option.realises, (*words, *params))
        for move in option.clocks:
            where = f"{code}: clock {move.kind} at {step.id}.{option.code}"
            yield Element(ElementKind.CLOCK, where, move.realises)
    for timer in step.timers:
        yield Element(
            ElementKind.TIMER, f"{code}: timer {step.id}.{timer.after_days or timer.code}", timer.realises
        )


def _texts(uses: tuple[object, ...]) -> Iterator[Text]:
    for use in uses:
        for _, param in getattr(use, "params", ()):
            if param.text is not None:
                yield param.text
            for _, slot in param.slots or ():
                if slot.text is not None:
                    yield slot.text
