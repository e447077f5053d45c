"""A numbered answer: at once where it binds nobody, into the strip where it does (UX 5)."""

from functools import partial
from typing import Any, Protocol

from bdesk.errors import BadInput, DeskError
from bdesk.i18n import _, pick
from bdesk.models.views.changed import Changed
from bdesk.operations import walking
from bdesk.operations.effects.strip import plan_strip
from bdesk.operations.looking.case import CasePage
from bdesk.rules.walk.values import Given, Risk
from bdesk.rules.walk.views import OptionView
from bdesk.screens.case import asking
from bdesk.screens.case.drafting import CaseDrafts
from bdesk.screens.case.host import CaseHost
from bdesk.screens.case.present import said
from bdesk.screens.case.step_pane import StepPane


class Answering(CaseHost, Protocol):
    """The case screen, where a step of it is answered."""

    at: str | None
    wanted: str | None
    drafts: CaseDrafts

    @property
    def steps(self) -> StepPane:
        """The step with its fields and answers."""

    def answered(self, changed: Changed) -> Any:
        """What comes after an answer was kept."""


def option_of(host: Answering, code: str | None) -> OptionView | None:
    """The option of this code at the step on the screen; the natural one for None."""
    current = host.page.standing.walk.current if host.page is not None else None
    if current is None:
        return None
    return next((one for one in current.options if one.code == code or (code is None and one.primary)), None)


def go_on(host: Answering) -> None:
    """Enter in the last field: on with the answer that asked for it, else with the natural one."""
    option = option_of(host, host.wanted) or option_of(host, None)
    if option is not None:
        choose(host, option.code)
    elif host.steps.choices is not None:
        host.steps.choices.focus()


def choose(host: Answering, code: str) -> None:
    """Take the fields, ask for those the answer needs, then answer or put it into the strip."""
    option, page = option_of(host, code), host.page
    if page is None or option is None or page.standing.walk.current is None:
        return
    case = page.standing.snapshot.case
    if case.id != host.case_id:
        return
    captures = _filled(host, option)
    if captures is None or _asks_first(host, page, code, captures):
        return
    step = page.standing.walk.current.step.id
    if option.risk in (Risk.MESSAGE, Risk.MONEY):
        host.plan(
            plan_strip, case.id, step, code, captures, refused=lambda error: show_fields(host, code, error)
        )
    else:
        # Kept until the answer is: what it was refused for may be a field that is not shown yet.
        host.wanted = code
        host.perform(walking.answer, case.id, case.version, step, code, captures, then=host.answered)


def _filled(host: Answering, option: OptionView) -> Given | None:
    """The fields' values; None when something is missing or wrong, which is then asked for."""
    form = host.steps.form
    if form is None:
        return {}
    try:
        captures = form.captures()
    except BadInput as bad:
        host.say_refusal(bad)
        form.correct(str(bad.params.get("field")))
        return None
    missing = [name for name in option.needs if name not in captures]
    if missing:
        host.wanted = option.code
        form.reveal(missing)
        labels = (said(view.capture.label) for view in form.views if view.capture.name in missing)
        host.toast(_("Fill in {fields}, then Enter", fields=pick("、", ", ").join(labels)), "hint")
        return None
    return captures


def _asks_first(host: Answering, page: CasePage, code: str, captures: Given) -> bool:
    """Show the optional fields the answer goes by, where too little of them is filled in."""
    form, fields = host.steps.form, asking.lacking(page, code, captures)
    current = page.standing.walk.current
    if form is None or current is None or not fields:
        return False
    host.wanted = code
    form.complete = partial(asking.complete, page, code)
    form.reveal(fields)
    option = current.step.option(code)
    why = option.why if option is not None else None
    host.toast(said(why) if why is not None else _("Fill in what this needs, then Enter"), "hint")
    return True


def show_fields(host: Answering, code: str, refused: DeskError) -> None:
    """A field that the answer can do without may be what it was refused for."""
    form = host.steps.form
    if form is None:
        return
    if refused.code == "option.refused":
        host.wanted = code
        form.reveal()
    elif (name := refused.params.get("field")) is not None:
        form.correct(str(name))


def forget_fields(host: Answering) -> None:
    """The answer is kept: its half-typed fields are no draft any more."""
    host.at = host.wanted = None
    host.steps.begin_anew()
    page = host.page
    if page is not None and page.standing.walk.current is not None:
        host.drafts.forget_fields(page.standing.snapshot.case.id, page.standing.walk.current.step.id)
