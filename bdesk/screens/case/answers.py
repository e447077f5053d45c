"""A numbered answer: at once where it binds nobody, into the strip where it does (UX 5)."""

from collections.abc import Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from bdesk.errors import BadInput, DeskError
from bdesk.i18n import _
from bdesk.models.views.changed import Changed
from bdesk.operations import walking
from bdesk.operations.effects.strip import plan_strip
from bdesk.rules.walk.values import Given, Risk
from bdesk.rules.walk.views import OptionView
from bdesk.screens.working import start

if TYPE_CHECKING:
    from bdesk.screens.case.screen import CaseScreen


def option_of(screen: "CaseScreen", code: str | None) -> OptionView | None:
    """The option of this code at the step on the screen; the natural one for None."""
    current = screen.page.standing.walk.current if screen.page is not None else None
    if current is None:
        return None
    return next((one for one in current.options if one.code == code or (code is None and one.primary)), None)


def go_on(screen: "CaseScreen") -> None:
    """Enter in the last field: on with the answer that asked for it, else with the natural one."""
    option = option_of(screen, screen.wanted) or option_of(screen, None)
    if option is not None:
        choose(screen, option.code)
    elif screen.steps.choices is not None:
        screen.steps.choices.focus()


def choose(screen: "CaseScreen", code: str) -> None:
    """Take the fields, ask for those the answer needs, then answer or put it into the strip."""
    option, page = option_of(screen, code), screen.page
    if page is None or option is None or page.standing.walk.current is None:
        return
    case = page.standing.snapshot.case
    if case.id != screen.case_id:
        return
    captures = _filled(screen, option)
    if captures is None:
        return
    step = page.standing.walk.current.step.id
    if option.risk in (Risk.MESSAGE, Risk.MONEY):
        start(screen, partial(_pend, screen, case.id, step, code, captures), "read-strip", newest=True)
    else:
        then = partial(answered, screen)
        screen.perform(walking.answer, case.id, case.version, step, code, captures, then=then)


def _filled(screen: "CaseScreen", option: OptionView) -> Given | None:
    """The fields' values; None when something is missing or wrong, which is then asked for."""
    form = screen.steps.form
    if form is None:
        return {}
    try:
        captures = form.captures()
    except BadInput as bad:
        screen.say_refusal(bad)
        form.reveal((str(bad.params.get("field")),))
        return None
    missing = [name for name in option.needs if name not in captures]
    if missing:
        screen.wanted = option.code
        form.reveal(missing)
        screen.toast(_("Fill in what this needs, then Enter"), "hint")
        return None
    return captures


def answered(screen: "CaseScreen", _changed: Changed) -> Coroutine[Any, Any, None]:
    """The answer is kept: its half-typed fields are no draft any more. What it sends can be recalled."""
    screen.at = screen.wanted = None
    page = screen.page
    if page is not None and page.standing.walk.current is not None:
        screen.drafts.forget_fields(page.standing.snapshot.case.id, page.standing.walk.current.step.id)
    app: Any = screen.app
    recallable: Coroutine[Any, Any, None] = app.refresh_windows()
    return recallable


async def _pend(screen: "CaseScreen", case_id: int, step: str, code: str, captures: Given) -> None:
    try:
        strip = await screen.place.desk.read(plan_strip, case_id, step, code, captures)
    except DeskError as refused:
        form = screen.steps.form
        if refused.code == "option.refused" and form is not None:
            # A field that the answer can do without may be what it was refused for.
            screen.wanted = code
            form.reveal()
        screen.say_refusal(refused)
        return
    await screen.pend(strip)
