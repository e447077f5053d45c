"""What is promised by a time, a call back among it, and what was promised and is done."""

from datetime import datetime

from bdesk.errors import BadInput
from bdesk.i18n import _
from bdesk.models.views.snapshot import PromiseView
from bdesk.operations import promises
from bdesk.operations.looking.case import CasePage
from bdesk.rules.promise_times import offers, typed
from bdesk.rules.promises import owed
from bdesk.screens.case.forms import drafts
from bdesk.screens.case.host import CaseHost
from bdesk.screens.modals.ask import Answered, Question, numbered
from bdesk.screens.moments import day
from bdesk.widgets.cells import crop, shown

OTHER_TIME = "other"
WORDS_SHOWN = 24
DRAFT = "promise"


def open_ones(page: CasePage) -> list[PromiseView]:
    """What was promised and is not done: open, or broken while its clock still runs."""
    return list(owed(page.standing.snapshot.promises, page.readings))


def none_open(host: CaseHost) -> str:
    """Why nothing promised can be done."""
    return "" if host.page is not None and open_ones(host.page) else _("No promise is open")


def something(host: CaseHost, case_id: int, _words: str) -> None:
    """Something is promised: by when."""
    _ask_when(host, case_id, promises.PROMISE)


def call_back(host: CaseHost, case_id: int, _words: str) -> None:
    """A call is promised: by when."""
    _ask_when(host, case_id, promises.CALL_BACK)


def _ask_when(host: CaseHost, case_id: int, kind: str) -> None:
    times = offers(host.place.now())
    words = {
        "two_hours": _("Within 2 hours"),
        "today": _("Today 18:00"),
        "tomorrow_noon": _("Tomorrow 12:00"),
        "tomorrow": _("Tomorrow 18:00"),
        "three_days": _("In 3 days, 18:00"),
    }
    pairs = [(code, words[code]) for code in times]
    pairs.append((OTHER_TIME, _("Another time: type it first")))
    title = _("Call back by") if kind == promises.CALL_BACK else _("Promised by")
    question = Question(
        title,
        numbered(*pairs, refused={code: _("It has passed") for code, at in times.items() if at is None}),
        wants_words=frozenset(code for code, _label in pairs),
        words_label=_("What is promised; another time as 11-25 15:00 ..."),
        text=drafts.text(host, case_id, DRAFT),
    )
    host.ask(
        question,
        lambda answer: _promise(host, case_id, kind, answer, times),
        drafts.keeping(host, case_id, DRAFT),
    )


def _promise(
    host: CaseHost, case_id: int, kind: str, answer: Answered, times: dict[str, datetime | None]
) -> None:
    due_at, words = times.get(answer.code), answer.words
    if answer.code == OTHER_TIME:
        said = typed(answer.words, host.place.now())
        if said is None or not said[1]:
            host.say_refusal(BadInput("promise.when", text=crop(shown(answer.words), WORDS_SHOWN)))
            return
        due_at, words = said
    if due_at is not None:
        then = drafts.forgetting(host, case_id, DRAFT)
        host.perform(promises.make, case_id, words, due_at, kind, then=then)


def kept(host: CaseHost, _case_id: int, _words: str) -> None:
    """What was promised is done: which, and what was done."""
    if host.page is None:
        return
    found = open_ones(host.page)
    pairs = [(str(one.id), f"{day(one.due_at)} {crop(shown(one.words), WORDS_SHOWN)}") for one in found]
    question = Question(
        _("What was done"),
        numbered(*pairs),
        wants_words=frozenset(code for code, _label in pairs),
        words_label=_("What was done, in a few words"),
        chosen=pairs[0][0] if len(pairs) == 1 else "",
    )
    host.ask(question, lambda answer: host.perform(promises.keep, int(answer.code), answer.words))
