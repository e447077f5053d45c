"""The right pane: the note being written, notes and timeline, evidence rows."""

from collections.abc import Callable, Collection, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from bdesk.clock import LOCAL
from bdesk.i18n import _, pick
from bdesk.models.labels import label
from bdesk.models.views.strip import LetterPreview
from bdesk.operations.looking.case import CasePage, TimelineLine
from bdesk.screens.case import departments
from bdesk.screens.case.evidence import EvidenceList, evidence_rows
from bdesk.screens.case.present import said
from bdesk.screens.case.told import told
from bdesk.screens.queue.figures import Lines
from bdesk.speech import speak
from bdesk.widgets.cells import width
from bdesk.widgets.lines import Piece
from bdesk.widgets.note_area import NoteArea
from bdesk.widgets.panel import Heading, Panel
from bdesk.widgets.say import Say
from bdesk.widgets.timeline import Entry, Timeline

WITH_WORDS = frozenset(
    {
        "case.converted",
        "case.merged",
        "case.migrated",
        "case.priority",
        "case.reassigned",
        "case.reopened.late",
        "case.taken_over",
        "clock.excused",
        "clock.extended",
        "message.settled",
        "note.added.broadcast",
        "promise.made",
        "promise.kept",
        "shift.declined",
        "shift.offered",
        "shift.offered.person",
        "verification.voided",
    }
)
"""Lines whose words are the reason of what was done: both are said."""


RESULTS = frozenset({"verification.checked"})
"""What came of an answer, told beside it: kind and result of a check, never what was said (UX, Words)."""


class SidePane(Vertical):
    """Note area above, evidence when there is some, notes and events below."""

    DEFAULT_CSS = """
    SidePane { background: $panel; padding: 1 0; }
    SidePane #note { margin: 0 1; }
    SidePane Timeline { height: 1fr; margin: 1 0 0 0; }
    SidePane #tasks { height: auto; }
    SidePane EvidenceList, SidePane #letter, SidePane #tasks { margin: 1 0 0 0; }
    """

    def compose(self) -> ComposeResult:
        yield Panel([Heading(_("Note"), "F5")], id="note-title")
        yield NoteArea(placeholder=_("Listen and write; Enter keeps"), id="note")
        yield Lines(ground="panel", id="tasks")
        yield EvidenceList(id="evidence")
        yield Say(ground="panel", indent=2, title=_("Letter preview"), id="letter")
        yield Timeline(title=_("Timeline"), id="timeline")

    def show_letters(self, letters: Sequence[LetterPreview]) -> None:
        """The letters that are pending, exactly as they will be sent, in the timeline's place."""
        letter = self.query_one("#letter", Say)
        letter.show(letter_text(letters))
        letter.display = bool(letters)
        self.query_one("#timeline", Timeline).display = not letters

    def show_page(self, page: CasePage, person: Callable[[str], str]) -> None:
        """Show the notes, evidence and events of a page."""
        tasks = self.query_one("#tasks", Lines)
        asked: list[list[Piece]] = departments.rows(page)
        title: list[Piece] = [(f"  {_('Departments')}", "title")]
        room = (self.size.width or 37) - 1
        tasks.show(
            [(title, []), *((line, []) for pieces in asked for line in _fit(pieces, room))] if asked else []
        )
        tasks.display = bool(asked)
        evidence = self.query_one("#evidence", EvidenceList)
        evidence.show(evidence_rows(page))
        evidence.display = bool(evidence.rows)
        self.query_one("#timeline", Timeline).show(timeline_entries(page, person))


def _fit(pieces: list[Piece], cells: int) -> list[list[Piece]]:
    """A question in line with what stands above it; what it came to on a line of its own where it would be
    cut off."""
    whole: list[Piece] = [(" ", "text"), *pieces]
    if sum(width(text) for text, _role in whole) <= cells:
        return [whole]
    return [whole[:-1], [("  ", "text"), whole[-1]]]


BOOKKEEPING = frozenset(
    {
        "case.claimed",
        "case.released",
        "case.state",
        "case.taken_up",
        "contact.ended",
        "effect.accepted",
        "effect.released",
    }
)
"""Events that tell whoever takes the case nothing of its matter: they do not push the customer's words off
the two lines there are at 80 columns. The timeline has them all."""


def letter_text(letters: Sequence[LetterPreview]) -> str:
    """Letters as text: to whom, the subject, the body."""
    return "\n\n".join(
        "\n".join(part for part in (f"{one.target_masked}", one.subject, "", one.body) if part or one.subject)
        for one in letters
    )


def timeline_entries(
    page: CasePage, person: Callable[[str], str] = str, without: Collection[str] = ()
) -> list[Entry]:
    """Notes and events, newest first, but for some kinds: when, who (`person` names a staff number), what."""
    today = page.standing.snapshot.now.astimezone(LOCAL).date()
    entries = []
    for item in page.timeline:
        local = item.at.astimezone(LOCAL)
        at = local.strftime("%H:%M") if local.date() == today else f"{local.month}/{local.day}"
        aside = item.caused and (bool(without) or item.kind not in RESULTS)
        if item.voided or aside or item.kind in without:
            continue
        text = item.text or _said(page, item)
        if item.text and item.code.removeprefix("event.") in WITH_WORDS:
            text = _said(page, item) + pick("：", ": ") + item.text
        who = _("system") if item.by == "system" else person(item.by)
        if item.standing_in is not None:
            who = _("{person}, as {role}", person=who, role=label(item.standing_in))
        entries.append(Entry(at, who, text, "text" if item.text else "soft"))
    return entries


def _said(page: CasePage, item: TimelineLine) -> str:
    """An event in words; an answer by the names of its step and outcome."""
    if item.kind not in ("step.answered", "effect.committed"):
        return speak(item.code, dict(item.params), page.words)
    step = str(item.params.get("step", ""))
    # An option is named with its step before it, which makes it one name in the words of the book.
    option = str(item.params.get("option", "")).removeprefix(f"{step}.")
    walked = next((one for one in reversed(page.standing.walk.trail) if one.step == step), None)
    if walked is not None and walked.chosen == option:
        return said(walked.title) + pick("：", ": ") + told(page, walked)
    procedure = page.standing.procedure
    return (
        said(procedure.step(step).title)
        if procedure.has(step)
        else speak(item.code, dict(item.params), page.words)
    )


def recent_words(page: CasePage, most: int = 2) -> str:
    """The newest notes and events on one line, for 80 columns."""
    entries = timeline_entries(page, without=BOOKKEEPING) or timeline_entries(page)
    return "   ".join(f"{one.at} {one.text}" for one in entries[:most])
