"""What the menu's lines do, on the screen the menu was opened over."""

import unicodedata
from typing import TYPE_CHECKING, Any

from textual import events

from bdesk.i18n import language, set_language
from bdesk.models.kinds import CaseKind, PersonState
from bdesk.models.labels import label
from bdesk.operations.staff import people
from bdesk.screens import navigation

if TYPE_CHECKING:
    from bdesk.screens.base import DeskScreen


def digit_of(event: events.Key) -> str:
    """The digit a key types, full-width ones too; empty for other keys."""
    typed = unicodedata.normalize("NFKC", event.character or "")
    return typed if len(typed) == 1 and typed in "0123456789" else ""


def run(screen: "DeskScreen", code: str) -> None:
    """Do what a line says."""
    head, _colon, rest = code.partition(":")
    if head == "state":
        set_state(screen, PersonState(rest))
    elif head == "key":
        # Once the menu is gone: a key of the screen may put another one over it.
        screen.call_later(screen.action_desk_key, rest)
    elif head == "kind":
        filter_queue(screen, CaseKind(rest))
    else:
        {
            "board": navigation.push_board,
            "card": navigation.push_call,
            "language": switch_language,
            "keytest": navigation.push_keytest,
            "notices": navigation.push_notices,
            "promised": navigation.push_promised,
            "handover": navigation.ask_handover,
            "exit": navigation.ask_to_leave,
        }[head](screen)


def set_state(screen: "DeskScreen", state: PersonState) -> None:
    """My state, shown in the header of every screen."""

    def done(_changed: Any) -> None:
        app: Any = screen.app
        app.person_state = state
        screen.frame()

    screen.place.state = state
    screen.perform(people.set_state, state, then=done)


def filter_queue(screen: "DeskScreen", kind: CaseKind) -> None:
    """The queue with one kind in it; Esc there shows all again."""
    from bdesk.screens.queue.screen import QueueScreen

    app: Any = screen.app
    app.show_queue()
    queue = next((one for one in reversed(app.screen_stack) if isinstance(one, QueueScreen)), None)
    if queue is not None:
        queue.call_later(queue.filter_by, label(kind))


def switch_language(screen: "DeskScreen") -> None:
    """The other language, at once: the screens are built anew, what they show is in the place and on disk."""
    chosen = "en" if language() == "zh" else "zh"

    async def anew() -> None:
        from bdesk.screens.case.screen import CaseScreen
        from bdesk.screens.queue.screen import QueueScreen

        await screen.place.desk.do(people.set_language, chosen)
        set_language(chosen)
        app: Any = screen.app
        on_case = any(isinstance(one, CaseScreen) for one in app.screen_stack)
        app.show_queue()
        await app.switch_screen(QueueScreen(screen.place))
        if on_case:
            app.show_case()

    navigation.held(screen, anew())
