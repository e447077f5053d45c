"""What a supervisor may do to a colleague's case beside handing it on (P15): a table, each with a reason.

Merge, another kind or priority and over to the rules in use now, each after a look at what that changes,
excuse a missed due time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bdesk.errors import DeskError
from bdesk.i18n import N_, _, language, pick
from bdesk.models.clock_kinds import Drives
from bdesk.models.kinds import OPEN_STATES, CaseKind
from bdesk.models.labels import label
from bdesk.models.views.snapshot import CaseBrief
from bdesk.models.views.supervision import PressedCase
from bdesk.operations import priority
from bdesk.operations.looking.clocks import CaseClocks, Explained, explain_case
from bdesk.operations.looking.customer import cases, customer_of_case
from bdesk.operations.supervising import excusing, kinds, merging, migrating
from bdesk.operations.supervising.replays import ClockChange
from bdesk.rules import roles
from bdesk.rules.clock.display import late_time, moment
from bdesk.screens import replays
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered
from bdesk.screens.working import start
from bdesk.speech import speak
from bdesk.widgets.choices import Choice

if TYPE_CHECKING:
    from bdesk.screens.supervisor.view import SupervisorView

DRAFT = "raise"
TYPED = "typed"
MOST_OTHERS = 8
"""So many of a customer's other cases are listed to merge into; one more digit is for a number."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the menu: what it is, how it reads, who may, and what it asks."""

    code: str
    text: str
    deed: str
    ask: "Callable[[SupervisorView, PressedCase], None]"


def refused(screen: "SupervisorView") -> dict[str, str]:
    """Why this person may not do them, by code; the operations ask again."""
    return {one.code: "" if roles.may(screen.role, one.deed) else _("Supervisors only") for one in TABLE}


def run(screen: "SupervisorView", code: str, one: PressedCase) -> None:
    """Ask what a line of the table needs."""
    found = next((each for each in TABLE if each.code == code), None)
    if found is not None:
        found.ask(screen, one)


def _merge(screen: "SupervisorView", one: PressedCase) -> None:
    """Into which of the customer's open cases, or the number of another; then why."""

    async def look() -> None:
        try:
            customer_id = await screen.place.desk.read(customer_of_case, one.id)
            found = await screen.place.desk.read(cases, customer_id) if customer_id is not None else ()
        except DeskError as error:
            screen.say_refusal(error)
            return
        others = [each for each in found if each.state in OPEN_STATES and each.id != one.id]
        _into(screen, one, others[:MOST_OTHERS])

    start(screen, look, "read-preview", newest=True)


def _into(screen: "SupervisorView", one: PressedCase, others: Sequence[CaseBrief]) -> None:
    title = _("Merge {case_no} into another case", case_no=one.row.case_no)
    listed = tuple(
        Choice(each.case_no, f"{each.case_no}  {label(each.kind)}", note=each.subject) for each in others
    )
    which = Question(
        title,
        (*listed, *numbered((TYPED, _("By its number") if others else _("The other case")))),
        wants_words=frozenset({TYPED}),
        words_label=_("Its number"),
        chosen="" if others else TYPED,
        typed=TYPED,
    )

    def chosen(answer: Answered) -> None:
        into = answer.words if answer.code == TYPED else answer.code
        why = _("Merge {case_no} into {into}", case_no=one.row.case_no, into=into)
        _why(screen, one, why, lambda words: _do(screen, one, merging.merge_into, into, words))

    _ask(screen, which, chosen)


def _kind(screen: "SupervisorView", one: PressedCase) -> None:
    """Which kind; what that does to the clocks, and why."""
    others = [kind for kind in CaseKind if kind.value != one.row.kind]
    title = _("Another kind for {case_no}", case_no=one.row.case_no)
    question = Question(title, numbered(*((kind.value, label(kind)) for kind in others)))

    def chosen(answer: Answered) -> None:
        becomes = CaseKind(answer.code)
        said = _("{case_no} becomes: {kind}", case_no=one.row.case_no, kind=label(becomes))
        _look(screen, one, said, kinds.preview, kinds.set_kind, becomes)

    _ask(screen, question, chosen)


def _priority(screen: "SupervisorView", one: PressedCase) -> None:
    """Which priority; what that does to the clocks, and why."""
    title = _("Another priority for {case_no}", case_no=one.row.case_no)
    question = Question(title, replays.priorities(one.row.priority))

    def chosen(answer: Answered) -> None:
        becomes = int(answer.code)
        said = f"{title}: {_('Priority {level}', level=becomes)}"
        _look(screen, one, said, priority.preview, priority.set_priority, becomes)

    _ask(screen, question, chosen)


