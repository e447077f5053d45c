"""Values the widget tests are built from."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from bdesk.models.views.queue import QueueRow, Section
from bdesk.widgets import theme

NOW = datetime(2026, 6, 18, 6, 32, tzinfo=UTC)

HOSTILE = (
    "\x1b]2;x\x07\x1b[31m", "[/b]", "[urgent] [link=x]", "\u202e退款\u202c", "退" * 1200, "𠮷𡃁𪚥" * 20,
    "e\u0301\u0323" * 60, "买买提·阿卜杜拉", "👨‍👩‍👧‍👦☎️1️⃣", "9" * 1200, "a\nb\tc\r\nd", "\u0301", "",
)  # fmt: skip


def row(
    case_id: int, seconds: float | None = 3600, *, customer: str = "李**", summary: str = "退款", **more: Any
) -> QueueRow:
    """A case due so many seconds after NOW; DUE from 15 minutes, NOW from 5 minutes before."""
    due = None if seconds is None else NOW + timedelta(seconds=seconds)
    values: dict[str, Any] = {
        "case_id": case_id, "case_no": f"KF20260618{case_id:04d}", "kind": "refund", "priority": 3,
        "customer": customer, "tags": (), "summary": summary, "due_at": due,
        "due_from": None if due is None else due - timedelta(hours=24), "clock": "refund_review",
        "state": "new",
        "due_from_at": None if due is None else due - timedelta(minutes=15),
        "now_from_at": None if due is None else due - timedelta(minutes=5),
        "stopped": False, "waiting_for": None, "aside": False, "owner": None, "group": None,
        "channel": "hotline",
        "opened_at": NOW - timedelta(hours=3), "version": 1, "provisional": False,
    }  # fmt: skip
    return QueueRow(**(values | more))


def sections(mine: int, waiting: int, aside: int = 0) -> list[Section]:
    return [Section("mine", mine), Section("waiting", waiting), Section("aside", aside)]


class Bare(App[None]):
    """An app with the given widgets and a record of the messages they post."""

    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *widgets: Widget, focus: bool = False, look: theme.Theme = theme.TRUE) -> None:
        theme.use(look)
        super().__init__(ansi_color=look.ansi)
        self.animation_level = "none"
        self.register_theme(look.textual())
        self.theme = f"bdesk-{look.name}"
        self.widgets = widgets
        self.focus_first = focus
        self.seen: list[Message] = []

    def compose(self) -> ComposeResult:
        yield from self.widgets

    def on_mount(self) -> None:
        if self.focus_first:
            self.widgets[0].focus()

    def seen_of(self, kind: type[Message]) -> list[Any]:
        """Messages of a kind that came up to the app, oldest first."""
        return [message for message in self.seen if type(message) is kind]

    async def _on_message(self, message: Message) -> None:
        if type(message).__module__.startswith("bdesk."):
            self.seen.append(message)
        await super()._on_message(message)


def ids(rows: Iterable[QueueRow]) -> list[int]:
    return [found.case_id for found in rows]
