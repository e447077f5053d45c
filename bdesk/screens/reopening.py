"""Asking why a case that is done comes back, and reopening it; the thirty days are the operation's matter."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bdesk.i18n import _
from bdesk.models.views.changed import Changed
from bdesk.operations.reopening import reopen
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered

if TYPE_CHECKING:
    from bdesk.screens.base import DeskScreen

REOPEN = "reopen"


def ask(
    screen: "DeskScreen",
    case_id: int,
    words: str,
    contact_id: int | None,
    then: Callable[[Changed], None],
) -> None:
    """Ask for a few words, kept as a draft, then reopen; `words` say what it comes to."""
    drafts, place = screen.place.desk.drafts, f"case:{case_id}"

    def answered(answer: Answered | None) -> None:
        if answer is not None:
            screen.perform(reopen, case_id, answer.words, contact_id, then=done)

    def done(changed: Changed) -> None:
        drafts.save(place, REOPEN, None)
        then(changed)

    question = Question(
        _("The customer came back"),
        numbered((REOPEN, words)),
        wants_words=frozenset({REOPEN}),
        words_label=_("Why, in a few words"),
        text=str(drafts.load(place).get(REOPEN, "")),
        chosen=REOPEN,
    )
    screen.app.push_screen(AskModal(question, lambda text: drafts.save(place, REOPEN, text)), answered)
