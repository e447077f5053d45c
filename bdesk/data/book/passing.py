"""Steps at which nothing is decided: a case becomes another kind by the answer that says so.

A convert step without words to say, with one plain answer, costs a key and asks nothing. An answer that leads
only there does it itself; whoever comes there by the facts still reads it and presses its key.
"""

from dataclasses import replace

from bdesk.rules.walk.model import ALWAYS, Option, Step, StepType


def passed_on(steps: tuple[Step, ...], entry: str) -> tuple[Step, ...]:
    """The steps with such answers joined to what they lead to, without steps nobody comes to any more."""
    ends = {step.id: step for step in steps if step.id != entry and _is_bare(step)}
    joined = tuple(
        replace(step, options=tuple(_joined(option, ends) for option in step.options)) for step in steps
    )
    sought = {way.goto for step in joined for way in step.ways}
    sought |= {option.goto for step in joined for option in step.options}
    sought |= {timer.goto for step in joined for timer in step.timers}
    return tuple(step for step in joined if step.id not in ends or step.id in sought)


def _is_bare(step: Step) -> bool:
    if step.type is not StepType.CONVERT or step.say is not None or len(step.options) != 1:
        return False
    (only,) = step.options
    asks = step.checks or step.captures or step.ways or step.timers
    return not asks and _is_plain(only) and only.outcome is not None


def _is_plain(option: Option) -> bool:
    """Whether it is offered always, and asks for nothing."""
    free = option.guard == ALWAYS and option.accept == ALWAYS
    return free and not (option.needs or option.sets or option.clocks or option.reject)


def _joined(option: Option, ends: dict[str, Step]) -> Option:
    """What an answer with effects or clocks of its own starts ends with it: it keeps the other key."""
    if option.goto not in ends or option.effects or option.clocks:
        return option
    step = ends[option.goto]
    last = step.options[0]
    realises = tuple(dict.fromkeys((*option.realises, *step.realises, *last.realises)))
    return replace(option, effects=last.effects, goto=None, outcome=last.outcome, realises=realises)
