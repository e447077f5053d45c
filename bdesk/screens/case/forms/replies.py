"""A message that needs no reply: its clock ends, and why."""

from bdesk.i18n import _
from bdesk.operations import messages
from bdesk.screens.case.host import CaseHost
from bdesk.screens.modals.ask import Question, numbered


def none_waits(host: CaseHost) -> str:
    """Why there is no message to settle."""
    page = host.page
    waits = page is not None and any(one.live and one.kind == messages.NEXT for one in page.readings)
    return "" if waits else _("No message waits")


def not_needed(host: CaseHost, case_id: int, _words: str) -> None:
    """Why the message needs no answer."""
    question = Question(
        _("No reply needed"),
        numbered(("why", _("The message needs no answer"))),
        wants_words=frozenset({"why"}),
        words_label=_("Why, in a few words"),
        chosen="why",
    )
    host.ask(question, lambda answer: host.perform(messages.no_reply_needed, case_id, answer.words))
