"""Optional fields: they do not show from the beginning.

An answer may go by one without needing each of them (an order's number, or else phone and date): its `accept`
reads them, and they show when it is chosen. What no answer asks for shows when somebody goes there by Tab.
"""

from collections.abc import Collection, Mapping

from bdesk.operations.looking.case import CasePage
from bdesk.rules.walk.guards import evaluate, names
from bdesk.rules.walk.model import CaptureType, Option
from bdesk.rules.walk.present import ground
from bdesk.rules.walk.values import GIVEN, GivenValue
from bdesk.rules.walk.views import StepView


def asked(page: CasePage, code: str | None) -> tuple[str, ...]:
    """The fields of the step at hand that this answer (the natural one for None) goes by, as they stand on
    the screen, without those it cannot do without anyway."""
    option = _option(page, code)
    current = page.standing.walk.current
    if option is None or current is None:
        return ()
    read = {name.removeprefix(GIVEN) for name in names(option.accept) if name.startswith(GIVEN)}
    return tuple(
        view.capture.name
        for view in current.captures
        if view.capture.name in read and view.capture.name not in option.needs
    )


def lacking(page: CasePage, code: str | None, captures: Mapping[str, GivenValue]) -> tuple[str, ...]:
    """The fields to ask for before this answer can be taken: none when what is filled in is enough."""
    option, fields = _option(page, code), asked(page, code)
    if option is None or not fields or all(name in captures for name in fields):
        return ()
    stand = page.standing
    seen = ground(stand.procedure, stand.facts, {**stand.walk.given, **captures})
    return () if evaluate(option.accept, seen.facts, seen.given).truth else fields


def complete(page: CasePage, code: str | None, captures: Mapping[str, GivenValue]) -> bool:
    """Whether Enter may go on although optional fields are still empty."""
    option = _option(page, code)
    if option is None or not asked(page, code) or not _all(option.needs, captures):
        return False
    return not lacking(page, code, captures)


def unasked(current: StepView) -> frozenset[str]:
    """The fields of a step that none of its answers asks for; pieces of evidence are ticked in their list."""
    asked_for = {
        name.removeprefix(GIVEN)
        for option in current.step.options
        for name in (*option.needs, *names(option.accept))
    }
    return frozenset(
        view.capture.name
        for view in current.captures
        if view.capture.name not in asked_for and view.capture.type is not CaptureType.EVIDENCE
    )


def _all(needed: Collection[str], captures: Mapping[str, GivenValue]) -> bool:
    return all(name in captures for name in needed)


def _option(page: CasePage, code: str | None) -> Option | None:
    current = page.standing.walk.current
    if current is None:
        return None
    natural = next((one.code for one in current.options if one.primary), None)
    return current.step.option(code or natural or "")
