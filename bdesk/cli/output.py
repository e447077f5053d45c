"""What commands share: how they are made, and how they print for programs and for people.

`bdesk --help` loads this file, so what only printing needs is imported where something is printed.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import typer

from bdesk.i18n import _

if TYPE_CHECKING:
    import re

    from bdesk.models.views.changed import Changed


def new_app(**options: Any) -> typer.Typer:
    """A Typer for one module of commands: plain help without Rich, errors left to `main`."""
    return typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        **options,
    )


def examples(*lines: str) -> str:
    """The `epilog` of a command: its examples, one a line, kept as they are."""
    return "\b\n" + "\n".join([_("Examples:"), *(f"  {line}" for line in lines)])


def plain(value: object) -> Any:
    """A value as JSON knows it: instants in ISO 8601 with offset, enums by value, views as objects.

    Raises TypeError for anything that has no such form.
    """
    from datetime import date, datetime

    from bdesk.clock import to_local_iso

    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return to_local_iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no JSON form")


def write_json(value: object) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json_text(plain(value), indent=2) + "\n")


def json_text(value: object, *, indent: int | None = None) -> str:
    """JSON that says all there is, and of which nothing drives a terminal: what JSON lets stand as it is
    (C1 controls, bidi marks, what is invisible) is written as \\uXXXX too."""
    import json
    import re

    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return re.sub("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]", _escaped, text)


def _escaped(found: "re.Match[str]") -> str:
    return f"\\u{ord(found.group()):04x}"


def write_line(text: str) -> None:
    """One line on stdout, harmless to a terminal."""
    from bdesk.text import clean

    sys.stdout.write(clean(text) + "\n")


def write_changed(changed: "Changed", as_json: bool, document: dict[str, object]) -> None:
    """What was done: as the document for programs, as its sentence for people."""
    from bdesk.speech import speak

    if as_json:
        write_json(document)
    else:
        write_line(speak(changed.code, changed.params))


def write_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people. Texts are shown as they are, never read as markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from bdesk.text import clean

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean("" if cell is None else str(cell))) for cell in row))
    # A pipe has no width: rows must not be folded for a terminal that is not there.
    Console(width=None if sys.stdout.isatty() else 200).print(table)
