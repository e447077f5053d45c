"""What the parts of the case screen may ask of it: they know no more of it."""

from collections.abc import Callable
from typing import Any, Protocol

from bdesk.errors import DeskError
from bdesk.models.views.strip import Strip
from bdesk.operations.looking.case import CasePage
from bdesk.screens.modals.ask import Answered, Question
from bdesk.screens.place import Place


class OnCase(Protocol):
    """A case on the screen, as far as a part of it looks at it."""

    @property
    def place(self) -> Place:
        """Who works here, with which cases, calls and drafts."""

    @property
    def page(self) -> CasePage | None:
        """What was read of the case; None while it was not."""

    @property
    def case_id(self) -> int | None:
        """The case on the screen."""

    @property
    def done(self) -> bool:
        """Whether it is closed."""

    @property
    def unowned(self) -> bool:
        """Whether nobody holds it."""


class CaseHost(OnCase, Protocol):
    """The same with the ways of asking on, doing and saying."""

    def ask(
        self,
        question: Question,
        then: Callable[[Answered], object],
        keep: Callable[[str], None] | None = None,
    ) -> None:
        """Ask one thing; `then` gets the answer, nothing when it was left. `keep`: of half-typed words."""

    def perform(
        self,
        operation: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Do an operation; its refusal is said."""

    def foresee(self, operation: Callable[..., Any], *args: Any, then: Callable[[Any], object]) -> None:
        """Work out what an operation would do; `then` gets the answer, its refusal is said."""

    def plan(
        self,
        planner: Callable[..., Strip],
        *args: Any,
        planned: Callable[[], object] | None = None,
        refused: Callable[[DeskError], object] | None = None,
    ) -> None:
        """Have an outcome planned and put it into the strip. `planned` before it stands there; `refused`
        before its refusal is said."""

    def toast(self, text: str, kind: str = "recall") -> None:
        """A short message."""

    def say_refusal(self, refused: DeskError) -> None:
        """A refusal, in one line that says what to do."""

    def let_go(self, case_id: int) -> None:
        """The case left the hand: its tab goes, the queue or the next open case comes."""
