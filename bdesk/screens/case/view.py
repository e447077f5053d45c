"""What the case screen shows: the open cases in tabs, the walk in the middle, facts and story beside it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from bdesk import keys
from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.models.kinds import OPEN_STATES
from bdesk.operations.looking.case import CasePage, case_page
from bdesk.rules.masking import mask_name
from bdesk.screens.base import DeskScreen
from bdesk.screens.case import absent, departments, enquiry, frame, menus, present
from bdesk.screens.case.drafting import CaseDrafts
from bdesk.screens.case.evidence import EvidenceList
from bdesk.screens.case.noting import NoteLine, Noting
from bdesk.screens.case.pending import Pending
from bdesk.screens.case.side import SidePane
from bdesk.screens.case.step_pane import StepPane
from bdesk.screens.phrases import spoken_phrases
from bdesk.screens.place import OpenCase, Place
from bdesk.screens.queue.figures import Lines
from bdesk.screens.wallet import card
from bdesk.screens.working import start
from bdesk.screens.writing import SLOW_SECONDS
from bdesk.speech import speak_error
from bdesk.widgets import strips
from bdesk.widgets.lines import Piece
from bdesk.widgets.panel import Panel
from bdesk.widgets.strips import StatusValues
from bdesk.widgets.tabs import CaseTabs

WIDE = 110
BROAD = 160


class CaseView(DeskScreen):
    """Shows `place.current` as it was read last, with its strip, its drafts and the note being written."""

    context: ClassVar[keys.Context] = keys.Context.CASE
    seconds: Callable[[], float] = staticmethod(monotonic)
    DEFAULT_CSS = """
    CaseView #facts { width: 33; height: 1fr; background: $panel; display: none; padding: 1 0; }
    CaseView #side { width: 33; height: 1fr; display: none; }
    CaseView.-wide #facts, CaseView.-wide #side { display: block; }
    CaseView.-wide #short, CaseView.-wide #wallet, CaseView.-wide #note-line { display: none; }
    CaseView #short, CaseView #wallet, CaseView #asked { height: auto; }
    CaseView #note-line, CaseView #unseen { height: auto; }
    CaseView #columns { height: 1fr; }
    CaseView.-wide #columns { margin: 1 0 0 0; }
    CaseView.-broad #facts { width: 40; }
    CaseView.-broad #side { width: 58; }
    """

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.page: CasePage | None = None
        self.at: str | None = None
        """The earlier step that is shown, when stepping back."""
        self.wanted: str | None = None
        """The answer whose missing fields are being filled in."""
        self.drafts = CaseDrafts(place.desk.drafts)
        self.waiting = Pending(place, lambda: self.seconds())
        self.noting = Noting(self)
        self._seen = 0
        """The case that was shown last."""
        self.reading = ""
        """What is being read and takes its time."""

    def compose_top(self) -> ComposeResult:
        yield CaseTabs(id="tabs")
        yield Lines(ground="panel", id="short")
        yield Lines(ground="panel", id="wallet")
        yield Lines(ground="call", id="asked")
        yield NoteLine(id="note-line")

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            yield Panel(edge=1, id="facts")
            with Vertical(id="middle"):
                yield StepPane(wide=False, id="steps")
                yield Lines(id="unseen")
            yield SidePane(id="side")

    # Parts

    @property
    def steps(self) -> StepPane:
        return self.query_one("#steps", StepPane)

    @property
    def side(self) -> SidePane:
        return self.query_one("#side", SidePane)

    @property
    def case_id(self) -> int | None:
        return self.place.current

    @property
    def done(self) -> bool:
        """Whether the case on the screen is closed: its tab goes when it is left."""
        return self.page is not None and self.page.standing.snapshot.case.state not in OPEN_STATES

    @property
    def unowned(self) -> bool:
        """Whether nobody holds the case on the screen: F9 claims it."""
        return self.page is not None and not self.done and self.page.standing.snapshot.case.owner_id is None

    def on_resize(self, event: events.Resize) -> None:
        wide = event.size.width >= WIDE
        if not self.is_mounted:
            return
        # Its list goes out of sight with the pane: the other one goes on from the same piece.
        piece = self.focused.at if isinstance(self.focused, EvidenceList) else None
        if wide != self.has_class("-wide"):
            self.set_class(wide, "-wide")
            self.noting.move(wide)
        self.set_class(event.size.width >= BROAD, "-broad")
        self.steps.wide = wide
        if self.page is not None:
            start(self, partial(self._lay_again, piece), "read")

    async def _lay_again(self, piece: int | None) -> None:
        """What was read stands for the new width: that needs no store, which may be slow or out of reach.
        `piece`: the line of the evidence that has the keyboard."""
        async with self._reading:
            # Taken away meanwhile, or on the way to another case: what comes is laid out when it is read.
            page = self.page
            if self._stands() and page is not None and page.standing.snapshot.case.id == self.case_id:
                await self.show_page()
                self.frame()
                if piece is not None:
                    self._at_evidence(piece)

    def _at_evidence(self, piece: int) -> None:
        """Give the keyboard to the list of evidence that is in sight at this width."""
        for listed in self.query("#evidence" if self.steps.wide else "#evidence-narrow").results(
            EvidenceList
        ):
            listed.at = piece
            self.call_after_refresh(listed.focus)

    # Frame

    def heading(self) -> str:
        return _("Case")

    def extra(self) -> str:
        if self.page is not None:
            return self.page.standing.snapshot.case.case_no
        return frame.tab_no(self)

    def pending(self) -> strips.StripValues | None:
        strip = self.waiting.strip
        if strip is None or self.page is None:
            # What of it may be seen is not known before the case was read.
            return absent.strip(self)
        pieces = spoken_phrases(self.page.shown(strip).phrases)
        at = self.page.absent.get(strip.option)
        if at is not None:
            pieces.append((f"  {absent.words(at)}", "soft"))
        return strips.pending(pieces, flash=self.waiting.flash)

    def footer_words(self) -> dict[str, str]:
        return frame.footer_words(self)

    def footer_hot(self) -> str:
        return frame.footer_hot(self)

    def footer_off(self) -> dict[str, str]:
        return frame.footer_off(self)

    def status(self) -> StatusValues:
        return frame.status(self)

    # Reading

    async def reload(self) -> None:
        case_id = self.case_id
        if case_id is None:
            said = self._said
            self.app.show_queue()  # type: ignore[attr-defined]
            app: Any = self.app
            if said is not None and app.screen is not self:
                # What let the case go is said where its person is then.
                app.screen.toast(said.text, said.kind)
            return
        slow = self.set_timer(SLOW_SECONDS, self._say_reading)
        try:
            page = await self.place.desk.read(case_page, case_id, at=self.at)
        finally:
            slow.stop()
            self.reading = ""
        if case_id != self.case_id:
            return
        self.page = page
        self.place.data_at = self.place.now()
        self._keep_tab(page)
        self._check_strip(page)
        await self.show_page()

    def say_refusal(self, refused: DeskError) -> None:
        """A case that cannot be read says why in its place: a toast goes after some seconds."""
        super().say_refusal(refused)
        if self.page is None and self.is_mounted:
            self.steps.say_refused(speak_error(refused, self.words()))

    def _say_reading(self) -> None:
        """Said only when it takes its time: what comes at once must not flicker (UX 2)."""
        self.reading = _("Reading {case_no}", case_no=frame.tab_no(self))
        if self.page is None:
            self.steps.say_reading(self.reading)
        self.frame()

    def _keep_tab(self, page: CasePage) -> None:
        snap = page.standing.snapshot
        name = mask_name(snap.customer.name) if snap.customer is not None else ""
        row = page.row
        case = OpenCase(snap.case.id, snap.case.case_no, name, snap.case.kind.value, row)
        self.place.open(case)

    def _check_strip(self, page: CasePage) -> None:
        """A strip chosen on another state of the case is dropped, and says so; a note leaves it standing."""
        strip = self.waiting.strip
        if strip is not None and page.moved_since(strip):
            self.waiting.drop()
            self.toast(_("The case changed; please choose again"), "alert")

    async def go_to_current(self) -> None:
        """Show the place's current case; returns when its step can take a key."""
        self.at = None
        if self.whole():
            self._tabs()
            self.frame()
        await self.read_again()

    # Showing

    async def show_page(self) -> None:
        """Show what was read last, and the strip."""
        page = self.page
        if page is None:
            return
        snap, current = page.standing.snapshot, page.standing.walk.current
        strip = self.waiting.strip
        self._tabs()
        self.query_one("#short", Lines).show([(present.short_lines(snap), [])])
        self.query_one("#wallet", Lines).show(card.lines(page))
        self.query_one("#asked", Lines).show(self._asked(page))
        writing = self.noting.written_now(snap.case.id)
        looking = isinstance(self.focused, EvidenceList) and self._seen == snap.case.id
        self._seen = snap.case.id
        self.noting.put_back(snap.case.id)
        drafts = self.drafts.fields(snap.case.id, current.step.id) if current is not None else {}
        moved = await self.steps.show(page, drafts, strip.option if strip is not None else None)
        self.side.show_letters(page.shown(strip).letters if strip is not None else ())
        if self.waiting.shown():
            self.call_after_refresh(self.waiting.painted)
        self._facts(self.place.now())
        self.side.show_page(page, self.place.person)
        if moved:
            self.wanted = None
            # Whoever writes a note goes on writing it, whatever happens to the step meanwhile; and whoever
            # looks at evidence goes on to the next piece.
            if not writing and not looking:
                self.steps.take_focus(pending=strip is not None)

    def _asked(self, page: CasePage) -> list[tuple[list[Piece], list[Piece]]]:
        """While the caller of this case is on the line, what they may be told, unless it began with this
        call and there is nothing to ask after; where there is no side pane, what departments were asked."""
        call, case = self.place.call, page.standing.snapshot.case
        lines: list[tuple[list[Piece], list[Piece]]] = []
        if call is not None and call.case_id == case.id and case.opened_at < call.started_at:
            lines.append((enquiry.line_of(page), [(f"{menus.RAISE.keys('progress')} ", "key")]))
        if not self.has_class("-wide"):
            lines += [(pieces, []) for pieces in departments.rows(page, 2)]
        return [line for line in lines if line[0]]

    def _facts(self, now: datetime) -> None:
        if self.page is not None:
            kinds = self.place.desk.book.clock_kinds
            about = present.fact_rows(self.page.standing, now, kinds, card.rows(self.page))
            self.query_one("#facts", Panel).show(about)

    def _tabs(self) -> None:
        self.query_one("#tabs", CaseTabs).show(present.tabs(self.place), self.case_id)

    def on_step_pane_moved(self, message: StepPane.Moved) -> None:
        self.query_one("#unseen", Lines).show(present.unseen(message.above, message.below))

    def tick(self, now: datetime) -> None:
        self._tabs()
        self.steps.tick(now)
        self._facts(now)
