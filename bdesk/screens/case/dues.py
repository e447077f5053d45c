"""What F6 asks beside putting aside: stops with party and days, promises, extensions, no reply needed."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bdesk.errors import BadInput, DeskError
from bdesk.i18n import _, pick
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import PromiseState
from bdesk.models.views.changed import Changed
from bdesk.models.views.snapshot import PromiseView
from bdesk.operations import extending, messages, parking, promises
from bdesk.operations.effects.adhoc import CUSTOMER, PARTIES, RESUME_DAYS, THIRD_PARTY, plan_stop, reasons_of
from bdesk.operations.looking.case import CasePage
from bdesk.rules.clock.kind import target_of
from bdesk.rules.clock.planning import cap_left, next_due, stop_for, why_not_extended
from bdesk.rules.promise_times import offers, typed
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered
from bdesk.screens.moments import day, due_short
from bdesk.screens.working import start
from bdesk.speech import speak
from bdesk.widgets.cells import crop, shown

if TYPE_CHECKING:
    from bdesk.screens.case.screen import CaseScreen

DAYS = (3, RESUME_DAYS, 14)
"""How long a stop is asked for at most; the customer, an agent or the cap may end it before."""

OTHER_TIME = "other"
WORDS_SHOWN = 24


def refused(screen: "CaseScreen") -> dict[str, str]:
    """Why what F6 offers is not possible on the case at hand, by code; in few words, for one line."""
    page = screen.page
    if page is None:
        return {}
    why = {one: _why(screen, page, one) for one in (CUSTOMER, THIRD_PARTY)}
    if not any(one.run is RunState.PAUSED for one in page.readings):
        why["resume"] = _("No clock is stopped")
    if not open_promises(page):
        why["kept"] = _("No promise is open")
    if not _extensible(screen, page):
        why["extend"] = _("No clock can be extended")
    if not any(one.live and one.kind == messages.NEXT for one in page.readings):
        why["no_reply"] = _("No message waits")
    return {code: text for code, text in why.items() if text}


def _why(screen: "CaseScreen", page: CasePage, waits_for: str) -> str:
    kinds, now = screen.place.desk.book.clock_kinds, screen.place.now()
    found = stop_for(reasons_of(waits_for), page.readings, kinds, now)
    words = {
        "clock.never_stops": _("No clock stops for this"),
        "clock.stopped_already": _("Stopped already"),
        "clock.cap_used": _("Stopped as long as is allowed"),
    }
    return words.get(found.why, "")


def chosen(screen: "CaseScreen", case_id: int, code: str) -> None:
    """Ask on for what was chosen in F6."""
    if code == CUSTOMER:
        _ask_days(screen, case_id, CUSTOMER)
    elif code == THIRD_PARTY:
        _ask_party(screen, case_id)
    elif code in (promises.PROMISE, promises.CALL_BACK):
        _ask_when(screen, case_id, code)
    elif code == "kept":
        _ask_kept(screen, case_id)
    elif code == "resume":
        screen.perform(parking.resume, case_id)
    elif code == "extend":
        _ask_extension(screen, case_id)
    elif code == "no_reply":
        question = Question(
            _("No reply needed"),
            numbered(("why", _("The message needs no answer"))),
            wants_words=frozenset({"why"}),
            words_label=_("Why, in a few words"),
            chosen="why",
        )
        _ask(
            screen,
            case_id,
            question,
            lambda answer: screen.perform(messages.no_reply_needed, case_id, answer.words),
        )


def _ask(
    screen: "CaseScreen",
    case_id: int,
    question: Question,
    then: Callable[[Answered], object],
    draft: str = "",
) -> None:
    def done(answer: Answered | None) -> None:
        if answer is not None:
            then(answer)

    screen.app.push_screen(AskModal(question, _keep(screen, case_id, draft) if draft else None), done)


def _keep(screen: "CaseScreen", case_id: int, draft: str) -> Callable[[str], None]:
    return lambda text: screen.place.desk.drafts.save(f"case:{case_id}", draft, text)


def _draft(screen: "CaseScreen", case_id: int, draft: str) -> str:
    return str(screen.place.desk.drafts.load(f"case:{case_id}").get(draft, ""))


def _forget(screen: "CaseScreen", case_id: int, draft: str) -> Callable[[Changed], None]:
    return lambda _changed: screen.place.desk.drafts.save(f"case:{case_id}", draft, None)


# Stops


def _ask_party(screen: "CaseScreen", case_id: int) -> None:
    page = screen.page
    if page is None:
        return
    why = {one: text for one in PARTIES if (text := _why(screen, page, one))}
    names = [(one, speak(f"pause.{one}")) for one in PARTIES]
    question = Question(_("Whom do we wait for"), numbered(*names, refused=why))
    _ask(screen, case_id, question, lambda answer: _ask_days(screen, case_id, answer.code))


def _ask_days(screen: "CaseScreen", case_id: int, waits_for: str) -> None:
    page = screen.page
    if page is None:
        return
    kinds, reasons = screen.place.desk.book.clock_kinds, set(reasons_of(waits_for))
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
        text=_draft(screen, case_id, "park"),
        # A week is usual; what is left of the cap ends it earlier by itself.
        chosen=str(RESUME_DAYS),
    )
    _ask(
        screen,
        case_id,
        question,
        lambda answer: start(
            screen, partial(_stop, screen, case_id, waits_for, answer), "read-strip", newest=True
        ),
        "park",
    )


async def _stop(screen: "CaseScreen", case_id: int, waits_for: str, answer: Answered) -> None:
    try:
        strip = await screen.place.desk.read(plan_stop, case_id, waits_for, answer.words, int(answer.code))
    except DeskError as error:
        screen.say_refusal(error)
        return
    screen.place.desk.drafts.save(f"case:{case_id}", "park", None)
    await screen.pend(strip)


# Promises


def open_promises(page: CasePage) -> list[PromiseView]:
    """What was promised and is not done: open, or broken while its clock still runs."""
    live = {one.due_at for one in page.readings if one.live and one.kind in ("promise", "call_back")}
    broken = (PromiseState.OPEN, PromiseState.BROKEN)
    found = page.standing.snapshot.promises
    return [one for one in found if one.state in broken and one.due_at in live]


def _ask_when(screen: "CaseScreen", case_id: int, kind: str) -> None:
    times = offers(screen.place.now())
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
        text=_draft(screen, case_id, "promise"),
    )
    _ask(screen, case_id, question, lambda answer: _promise(screen, case_id, kind, answer, times), "promise")


def _promise(
    screen: "CaseScreen", case_id: int, kind: str, answer: Answered, times: dict[str, datetime | None]
) -> None:
    due_at, words = times.get(answer.code), answer.words
    if answer.code == OTHER_TIME:
        said = typed(answer.words, screen.place.now())
        if said is None or not said[1]:
            screen.say_refusal(BadInput("promise.when", text=crop(shown(answer.words), WORDS_SHOWN)))
            return
        due_at, words = said
    if due_at is not None:
        then = _forget(screen, case_id, "promise")
        screen.perform(promises.make, case_id, words, due_at, kind, then=then)


def _ask_kept(screen: "CaseScreen", case_id: int) -> None:
    page = screen.page
    if page is None:
        return
    open_ones = open_promises(page)
    pairs = [(str(one.id), f"{day(one.due_at)} {crop(shown(one.words), WORDS_SHOWN)}") for one in open_ones]
    question = Question(
        _("What was done"),
        numbered(*pairs),
        wants_words=frozenset(code for code, _label in pairs),
        words_label=_("What was done, in a few words"),
        chosen=pairs[0][0] if len(pairs) == 1 else "",
    )
    _ask(
        screen,
        case_id,
        question,
        lambda answer: screen.perform(promises.keep, int(answer.code), answer.words),
    )


# Extensions


def _extensible(screen: "CaseScreen", page: CasePage) -> list[tuple[str, str]]:
    """The clocks that may get another due time, each with its name and the date it would get."""
    book, found = page.book, []
    for one in page.due_lines:
        if not one.reading.live or why_not_extended(one.reading, one.kind, screen.place.now()):
            continue
        code = target_of(one.kind, one.reading.params).length.calendar
        calendar = book.calendars.get(f"{code}@{one.reading.calendar}") or book.calendars[code]
        later = next_due(one.reading, one.kind, calendar)
        if later is not None:
            name = pick(one.kind.name.zh, one.kind.name.en)
            found.append((one.reading.kind, _("{clock}: due {day}", clock=name, day=due_short(later.due_at))))
    return found


def _ask_extension(screen: "CaseScreen", case_id: int) -> None:
    page = screen.page
    if page is None:
        return
    pairs = _extensible(screen, page)
    question = Question(
        _("Extend a due time"),
        numbered(*pairs),
        wants_words=frozenset(code for code, _label in pairs),
        words_label=_("Why it takes longer"),
        chosen=pairs[0][0] if len(pairs) == 1 else "",
    )
    _ask(
        screen,
        case_id,
        question,
        lambda answer: screen.perform(extending.extend, case_id, answer.code, answer.words),
    )
