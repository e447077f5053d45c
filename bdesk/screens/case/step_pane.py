"""The middle of the case: stages, done steps, and the step at hand with its checks, script and answers."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget

from bdesk.clock import LOCAL
from bdesk.i18n import _, language
from bdesk.operations.looking.case import CasePage
from bdesk.rules.walk.present import said_with
from bdesk.rules.walk.views import StepView, Walk
from bdesk.screens.case import absent, asking, present
from bdesk.screens.case.evidence import EvidenceList, evidence_rows
from bdesk.screens.case.form import Complete, Standing, StepForm
from bdesk.screens.case.side import recent_words
from bdesk.screens.case.told import done_steps
from bdesk.screens.wallet import deciding
from bdesk.widgets.choices import Choices
from bdesk.widgets.facts import Facts
from bdesk.widgets.lines import Painted
from bdesk.widgets.say import Say
from bdesk.widgets.stepper import StepList, StepperHead, StepperValues

TALL = 44
"""From this height on all steps behind are listed; below it the answers need the room."""
TALL_STEPS, SHORT_STEPS = 30, 4
ROOM_LEFT = 1
"""A line kept free, for the strip that comes above the footer."""


class StepPane(VerticalScroll, can_focus=False):
    """Shows one page of the walk. `wide` False puts titles beside their texts, as in 80 columns."""

    DEFAULT_CSS = """
    StepPane { width: 1fr; height: 1fr; padding: 0 1; scrollbar-size: 0 0; }
    StepPane > * { margin: 0 0 1 0; }
    StepPane > #later { margin: 1 0 0 0; }
    StepPane > #moved { margin: 0; }
    StepPane > #recent { margin: 1 0 0 0; }
    StepPane.-narrow > #head { margin: 0; }
    """

    class Moved(Message):
        """Other answers than before are out of sight: their digits, above and below."""

        def __init__(self, above: tuple[str, ...], below: tuple[str, ...]) -> None:
            super().__init__()
            self.above = above
            self.below = below

    def __init__(self, *, wide: bool, id: str | None = None) -> None:
        super().__init__(id=id)
        self.wide = wide
        self._unseen: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self.page: CasePage | None = None
        self.entered_at: datetime | None = None
        self._shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        yield StepperHead(StepperValues(""), wide=self.wide, id="head")

    @property
    def form(self) -> StepForm | None:
        """The fields of the step, if it has any."""
        return next(iter(self.query(StepForm)), None)

    @property
    def choices(self) -> Choices | None:
        """The numbered answers of the step, if there is one."""
        return next(iter(self.query(Choices)), None)

    def take_focus(self, *, pending: bool) -> None:
        """The first needed field, else what was half typed unless an outcome is pending, else the answers:
        the keyboard is where the next key is meant to go."""
        form = self.form
        if form is not None and (form.focus_empty() or (not pending and form.focus_draft())):
            return
        if self.choices is not None:
            self.choices.focus()
        else:
            self.screen.set_focus(None)

    async def show(self, page: CasePage, drafts: Mapping[str, str], chosen: str | None) -> bool:
        """Show a page. True when it is another step than before, so that focus has to be set; the same step
        laid out for another width keeps what was typed, its cursor, and the answer Enter takes."""
        walk = page.standing.walk
        current = walk.current
        key = (
            page.standing.snapshot.case.id,
            present.is_done(page.standing.snapshot),
            page.standing.snapshot.case.cycle,
            current.step.id if current else None,
            current.round if current else 0,
            language(),
            self.wide,
        )
        relaid = key[:-1] == self._shown[:-1]
        moved = key != self._shown
        if moved and not relaid:
            self.entered_at = page.standing.snapshot.now
        stands = self.choices.standing if moved and relaid and self.choices is not None else None
        self.set_class(not self.wide, "-narrow")
        piece = self._piece(page) if moved else None
        self.page = page
        self._head(page.standing.snapshot.now)
        if moved:
            stood, complete, at_answers = self._stood() if relaid else (None, None, False)
            await self._rebuild(walk, drafts, present.is_done(page.standing.snapshot))
            self._shown = key
            if self.form is not None and stood is not None and complete is not None:
                self.form.resume(stood)
                self.form.complete = complete
            if at_answers and self.choices is not None:
                self.choices.focus()
            self.scroll_home(animate=False)
        self._fill(page, chosen)
        if piece is not None:
            for papers in self.query("#evidence-narrow").results(EvidenceList):
                papers.take_up(piece)
        if self.choices is not None and stands is not None:
            self.choices.stand_at(stands)
        self.call_after_refresh(self._look)
        return moved and not relaid

    def _stood(self) -> tuple[Standing | None, Complete | None, bool]:
        """What of the step lives on the screen alone: its fields, what they are filled in for, and whether
        the answers have the keyboard."""
        form = self.form
        at_answers = self.choices is not None and self.choices.has_focus
        stood = form.standing() if form is not None else None
        if at_answers or (stood is not None and stood.held):
            # What has the keyboard is about to go: it must not fall to the note meanwhile.
            self.screen.set_focus(None)
        return stood, form.complete if form is not None else None, at_answers

    def _piece(self, page: CasePage) -> int | None:
        """Which piece of evidence has the keyboard where it stands under the step, and so is about to go with
        it; None where none has, or on another case."""
        before = self.page.standing.snapshot.case.id if self.page is not None else None
        for papers in self.query("#evidence-narrow").results(EvidenceList):
            if papers.has_focus and before == page.standing.snapshot.case.id:
                # It must not fall to the note meanwhile.
                self.screen.set_focus(None)
                return papers.at
        return None

    def begin_anew(self) -> None:
        """The step was answered: what is shown next begins with its fields empty, and the cursor in the
        first, also where the answer leads back to the same step (a check that failed)."""
        self._shown = ()

    def say_reading(self, text: str) -> None:
        """Said where the procedure will stand, while there is nothing to show."""
        self.query_one("#head", StepperHead).show(StepperValues(text), wide=self.wide)

    def say_refused(self, text: str) -> None:
        """Said where the procedure would stand when it cannot be read, until it can be."""
        told = next(iter(self.query("#refused").results(Say)), None)
        if told is None:
            told = Say(role="warn", indent=2, id="refused")
            self.mount(told)
        told.show(text)

    def _head(self, now: datetime) -> None:
        assert self.page is not None
        spent = int((now - self.entered_at).total_seconds()) if self.entered_at is not None else 0
        values = present.stepper_values(
            self.page.standing.walk, self.page.standing.procedure.title, max(0, spent)
        )
        self.query_one("#head", StepperHead).show(values, wide=self.wide)

    def tick(self, now: datetime) -> None:
        """Move the step's time on."""
        if self.page is not None:
            self._head(now)

    async def _rebuild(self, walk: Walk, drafts: Mapping[str, str], done: bool) -> None:
        with self.app.batch_update():
            head = self.query_one("#head")
            await self.remove_children([child for child in self.children if child is not head])
            await self.mount_all(self._widgets(walk, drafts, done))

    def _widgets(self, walk: Walk, drafts: Mapping[str, str], done: bool) -> list[Widget]:
        beside = not self.wide
        indent = 4 if self.wide else 2
        widgets: list[Widget] = []
        if self.wide:
            widgets.append(StepList(id="done"))
        widgets.append(Say(role="warn", indent=indent, id="moved"))
        if walk.current is not None and not done:
            widgets.append(Facts(title=_("Checks"), beside=beside, indent=indent, id="checks"))
            widgets.append(Say(title=_("Say"), beside=beside, indent=indent, id="say"))
            if walk.current.captures:
                form = self._form_of(walk.current, drafts)
                form.styles.margin = (0, 0, 1, indent)
                widgets.append(form)
            choices = Choices(title=_("Outcomes"), beside=beside, id="choices")
            choices.styles.margin = (0, 0, 0, indent if self.wide else 0)
            widgets.append(choices)
        else:
            widgets.append(Say(indent=indent, role="strong", id="ended"))
            if done:
                widgets.append(Choices(beside=beside, id="choices"))
        if self.wide:
            widgets.append(StepList(id="later"))
        else:
            widgets.append(Say(title=_("Recent"), beside=True, role="soft", most=2, id="recent"))
            widgets.append(EvidenceList(ground="base", id="evidence-narrow"))
        return widgets

    def say_typed(self) -> None:
        """The sentence with what stands in the fields now."""
        stand = self.page.standing if self.page is not None else None
        say = next(iter(self.query("#say").results(Say)), None)
        if self.page is None or stand is None or stand.walk.current is None or say is None:
            return
        if (other := absent.instead(self.page)) is not None:
            say.show(other)
            return
        typed = self.form.readable() if self.form is not None else {}
        current = stand.walk.current
        say.show(present.said(said_with(stand.procedure, current, stand.facts, stand.walk.given, typed)))

    def _form_of(self, step: StepView, drafts: Mapping[str, str]) -> StepForm:
        assert self.page is not None
        today = self.page.standing.snapshot.now.astimezone(LOCAL).date()
        first = present.first_fields(step) | frozenset(asking.lacking(self.page, None, {}))
        form = StepForm(step.captures, first, drafts, today=today, id="form")
        form.complete = partial(asking.complete, self.page, None)
        form.unasked = asking.unasked(step)
        return form

    def _give_room(self) -> None:
        """The answers' reasons stand whole where all of the step is in sight with them all the same."""
        choices, cells = self.query_one("#choices", Choices), self.size.width - 2
        if not self.wide or cells < 20:
            choices.fit(True)
            self._close_up(choices, self.size.width)
            return
        self._part(1)
        taken = 0
        for child in self.children:
            inside = cells - child.styles.margin.width
            if not child.display:
                continue
            if child is choices:
                taken += choices.lines_when(False, inside)
            elif isinstance(child, Painted):
                taken += len(child.strips(inside))
            elif isinstance(child, StepForm):
                lines = child.lines(inside)
                taken += lines
                if not lines:
                    continue
            taken += child.styles.margin.bottom
        choices.fit(taken + ROOM_LEFT > self.size.height)

    def _close_up(self, choices: Choices, cells: int) -> None:
        """No blank lines between the parts where an answer would fall off the bottom for them."""
        taken = 0
        for child in self.children:
            if child.display and isinstance(child, Painted) and cells > 0:
                taken += len(child.strips(cells - child.styles.margin.width))
            elif isinstance(child, StepForm):
                lines = child.lines(cells - child.styles.margin.width)
                taken += lines + (1 if lines else 0)
            if child.id in ("checks", "say") and child.display:
                taken += 1
            if child is choices:
                break
        self._part(0 if taken > self._whole else 1)

    def _part(self, lines: int) -> None:
        """Blank lines after the checks and after the words."""
        for name in ("#checks", "#say"):
            self.query_one(name).styles.margin = (0, 0, lines, 0)
        self.call_after_refresh(self._look)

    def on_resize(self) -> None:
        # Half of a step that is being laid out again is left alone: it gets its room when it is whole.
        if self.page is not None and list(self.query(Facts)) and self.choices is not None:
            self._give_room()
        self.call_after_refresh(self._after_resize)

    def on_step_form_grown(self) -> None:
        """An answer asked for more fields: all answers stay in sight, or are named."""
        if self.choices is not None:
            self._give_room()
        self.call_after_refresh(self._look)

    def _after_resize(self) -> None:
        if self.choices is not None and self.choices.chosen is not None:
            # A strip has come: what it says was chosen stays to be seen.
            self.choices.keep_in_sight()
        self._look()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._look()

    @property
    def _whole(self) -> int:
        """The lines there are for the step where nothing is said of answers out of sight."""
        return self.parent.size.height if isinstance(self.parent, Widget) else self.size.height

    def _look(self) -> None:
        """Which answers are out of sight: whoever cannot see them is told that they are there, on a line
        that is taken from this pane."""
        choices = self.choices
        if choices is None:
            unseen: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        else:
            whole = self._whole
            first = round(self.scroll_y) - choices.virtual_region.y
            unseen = choices.digits_outside(first, first + whole)
            if any(unseen):
                unseen = choices.digits_outside(first, first + whole - 1)
        if unseen != self._unseen:
            self._unseen = unseen
            self.post_message(self.Moved(*unseen))

    def _fill(self, page: CasePage, chosen: str | None) -> None:
        stand = page.standing
        walk = stand.walk
        if self.wide:
            self.query_one("#done", StepList).show(
                done_steps(page, TALL_STEPS if self.size.height >= TALL else SHORT_STEPS)
            )
            self.query_one("#later", StepList).show(present.later_steps(walk))
        else:
            self.query_one("#recent", Say).show(recent_words(page))
            self.query_one("#evidence-narrow", EvidenceList).show(evidence_rows(page))
        moved = self.query_one("#moved", Say)
        moved.show(present.moved_words(walk))
        apart = self.wide and bool(moved.text) and self.size.height >= TALL
        moved.styles.margin = (0, 0, 1 if apart else 0, 0)
        if walk.current is not None and not present.is_done(stand.snapshot):
            # Without checks, or without words, not even the blank line after them.
            checks, say = self.query_one("#checks", Facts), self.query_one("#say", Say)
            checks.show(present.checks(walk.current))
            checks.display = bool(checks.checks)
            self.say_typed()
            say.display = bool(say.text)
            hint = (
                _("a digit chooses; F8 alone does it") if any(o.binding for o in walk.current.options) else ""
            )
            self.query_one("#choices", Choices).show(
                deciding.offered(page) or present.choices(walk.current),
                chosen=chosen,
                natural=present.natural(walk.current),
                hint=hint,
            )
            self._give_room()
        else:
            self.query_one("#ended", Say).show(present.end_words(walk, stand.snapshot.case.state))
            if self.choices is not None:
                self.choices.show(present.come_back(stand.snapshot))
