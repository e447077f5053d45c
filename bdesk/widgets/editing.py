"""The keys of fields and text areas: one table, so that a key does the same in both.

F-keys, Ctrl+Z and the reserved keys are not in it; they reach the desk (UX, Keys).
"""

from collections.abc import Mapping

from textual.binding import Binding, BindingType

EDITING: tuple[tuple[str, str], ...] = (
    ("left", "left"),
    ("right", "right"),
    ("up", "up"),
    ("down", "down"),
    ("ctrl+left", "word left"),
    ("ctrl+right", "word right"),
    ("shift+left", "mark left"),
    ("shift+right", "mark right"),
    ("home", "start"),
    ("end", "end"),
    ("shift+home", "mark to start"),
    ("shift+end", "mark to end"),
    ("pageup", "page up"),
    ("pagedown", "page down"),
    ("backspace", "delete left"),
    ("delete", "delete right"),
    ("ctrl+u", "delete to start"),
    ("enter", "enter"),
)
"""Keys and what they do."""


def editing(actions: Mapping[str, str]) -> list[BindingType]:
    """Bindings from the table for what a widget can do: `actions` are the widget's own names for it."""
    return [Binding(key, actions[does], show=False) for key, does in EDITING if does in actions]