def _look(
    screen: "SupervisorView",
    one: PressedCase,
    title: str,
    preview: Callable[..., Any],
    deed: Callable[..., Any],
    becomes: object,
) -> None:
    """Ask why, under what the deed would do to the due times."""

    def looked(found: tuple[ClockChange, ...]) -> None:
        says = replays.told(found, screen.names.clock, screen.place.now())
        _why(screen, one, title, lambda words: _do(screen, one, deed, becomes, words), says)

    screen.foresee(preview, one.id, becomes, then=looked)


def _migrate(screen: "SupervisorView", one: PressedCase) -> None:
    """What would change, then why."""

    def looked(found: migrating.Preview) -> None:
        title = _("{case_no} by the rules in use now", case_no=one.row.case_no)
        said = "\n".join(_changes(screen, found))
        _why(screen, one, title, lambda words: _do(screen, one, migrating.migrate, words), said)

    screen.foresee(migrating.preview, one.id, then=looked)


def _changes(screen: "SupervisorView", found: migrating.Preview) -> list[str]:
    """What would change, a line each."""
    lines = replays.lines(found.clocks, screen.names.clock, screen.place.now())
    if found.step != found.step_was:
        lines.append(f"{found.title_was.get(language())} > {found.title.get(language())}")
    lines += [_("asked again: {step}", step=one.title.get(language())) for one in found.falls]
    if found.refused:
        lines.append(speak(found.refused, {"case_no": found.case_no}))
    return lines or [_("No due time and no answer changes.")]


def _excuse(screen: "SupervisorView", one: PressedCase) -> None:
    """Which of the due times that were missed, and why."""

    async def look() -> None:
        try:
            found = await screen.place.desk.read(explain_case, one.id)
        except DeskError as error:
            screen.say_refusal(error)
            return
        _which(screen, one, found)

    start(screen, look, "read-preview", newest=True)


def _which(screen: "SupervisorView", one: PressedCase, found: CaseClocks) -> None:
    missed = [
        each
        for each in found.clocks
        if each.reading.breached_at is not None
        and each.reading.excused is None
        and each.reading.drives is Drives.DESK
    ]
    if not missed:
        screen.toast(_("No due time was missed on this case"), "hint")
        return
    by_code = {f"{at}": each for at, each in enumerate(missed)}
    question = Question(
        _("Excuse a missed due time of {case_no}", case_no=one.row.case_no),
        tuple(_missed(code, each, screen.place.now()) for code, each in by_code.items()),
        wants_words=frozenset(by_code),
        words_label=_("Why, in a few words"),
        text=_kept(screen, one),
    )

    def chosen(answer: Answered) -> None:
        reading = by_code[answer.code].reading
        _do(screen, one, excusing.excuse, reading.kind, reading.cycle, reading.number, answer.words)

    _ask(screen, question, chosen, one)


def _missed(code: str, one: Explained, now: datetime) -> Choice:
    """A due time that was missed: which, when it was, and by how much."""
    due = moment(one.reading.due_at, now, language(), end=True)
    late = late_time(one.reading.lateness(now), language())
    return Choice(code, f"{pick(one.kind.name.zh, one.kind.name.en)}  {due}  {late}")


def _why(
    screen: "SupervisorView", one: PressedCase, title: str, then: Callable[[str], None], says: str = ""
) -> None:
    """A reason, under what is about to be done."""
    question = Question(
        title,
        numbered(("why", _("Do"))),
        wants_words=frozenset({"why"}),
        words_label=_("Why, in a few words"),
        text=_kept(screen, one),
        chosen="why",
        says=says,
    )
    _ask(screen, question, lambda answer: then(answer.words), one)


def _do(screen: "SupervisorView", one: PressedCase, operation: Callable[..., Any], *args: Any) -> None:
    def done(_changed: Any) -> None:
        screen.place.desk.drafts.save(f"case:{one.id}", DRAFT, None)
        screen.settle()

    screen.perform(operation, one.id, *args, then=done)


def _kept(screen: "SupervisorView", one: PressedCase) -> str:
    return str(screen.place.desk.drafts.load(f"case:{one.id}").get(DRAFT, ""))


def _ask(
    screen: "SupervisorView",
    question: Question,
    then: Callable[[Answered], None],
    keeps: PressedCase | None = None,
) -> None:
    def answered(answer: Answered | None) -> None:
        if answer is not None:
            then(answer)

    def keep(text: str) -> None:
        if keeps is not None:
            screen.place.desk.drafts.save(f"case:{keeps.id}", DRAFT, text or None)

    screen.app.push_screen(AskModal(question, keep), answered)


TABLE: tuple[Deed, ...] = (
    Deed("merge", N_("Merge into another case"), "supervising.merging.merge_into", _merge),
    Deed("kind", N_("Another kind"), "supervising.kinds.set_kind", _kind),
    Deed("migrate", N_("Over to the rules in use now"), "supervising.migrating.migrate", _migrate),
    Deed("excuse", N_("Excuse a missed due time"), "supervising.excusing.excuse", _excuse),
    Deed("priority", N_("Another priority"), "priority.set_priority", _priority),
)
