"""Which factors a verification step asks for: only those that this file can be compared with (B0.4)."""

from dataclasses import replace

from bdesk.models.kinds import Factor, VerificationLevel
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.verification import askable
from bdesk.rules.walk.model import Option, Procedure, Step

CHECK = "verify.check"
_LEVELS = {"1": VerificationLevel.V1, "2": VerificationLevel.V2, "3": VerificationLevel.V3}


def comparable(procedure: Procedure, snapshot: Snapshot) -> Procedure:
    """The procedure without fields for factors that count nothing here: those that the level of their step
    does not take, and those the file has nothing for. An answer that needed such a field does without."""
    if not any(_asks(step) for step in procedure.steps):
        return procedure
    return replace(
        procedure,
        steps=tuple(_step(step, snapshot) if _asks(step) else step for step in procedure.steps),
    )


def _asks(step: Step) -> bool:
    return any(capture.factor is not None for capture in step.captures)


def _step(step: Step, snapshot: Snapshot) -> Step:
    wanted = askable(_level(step), snapshot)
    left_out = {
        capture.name
        for capture in step.captures
        if capture.factor is not None and Factor(capture.factor) not in wanted
    }
    if not left_out:
        return step
    return replace(
        step,
        captures=tuple(capture for capture in step.captures if capture.name not in left_out),
        options=tuple(_without(option, left_out) for option in step.options),
    )


def _without(option: Option, left_out: set[str]) -> Option:
    return replace(option, needs=tuple(name for name in option.needs if name not in left_out))


def _level(step: Step) -> VerificationLevel:
    """The level that the answers of a step are checked for; level 2 where none says so."""
    for option in step.options:
        for use in option.effects:
            level = next((param.literal for name, param in use.params if name == "level"), None)
            if use.effect == CHECK and str(level) in _LEVELS:
                return _LEVELS[str(level)]
    return VerificationLevel.V2
