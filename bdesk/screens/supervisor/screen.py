"""The supervisor's screen (UX): requests, raised cases, clocks about to be missed, the team.

It only shows and asks: who may do what is asked again by the operations, whatever stands here.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType

from bdesk.errors import DeskError, NotAllowed
from bdesk.i18n import _
from bdesk.models.views.changed import Changed
from bdesk.models.views.supervision import PersonLoad, PressedCase, WaitingRequest
from bdesk.operations import approvals, undoing
from bdesk.operations.queue import claim
from bdesk.rules import roles
from bdesk.screens import navigation
from bdesk.screens.opening import open_case_screen
from bdesk.screens.place import OpenCase
from bdesk.screens.supervisor import details, raising, verdicts
from bdesk.screens.supervisor.view import SupervisorView
from bdesk.screens.supervisor.words import HELD, RAISED, REQUESTS, SOON, TEAM
from bdesk.screens.wallet import deciding as wallet
from bdesk.screens.working import start
from bdesk.speech import speak
from bdesk.widgets.fields import Field


class SupervisorScreen(SupervisorView):
    """Digits choose a verdict for the selected request and F8 does it; in the other lists they select."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "page(-9999)", show=False),
        Binding("end", "page(9999)", show=False),
    ]

    # Messages

    def on_board_list_selected(self) -> None:
        if self.list.selected_id is not None:
            self.place.board.selected[self.shown] = self.list.selected_id
        self._show_detail()
        self.show_verdicts()
        self.frame()

    def on_board_list_held_changed(self) -> None:
        self.frame()

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._load)

    def on_field_changed(self, event: Field.Changed) -> None:
        if event.input.id == "filter":
            return
        if self.noting.cases:
            self.noting.typed(event.value)
        else:
            self.deciding.typed()

    def on_field_submitted(self, event: Field.Submitted) -> None:
        if event.input.id == "filter":
            self.filter = event.value.strip()
            if not self.filter:
                self.body.remove_class("-filtering")
            self.list.focus()
            self._load()
        elif self.noting.cases:
            self.noting.keep(event.value)
        else:
            self._next_field() or self.list.focus()

    # Digits, Space and Enter

    def do_choose(self, digit: int) -> None:
        if self.shown != REQUESTS:
            self.list.choose(digit)
            return
        choices = self._offered()
        if digit > len(choices):
            return
        choice, marked = choices[digit - 1], self.place.board.marked
        if choice.reason:
            self.toast(choice.reason, "hint")
            return
        self.noting.leave()
        one = self.selected_request()
        if marked and self.board is not None:
            self.deciding.choose(choice.code, [each.id for each in self.board.requests if each.id in marked])
        elif (
            one is not None
            and one.alone
            and choice.code in (verdicts.APPROVE, verdicts.REFUSE, verdicts.RETURN)
        ):
            wallet.ask_about(self, one.row.approval.case_id, self.settle)
        elif one is not None:
            self.deciding.choose(choice.code, (one.id,))

    def do_more(self) -> None:
        self.list.choose(0)
        self.frame()

    def do_mark(self) -> None:
        """Space: only what was opened in this sitting, and never a release; the operation asks again."""
        one = self.selected_request()
        if one is None:
            self._mark_case()
            return
        marked = self.place.board.marked
        if one.id not in marked and (why := self._no_mark(one)):
            self.toast(why, "hint")
            return
        if self.deciding.chosen is not None:
            self.deciding.drop()
        self.place.board.marked = marked ^ {one.id}
        self.list.mark(self.place.board.marked)
        self.show_verdicts()
        self.frame()

    def _mark_case(self) -> None:
        """Cases are marked for one note on all of them."""
        found = self.list.selected
        if not isinstance(found, PressedCase):
            self.toast(_("Requests and cases are marked"), "hint")
        elif not roles.may(self.role, "supervising.broadcasting.broadcast"):
            self.toast(_("Supervisors only"), "hint")
        else:
            self.place.board.cases ^= {found.id}
            self.list.mark(self.place.board.cases)
            self.frame()

    def _no_mark(self, one: WaitingRequest) -> str:
        if one.alone:
            return _("A release is decided by itself, with your own password")
        if not self.seen:
            return _("Not during a call: sums and reasons are hidden")
        if one.hindrance:
            return details.hindrance_words(one)
        if one.moved:
            return details.moved_words()
        return "" if one.read else _("Open it first (Enter): what is decided together was read one by one")

    def do_open(self) -> None:
        """Enter opens the case, and the request on it counts as read."""
        found = self.list.selected
        if isinstance(found, WaitingRequest):
            asked = found.row.approval
            case = OpenCase(asked.case_id, asked.case_no, found.row.customer, found.row.kind.value)
            if self.seen:
                self.perform(approvals.read_request, found.id, then=lambda _changed: self._open(case))
            else:
                self._open(case)
        elif isinstance(found, PressedCase):
            row = found.row
            self._open(OpenCase(row.case_id, row.case_no, row.customer, row.kind, row))
        elif isinstance(found, PersonLoad):
            self._show_held(found)

    def _show_held(self, one: PersonLoad) -> None:
        """What somebody of the team holds, to be handed on, told or looked into."""
        self.place.board.holder, self.place.board.shown = one.number, HELD
        self._load()
        self.settle()
        self.refresh_now()
        self.frame()

    def _open(self, case: OpenCase) -> None:
        self.place.board.opened, self.place.board.done = case.case_id, None
        if not self.place.is_open(case.case_id):
            self.place.open(case)
        open_case_screen(self, case.case_id, row=case.row, case_no=case.case_no)

    # Moving

    def do_up(self) -> None:
        self._move(-1)

    def do_down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        if isinstance(self.focused, Field):
            return  # the words are for the row they were begun on
        self.list.go_to(self.list.at + step)

    def action_page(self, pages: int) -> None:
        rows = self.body.query_one("#rows").size.height
        self.list.go_to(self.list.at + pages * max(1, rows - 1))

    def do_next_list(self) -> None:
        self._go_list(1)

    def do_last_list(self) -> None:
        self._go_list(-1)

    def _go_list(self, step: int) -> None:
        """Tab: the next field while something is asked for, else the next list."""
        if isinstance(self.focused, Field) and self.focused.id != "filter":
            if not self._next_field(step):
                self.list.focus()
            return
        codes = self.codes
        self.place.board.shown = codes[(codes.index(self.shown) + step) % len(codes)]
        self._load()
        self.frame()

    def _next_field(self, step: int = 1) -> bool:
        """Go to the next field that is asked for. False where there is none."""
        shown = [
            name for name in ("count", "sum", "words") if self.body.field(name).display and self._asked(name)
        ]
        at = self.focused.id if isinstance(self.focused, Field) else None
        after = shown.index(at) + step if at in shown else -1
        if not 0 <= after < len(shown):
            return False
        self.focus_field(shown[after])
        return True

    def _asked(self, name: str) -> bool:
        many = self.body.has_class("-many")
        return not self.body.has_class("-wordless") if name == "words" else many

    # F-keys

    def do_commit(self) -> None:
        self.deciding.commit()

    def refused(self, refused: DeskError) -> None:
        if isinstance(refused, NotAllowed) and refused.code == "role.no_board":
            self.app.show_queue()  # type: ignore[attr-defined]
            return
        self.deciding.refused(refused)

    def do_customer(self) -> None:
        if (case := self.selected_case()) is not None:
            start(self, partial(navigation.customer_of, self, case[0]), "read-customer", newest=True)

    def do_note(self) -> None:
        marked = self.place.board.cases if self.shown in (RAISED, SOON, HELD) else frozenset()
        if len(marked) > 1:
            self.noting.begin(sorted(marked), _("{count} cases", count=len(marked)))
        elif (case := self.selected_case()) is not None:
            self.noting.begin((case[0],), case[1])

    def do_pass_on(self) -> None:
        """F7: raise further, to risk, back, to somebody else."""
        found = self.list.selected
        if isinstance(found, WaitingRequest):
            raising.request(self, found)
        elif isinstance(found, PressedCase):
            raising.case(self, found)

    def do_take_over(self) -> None:
        """F9: a ringing call, else the raised case."""
        if self._rings:
            self.do_call()
            return
        found = self.list.selected
        if not isinstance(found, PressedCase):
            return
        row = found.row
        case = OpenCase(row.case_id, row.case_no, row.customer, row.kind, row)
        if self.shown in (SOON, HELD) and row.owner not in (None, self.place.desk.actor.number):
            raising.take_over(self, found, lambda _changed: self._taken(case))
        else:
            self.perform(claim, row.case_id, then=lambda _changed: self._taken(case))

    def _taken(self, case: OpenCase) -> None:
        self.settle()
        self._open(case)

    def perform(
        self,
        operation: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        def done(found: Any) -> Any:
            here = isinstance(found, Changed) and found.undo_event is not None
            self.place.board.done = found.case_id if here else 0
            return then(found) if then is not None else None

        super().perform(operation, *args, then=done, **kwargs)

    def do_undo(self) -> None:
        """Ctrl+Z takes back what was done on this board last, whatever case is open beside it."""
        case_id = self.place.board.done
        if case_id is None or self.place.window() is not None:
            super().do_undo()
        elif case_id:
            self.perform(undoing.undo, case_id, then=self.undone)
        else:
            self.toast(speak("undo.nothing"), "hint")

    def undone(self, changed: Changed) -> None:
        super().undone(changed)
        self.settle()

    def on_descendant_focus(self) -> None:
        """What Enter and Esc do depends on where they go."""
        self.frame()

    def do_filter(self) -> None:
        """F3 finds; F3 again filters this list (UX, Keys)."""
        navigation.push_lookup(self)

    def do_filter_list(self) -> None:
        self.body.add_class("-filtering")
        self.focus_field("filter")

    def do_back(self) -> None:
        """Esc: what is pending, the field, the filter, then the queue."""
        if self.noting.cases:
            self.noting.leave()
        elif self.deciding.chosen is not None:
            self.deciding.drop()
        elif self.body.has_class("-filtering"):
            self.body.remove_class("-filtering")
            self.body.field("filter").put("")
            self.filter = ""
            self.list.focus()
            self._load()
        elif self.list.marked:
            self.unmark()
            self.show_verdicts()
            self.frame()
        elif self.shown == HELD:
            self.place.board.shown, self.place.board.holder = TEAM, ""
            self._load()
            self.frame()
        else:
            self.app.show_queue()  # type: ignore[attr-defined]
