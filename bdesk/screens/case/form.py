"""The fields of a step: one line each, only those that matter now, every keystroke kept as a draft."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from bdesk.errors import BadInput
from bdesk.i18n import _
from bdesk.rules.walk.model import Capture, CaptureType
from bdesk.rules.walk.plan import parse
from bdesk.rules.walk.values import GivenValue
from bdesk.rules.walk.views import CaptureView
from bdesk.screens.case.present import said
from bdesk.text import yuan
from bdesk.widgets.cells import shown, width
from bdesk.widgets.fields import Field
from bdesk.widgets.panel import Panel, Words
from bdesk.widgets.picks import Picks

FIELD_PREFIX = "capture-"
LEAST_LABEL, MOST_LABEL = 16, 30
"""Cells of the column of labels with its blank: as wide as the longest label needs, and no wider than leaves
a field room at 80 columns."""

Complete = Callable[[Mapping[str, GivenValue]], bool]
"""Whether what is filled in is enough for the answer at hand."""

COUNTED = 20
"""The most characters that a field shows a line for, one each (`Field`); it is no wider than they are."""

ROOM = 58
"""Cells that a field has at 80 columns beside the narrowest column of labels, before its own are known: what
it may take is named in it, or else below it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the fields of a step while its screen is laid out anew: `shown` names those that show,
    `held` the one with the cursor, if any."""

    values: Mapping[str, str]
    shown: frozenset[str]
    held: str
    cursor: int

    def __repr__(self) -> str:
        return f"Standing({self.held!r})"


class StepForm(Vertical):
    """The captures of one step. `extra` fields show when an answer needs them."""

    DEFAULT_CSS = """
    StepForm { height: auto; }
    StepForm.-empty { display: none; }
    StepForm Horizontal { height: 1; }
    StepForm Panel { height: 1; }
    StepForm Field { width: 1fr; max-width: 40; margin: 0 1 0 0; }
    StepForm Field.-words { max-width: 100%; }
    StepForm Field.-counted { max-width: 21; }
    StepForm Horizontal.-hidden { display: none; }
    """

    class Ready(Message):
        """Enter in the last field that is needed: everything asked for is filled in."""

    class Grown(Message):
        """Fields that did not show are shown: what stands below has fewer lines."""

    class Typed(Message):
        """A value changed; `values` are the raw texts by field, for the draft."""

        def __init__(self, values: Mapping[str, str]) -> None:
            super().__init__()
            self.values = values

    def __init__(
        self,
        views: Sequence[CaptureView],
        first: Collection[str],
        drafts: Mapping[str, str],
        *,
        today: date,
        id: str | None = None,
    ) -> None:
        """`first` names the fields that show from the beginning: those the natural answer needs. `today` is
        the local day from which a date without its year is told."""
        super().__init__(id=id)
        self.views = tuple(views)
        self.first = frozenset(first)
        self.drafts = dict(drafts)
        self.today = today
        labels = max((width(said(view.capture.label)) for view in self.views), default=0)
        self._labels = min(MOST_LABEL, max(LEAST_LABEL, labels + 2))
        self._room = ROOM
        self.complete: Complete = lambda _captures: False
        """Whether Enter may go on with what is filled in although fields on the screen are empty."""
        self.unasked: frozenset[str] = frozenset()
        """Fields that no answer asks for: Tab shows them, and Enter passes an empty one."""

    def compose(self) -> ComposeResult:
        for view in self.views:
            capture = view.capture
            row = Horizontal(id=f"row-{capture.name}")
            hidden = capture.name not in self.first and not self.drafts.get(capture.name)
            row.set_class(hidden, "-hidden")
            with row:
                label = Panel([Words(((said(capture.label), "dim"),))], ground="base", edge=0)
                label.styles.width = self._labels
                yield label
                yield Field(
                    self.drafts.get(capture.name) or _kept(view),
                    placeholder=_placeholder(view, self._room),
                    digits=capture.type is CaptureType.DIGITS or _is_tail(capture),
                    length=capture.length or 0,
                    autoskip=_is_tail(capture),
                    picks=_is_picked(capture),
                    overtyped=capture.type is CaptureType.AMOUNT and not self.drafts.get(capture.name),
                    id=FIELD_PREFIX + capture.name,
                    classes=_extent(capture),
                )
            if capture.type is CaptureType.CHOICE:
                picks = Picks(_names(capture), id=f"picks-{capture.name}")
                picks.display = not hidden and _is_listed(view, self._room)
                yield picks

    def on_mount(self) -> None:
        self._fold()

    def _fold(self) -> None:
        """Without a field to show it takes no room."""
        self.set_class(not self.shown(), "-empty")

    def field(self, name: str) -> Field:
        """The field of a capture."""
        return self.query_one(f"#{FIELD_PREFIX}{name}", Field)

    def shown(self) -> list[Capture]:
        """The captures whose fields are on the screen."""
        return [
            view.capture
            for view in self.views
            if not self.query_one(f"#row-{view.capture.name}").has_class("-hidden")
        ]

    def lines(self, cells: int) -> int:
        """How many lines the fields that show take, with what is named below them."""
        below = sum(len(one.strips(cells)) for one in self.query(Picks) if one.display)
        return len(self.shown()) + below

    def reveal(self, names: Sequence[str] = ()) -> bool:
        """Show fields (all of them when none is named) and put the cursor into the first empty one."""
        wanted = set(names) or {view.capture.name for view in self.views}
        for name in wanted:
            self._unhide(name)
        self._fold()
        self.post_message(self.Grown())
        return self.focus_empty(wanted)

    def hidden(self) -> list[Capture]:
        """What no answer asks for and does not show yet."""
        shown = {capture.name for capture in self.shown()}
        return [
            view.capture
            for view in self.views
            if view.capture.name in self.unasked and view.capture.name not in shown
        ]

    def is_last(self, widget: Widget | None) -> bool:
        """Whether it is the last of the fields that show."""
        shown = self.shown()
        return bool(shown) and widget is not None and widget.id == FIELD_PREFIX + shown[-1].name

    def _unhide(self, name: str) -> None:
        self.query_one(f"#row-{name}").remove_class("-hidden")
        self._name_choices(name)

    def _name_choices(self, name: str) -> None:
        """What a field takes by digits stands in it where it has room for all of it, else below it."""
        view = next(view for view in self.views if view.capture.name == name)
        for picks in self.query(f"#picks-{name}"):
            hidden = self.query_one(f"#row-{name}").has_class("-hidden")
            picks.display = not hidden and _is_listed(view, self._room)
            self.field(name).placeholder = shown(_placeholder(view, self._room))

    def on_resize(self, event: events.Resize) -> None:
        room = event.size.width - self._labels - 1
        if room != self._room and room > 0:
            self._room = room
            for view in self.views:
                self._name_choices(view.capture.name)
            self.post_message(self.Grown())

    def focus_empty(self, among: set[str] | None = None) -> bool:
        """Put the cursor into the first empty field that is shown; False when there is none."""
        for capture in self.shown():
            field = self.field(capture.name)
            if not field.value.strip() and (among is None or capture.name in among):
                field.focus()
                return True
        return False

    def correct(self, name: str) -> None:
        """Show a field that was refused, with the cursor in it; what was said to prove who calls is typed
        anew, anything else is mended."""
        view = next((one for one in self.views if one.capture.name == name), None)
        if view is None:
            return
        self.reveal((name,))
        field = self.field(name)
        if view.capture.secret:
            field.put("")
        field.cursor_position = len(field.value)
        field.focus()

    def focus_draft(self) -> bool:
        """Put the cursor behind the last words that were typed here before and not sent: whoever comes back
        to half a waybill goes on typing it; no digit of it chooses an answer. False when there are none."""
        typed = {view.capture.name: _kept(view) for view in self.views}
        for capture in reversed(self.shown()):
            draft = self.drafts.get(capture.name, "")
            if draft and draft != typed[capture.name] and not _is_picked(capture):
                field = self.field(capture.name)
                field.cursor_position = len(field.value)
                field.focus()
                return True
        return False

    def captures(self) -> dict[str, GivenValue]:
        """What is filled in, parsed. Raises BadInput("capture.bad") naming the field."""
        given: dict[str, GivenValue] = {}
        for view in self.views:
            text = self.field(view.capture.name).value
            if text.strip():
                given[view.capture.name] = parse(view.capture, text, self.today)
                self._show_day(view.capture)
        return given

    def readable(self) -> dict[str, GivenValue]:
        """What is filled in so far and can be read, without what is never shown (factors, B0.4)."""
        given: dict[str, GivenValue] = {}
        for view in self.views:
            if not view.capture.secret:
                with suppress(BadInput):
                    text = self.field(view.capture.name).value
                    given[view.capture.name] = parse(view.capture, text, self.today)
        return given

    def _show_day(self, capture: Capture) -> None:
        """A date that was written in short stands there whole, with its year."""
        field = self.field(capture.name)
        if capture.type is not CaptureType.DATE or not field.value.strip():
            return
        try:
            whole = str(parse(capture, field.value, self.today))
        except BadInput:
            return
        if field.value != whole:
            with field.prevent(Field.Changed):
                field.put(whole)

    def standing(self) -> Standing:
        """All that stands in the fields, also what no draft keeps, which of them show, and the cursor."""
        held = next((view.capture.name for view in self.views if self.field(view.capture.name).has_focus), "")
        return Standing(
            {view.capture.name: self.field(view.capture.name).value for view in self.views},
            frozenset(capture.name for capture in self.shown()),
            held,
            self.field(held).cursor_position if held else 0,
        )

    def resume(self, kept: Standing) -> None:
        """Put back what stood in the fields of the same step before."""
        for name in kept.shown:
            self._unhide(name)
        self._fold()
        for name, value in kept.values.items():
            if self.field(name).value != value:
                self.field(name).put(value)
        if kept.held:
            field = self.field(kept.held)
            field.focus()
            field.cursor_position = kept.cursor

    def raw(self) -> dict[str, str]:
        """The texts as typed, without those that are never kept (factors, B0.4)."""
        return {
            view.capture.name: self.field(view.capture.name).value
            for view in self.views
            if not view.capture.secret and self.field(view.capture.name).value
        }

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self.raw()))

    def on_field_blurred(self, event: Field.Blurred) -> None:
        event.stop()
        for capture in self.shown():
            self._show_day(capture)

    def on_field_submitted(self, event: Field.Submitted) -> None:
        event.stop()
        for capture in self.shown():
            self._show_day(capture)
        if self._enough() or not self._on_from(event.input):
            self.post_message(self.Ready())

    def _enough(self) -> bool:
        try:
            return self.complete(self.captures())
        except BadInput:
            # Whoever goes on is told which field is wrong.
            return True

    def _on_from(self, field: Input) -> bool:
        """On to the next empty field, round to the first that is asked for; False when none is empty."""
        fields: list[Input] = [self.field(capture.name) for capture in self.shown()]
        free = [self.field(name) for name in self.unasked]
        at = fields.index(field) + 1 if field in fields else 0
        for one in fields[at:] + [one for one in fields[:at] if one not in free]:
            if not one.value.strip():
                one.focus()
                return True
        return False


def _kept(view: CaptureView) -> str:
    value = view.value
    if value is None or view.capture.secret:
        return ""
    if isinstance(value, bool):
        return "1" if value else "2"
    if isinstance(value, int):
        return yuan(value).replace(",", "") if view.capture.type is CaptureType.AMOUNT else str(value)
    if isinstance(value, date):
        return value.isoformat()
    chosen = next((one for one in view.capture.choices if one.code == value), None)
    if chosen is not None:
        return said(chosen.label)
    return " ".join(value) if isinstance(value, tuple) else value


def _is_tail(capture: Capture) -> bool:
    return capture.name in ("phone_tail", "tail", "again_tail")


def _is_picked(capture: Capture) -> bool:
    """Whether one digit says it all."""
    return capture.type is CaptureType.YESNO or 0 < len(capture.choices) <= 9


def _is_short(capture: Capture) -> bool:
    return capture.type not in (CaptureType.TEXT, CaptureType.CHOICE)


def _extent(capture: Capture) -> str:
    """The class for how wide its field is: one that shows a line for each character is no longer."""
    if not _is_short(capture):
        return "-words"
    return "-counted" if 0 < (capture.length or 0) <= COUNTED and not said(capture.help) else ""


def _names(capture: Capture) -> list[str]:
    return [said(choice.label) for choice in capture.choices]


def _in_line(capture: Capture) -> str:
    return "  ".join(f"{number} {name}" for number, name in enumerate(_names(capture), 1))


def _is_listed(view: CaptureView, room: int) -> bool:
    """Whether its choices stand below the field, since they do not fit into its cells beside what is in it:
    the answer that is proposed or a digit, the cursor, and three blanks (`Field.render_line`)."""
    beside = max(1, width(_kept(view))) + 4
    return view.capture.type is CaptureType.CHOICE and beside + width(_in_line(view.capture)) > room


def _placeholder(view: CaptureView, room: int) -> str:
    capture = view.capture
    if capture.type is CaptureType.CHOICE:
        return f"1-{len(capture.choices)}" if _is_listed(view, room) else _in_line(capture)
    if capture.type is CaptureType.YESNO:
        return _("1 yes  2 no")
    if capture.type is CaptureType.DATE:
        return _("year-month-day")
    return said(capture.help)
