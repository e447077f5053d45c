"""Who else a case goes to, and how urgent it is: a supervisor, a group, a complaint, another priority."""

from bdesk.i18n import _, pick
from bdesk.operations import queue, raising, voiding
from bdesk.operations.priority import preview, set_priority
from bdesk.operations.supervising.replays import ClockChange
from bdesk.rules import roles
from bdesk.screens import replays
from bdesk.screens.case.forms import drafts
from bdesk.screens.case.host import CaseHost
from bdesk.screens.modals.ask import Answered, Question, numbered

DRAFT = "raise"


def to_supervisor(host: CaseHost, case_id: int, words: str) -> None:
    """A supervisor looks at it; the customer's clock runs on."""
    then = drafts.forgetting(host, case_id, DRAFT)
    host.perform(raising.raise_case, case_id, "supervisor", words, then=then)


def to_complaint(host: CaseHost, case_id: int, words: str) -> None:
    """The matter is a complaint from now on."""
    host.perform(raising.to_complaint, case_id, words, then=drafts.forgetting(host, case_id, DRAFT))


def to_group(host: CaseHost, case_id: int, words: str) -> None:
    """To which group; the case leaves the hand."""
    groups = host.page.groups if host.page is not None else ()
    question = Question(_("To which group"), numbered(*((code, pick(zh, en)) for code, zh, en in groups)))
    host.ask(
        question,
        lambda answer: host.perform(
            raising.hand_over, case_id, answer.code, words, then=lambda _changed: host.let_go(case_id)
        ),
    )


def not_mine(host: CaseHost) -> str:
    """Why there is nothing to give back: I do not hold it."""
    page, me = host.page, host.place.desk.actor.id
    if page is None or page.standing.snapshot.case.owner_id == me:
        return ""
    return _("Nobody has it") if host.unowned else _("A colleague holds it")


def give_back(host: CaseHost, case_id: int, _words: str) -> None:
    """Whoever comes next takes it; the clock runs on, Ctrl+Z takes it up again."""
    host.perform(queue.release, case_id, then=lambda _changed: host.let_go(case_id))


def not_voidable(host: CaseHost) -> str:
    """Why this person cannot void failed checks here; the operation asks again."""
    if not roles.may(host.place.desk.actor.role, "voiding.void_failures"):
        return _("Supervisors only")
    if host.page is not None and not host.page.standing.snapshot.history.failed_checks:
        return _("No failed check counts now")
    return ""


def void(host: CaseHost, case_id: int, words: str) -> None:
    """Failed identity checks count no more."""
    host.perform(voiding.void_failures, case_id, words, then=drafts.forgetting(host, case_id, DRAFT))


def to_priority(host: CaseHost, case_id: int, _words: str) -> None:
    """Which priority; what that does to the clocks, and why."""
    now = host.page.standing.snapshot.case.priority if host.page is not None else 0
    kinds = host.place.desk.book.clock_kinds

    def called(code: str) -> str:
        return pick(kinds[code].name.zh, kinds[code].name.en) if code in kinds else code

    def chosen(answer: Answered) -> None:
        level = int(answer.code)

        def seen(changes: tuple[ClockChange, ...]) -> None:
            why = Question(
                _("Priority {level}", level=level),
                numbered(("why", _("Do"))),
                wants_words=frozenset({"why"}),
                words_label=_("Why, in a few words"),
                chosen="why",
                says=replays.told(changes, called, host.place.now()),
            )
            host.ask(why, lambda said: host.perform(set_priority, case_id, level, said.words))

        host.foresee(preview, case_id, level, then=seen)

    host.ask(Question(_("Which priority"), replays.priorities(now)), chosen)
