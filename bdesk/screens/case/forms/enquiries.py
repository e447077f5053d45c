"""What is done when the customer asks how it stands (P12): told, raised with a new date, written, traced."""

from bdesk.i18n import _
from bdesk.models.kinds import Department
from bdesk.operations import enquiries, tasks
from bdesk.operations.effects.news import plan_news
from bdesk.screens.case import enquiry, present
from bdesk.screens.case.forms import promises
from bdesk.screens.case.host import CaseHost
from bdesk.screens.modals.ask import Question, numbered

TRACE, TRACE_HOURS = "trace_refund", 24
NEW_DATES = ("2", "24", "72")
"""Hours from now."""


def closed(host: CaseHost) -> str:
    """Why nothing is noted or sent on a case that is done."""
    if host.page is not None and present.is_done(host.page.standing.snapshot):
        return _("The case is closed: read it out, and open an enquiry from the call card")
    return ""


def no_promise(host: CaseHost) -> str:
    """Why nothing promised can be done."""
    return "" if host.page is not None and promises.open_ones(host.page) else _("No promise waits")


def none_late(host: CaseHost) -> str:
    """Why there is no refund to trace."""
    return "" if _late_no(host) is not None else _("No refund is late")


def _late_no(host: CaseHost) -> str | None:
    found = host.page.standing.facts.get("refund.late_no") if host.page is not None else None
    return found if isinstance(found, str) else None


def told(host: CaseHost, case_id: int, _words: str) -> None:
    """They were told, which is noted."""
    host.perform(enquiries.answered, case_id)


def urge(host: CaseHost, case_id: int, _words: str) -> None:
    """The new date, and what is promised by then."""
    choices = numbered(*((code, _("within {hours} h", hours=code)) for code in NEW_DATES))
    question = Question(
        _("Raised to a supervisor; a new date"),
        choices,
        wants_words=frozenset(NEW_DATES),
        words_label=_("What is promised, in a few words"),
        text=_("An answer on how it goes on"),
    )
    host.ask(question, lambda answer: host.perform(enquiries.urge, case_id, answer.words, int(answer.code)))


def news(host: CaseHost, case_id: int, _words: str) -> None:
    """How it stands, by letter, into the strip."""
    if host.page is not None:
        host.plan(plan_news, case_id, enquiry.status_words(host.page))


def trace(host: CaseHost, case_id: int, _words: str) -> None:
    """The payment desk looks where the refund is."""
    number = _late_no(host)
    if number is not None:
        question = _("Refund {number} has not arrived: where is it?", number=number)
        host.perform(tasks.ask, case_id, Department.PAYMENT.value, question, TRACE_HOURS, TRACE)
