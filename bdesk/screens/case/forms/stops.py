"""Stopping the clock, by a letter that says what is waited for, and letting it run again."""

from collections.abc import Callable

from bdesk.i18n import _
from bdesk.models.clock_kinds import RunState
from bdesk.operations import parking
from bdesk.operations.effects.adhoc import CUSTOMER, PARTIES, RESUME_DAYS, plan_stop, reasons_of
from bdesk.rules.clock.planning import cap_left, stop_for
from bdesk.screens.case.forms import drafts
from bdesk.screens.case.host import CaseHost
from bdesk.screens.modals.ask import Answered, Question, numbered
from bdesk.speech import speak

DAYS = (3, RESUME_DAYS, 14)
"""How long a stop is asked for at most; the customer, an agent or the cap may end it before."""

DRAFT = "park"


def why_not(waits_for: str) -> Callable[[CaseHost], str]:
    """Tells why no clock stops for somebody now, in few words."""
    return lambda host: _why(host, waits_for)


def _why(host: CaseHost, waits_for: str) -> str:
    if host.page is None:
        return ""
    kinds, now = host.place.desk.book.clock_kinds, host.place.now()
    found = stop_for(reasons_of(waits_for), host.page.readings, kinds, now)
    words = {
        "clock.never_stops": _("No clock stops for this"),
        "clock.stopped_already": _("Stopped already"),
        "clock.cap_used": _("Stopped as long as is allowed"),
    }
    return words.get(found.why, "")


def none_stopped(host: CaseHost) -> str:
    """Why no clock can run again."""
    stopped = host.page is not None and any(one.run is RunState.PAUSED for one in host.page.readings)
    return "" if stopped else _("No clock is stopped")


def resume(host: CaseHost, case_id: int, _words: str) -> None:
    """The clock runs again."""
    host.perform(parking.resume, case_id)


def for_customer(host: CaseHost, case_id: int, _words: str) -> None:
    """The customer is waited for."""
    _ask_days(host, case_id, CUSTOMER)


def for_party(host: CaseHost, case_id: int, _words: str) -> None:
    """A third party is waited for: which one."""
    why = {one: text for one in PARTIES if (text := _why(host, one))}
    names = [(one, speak(f"pause.{one}")) for one in PARTIES]
    question = Question(_("Whom do we wait for"), numbered(*names, refused=why))
    host.ask(question, lambda answer: _ask_days(host, case_id, answer.code))


def _ask_days(host: CaseHost, case_id: int, waits_for: str) -> None:
    page = host.page
    if page is None:
        return
    kinds, reasons = host.place.desk.book.clock_kinds, set(reasons_of(waits_for))
    most = max(
        (cap_left(one, kinds[one.kind]).days for one in page.readings if kinds[one.kind].pauses & reasons),
        default=0,
    )
    codes = [(str(days), _("{days} days at most", days=days)) for days in DAYS]
    over = {str(n): _("The cap leaves {days} days", days=most) for n in DAYS if n > max(most, RESUME_DAYS)}
    label = _("What is needed, as the customer will read it")
    if waits_for != CUSTOMER:
        label = _("What we wait for, as the customer will read it")
    question = Question(
        _("Stop the clock: how long"),
        numbered(*codes, refused=over),
        wants_words=frozenset(code for code, _label in codes),
        words_label=label,
        note=_("Tab goes to the days, digits choose others"),
        text=drafts.text(host, case_id, DRAFT),
        # A week is usual; what is left of the cap ends it earlier by itself.
        chosen=str(RESUME_DAYS),
    )

    def plan(answer: Answered) -> None:
        host.plan(
            plan_stop,
            case_id,
            waits_for,
            answer.words,
            int(answer.code),
            planned=lambda: drafts.forget(host, case_id, DRAFT),
        )

    host.ask(question, plan, drafts.keeping(host, case_id, DRAFT))
