"""The key test: what this terminal lets through. Shown once, skipped with Esc, never in anybody's way."""

import json
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen

from bdesk import keys, paths
from bdesk.errors import StoreProblem
from bdesk.i18n import _
from bdesk.widgets.cells import pad, width
from bdesk.widgets.header import Header, HeaderValues
from bdesk.widgets.panel import Field, Gap, Heading, Panel, Row, Words
from bdesk.widgets.strips import StatusLine, StatusValues

FUNCTION = tuple(f"f{number}" for number in range(1, 11))
PLAIN = ("1", "0", "minus", "equals_sign", "grave_accent", "space", "tab", "left", "right", "ctrl+z")
WIDE = ("１", "？", "：")
"""Full-width twins, as an input method sends them: they work as well."""

SHOWN_AS = {"space": "Space", "tab": "Tab", "left": "Left", "right": "Right"}


def marker() -> Path:
    """Where it is remembered that this was seen, beside the drafts."""
    return paths.drafts_dir() / "keys.json"


def terminal(environ: Mapping[str, str] | None = None) -> str:
    """The terminal at hand, as far as it says: another one lets other keys through."""
    env = os.environ if environ is None else environ
    return " ".join(env.get(name, "") for name in ("TERM_PROGRAM", "TERM") if env.get(name)) or "?"


def needed() -> bool:
    """Whether nobody looked at the keys on this terminal yet. A home that cannot be read says no."""
    return terminal() not in _seen()


def _seen() -> dict[str, list[str]]:
    try:
        kept = json.loads(marker().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, StoreProblem):
        return {terminal(): []}
    return {str(name): list(came) for name, came in kept.items()} if isinstance(kept, dict) else {}


def remember(came: frozenset[str]) -> None:
    """Keep which keys came through on this terminal. A disk that refuses is no reason to stop work."""
    known = _seen()
    known[terminal()] = sorted(came)
    try:
        marker().write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    except (OSError, StoreProblem):
        return


def _shown(name: str) -> str:
    return name if name in WIDE else SHOWN_AS.get(name, keys.shown(name))


class FirstRunScreen(Screen[None]):
    """Press each key; what comes through is ticked. Enter or Esc ends it at any time."""

    AUTO_FOCUS = None
    DEFAULT_CSS = """
    FirstRunScreen { background: $background; }
    FirstRunScreen #box { height: 1fr; margin: 1 0; }
    FirstRunScreen Panel { max-width: 100; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.came: frozenset[str] = frozenset()
        self._last = ""

    def compose(self) -> ComposeResult:
        yield Header(HeaderValues(title=_("Key test")), id="header")
        with VerticalScroll(id="box", can_focus=False):
            yield Panel(self.rows(), ground="base", id="rows")
        hints = (("Esc", _("skip")), ("Enter", _("done")))
        yield StatusLine(StatusValues(hints=hints), id="status")

    def rows(self) -> list[Row]:
        """The keys with their ticks, and what to do about those that do not come."""
        missing = [keys.shown(name) for name in FUNCTION if name not in self.came]
        rows: list[Row] = [
            Heading(_("Which keys does your terminal let through?")),
            Words(((_("Press each of them once. Esc skips this; the menu (F10) has it again."), "soft"),)),
            Gap(),
            Heading(_("Function keys"), _("these come first")),
            Words(self._pieces(FUNCTION)),
            Gap(),
            Heading(_("Other keys")),
            Words(self._pieces(PLAIN[:6])),
            Words(self._pieces(PLAIN[6:])),
            Gap(),
            Heading(_("With a Chinese input method on"), _("full-width forms count as well")),
            Words(self._pieces(WIDE)),
            Gap(),
        ]
        if self._last:
            rows += [Words(((_("Came just now: "), "dim"), (self._last, "text"))), Gap()]
        if self.came and missing:
            says = _(
                "Not yet: {keys}. What the terminal keeps for itself is in the menu: type : and a number.",
                keys=" ".join(missing),
            )
            rows.append(Field("", says, "warn"))
        elif self.came:
            rows.append(Words(((_("All function keys come through."), "good"),)))
        return rows

    def _pieces(self, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """Keys beside each other, each with its tick; those of rows below each other stand in columns."""
        beside = next(group for group in (FUNCTION, PLAIN, WIDE) if set(names) <= set(group))
        cells = max(width(_shown(name)) for name in beside)
        return tuple(
            (
                f"{'✓' if name in self.came else ' '} {pad(_shown(name), cells)}  ",
                "good" if name in self.came else "dim",
            )
            for name in names
        )

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if event.key in ("escape", "enter"):
            remember(self.came)
            self.dismiss(None)
            return
        character = event.character or ""
        name = character if character in WIDE and character else event.key
        plain = unicodedata.normalize("NFKC", character)
        self._last = f"{keys.shown(event.key)} {plain if plain.isprintable() else ''}".strip()
        self.came |= {name}
        self.query_one("#rows", Panel).show(self.rows())
