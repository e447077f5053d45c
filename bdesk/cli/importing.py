"""`bdesk import`: a firm's own orders, customers, products, wallets and cases."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from bdesk.cli.output import examples, json_text, new_app, write_json, write_line
from bdesk.cli.session import As, acting
from bdesk.errors import BadInput, DeskError
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.operations.importing.upsert import Imported, Reject

app = new_app()


@app.command(
    help=_(
        "Import orders, customers, products, wallets or cases. Orders are JSON Lines with everything nested "
        "in them; the others may also be CSV. A row that is newer than what is stored replaces it; rows that "
        "cannot be kept go to a reject file, and the rest goes on. docs/import.md lists the columns."
    ),
    epilog=examples(
        "bdesk import orders orders.jsonl",
        "bdesk import products products.csv --as 1000",
        "bdesk import cases cases.jsonl --rejects /tmp/cases.rejects.jsonl --json",
    ),
)
def run(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help=_("orders, customers, products, wallets or cases."))
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A .jsonl or .csv file in UTF-8."))],
    rejects: Annotated[
        Path | None, typer.Option(help=_("Where rows that cannot be kept go; else beside the file."))
    ] = None,
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations.importing.upsert import run_import

    place = rejects if rejects is not None else file.with_name(f"{file.name}.rejects.jsonl")
    with acting(as_) as ctx, RejectFile(place, file) as refused, _progress() as tell:
        done = run_import(ctx, kind, file, on_reject=refused.add, on_bytes=tell)
    _say(done, place, as_json)
    if done.rejected:
        raise typer.Exit(1)


def _say(done: "Imported", place: Path, as_json: bool) -> None:
    if as_json:
        write_json({"import": done, "rejects": str(place) if done.rejected else None})
        return
    write_line(
        _(
            "{rows} rows: {added} added, {changed} changed, {unchanged} unchanged, {rejected} rejected.",
            rows=done.rows,
            added=done.added,
            changed=done.changed,
            unchanged=done.unchanged,
            rejected=done.rejected,
        )
    )
    if done.rejected:
        write_line(_("The rejected rows and their reasons are in {path}.", path=place))
        write_line(_("Correct them and import the file again: what is in already is not kept twice."))


class RejectFile:
    """Rows that were refused, one JSON object a line: line, code, words, row. It is made with the first of
    them and readable by its owner alone, since it holds customers' data.

    Raises BadInput("import.rejects") when another file would be lost.
    """

    def __init__(self, path: Path, source: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None
        try:
            lost = path.exists() and (_same(path, source) or not _ours(path))
        except OSError as error:
            raise _unwritable(path, error) from None
        if lost:
            raise BadInput("import.rejects", path=str(path))

    def __enter__(self) -> "RejectFile":
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        if self._file is not None:
            self._file.close()
        elif kind is None:
            # Of an earlier run of the same file: nothing in it is true any more.
            self.path.unlink(missing_ok=True)

    def add(self, reject: "Reject") -> None:
        """Write one down."""
        from bdesk.speech import speak_error

        if self._file is None:
            self._file = self._open()
        record = {
            "line": reject.line,
            "code": reject.error.code,
            "words": speak_error(reject.error),
            "row": reject.raw,
        }
        self._file.write(json_text(record) + "\n")

    def _open(self) -> IO[str]:
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            os.fchmod(handle, 0o600)
        except OSError as error:
            raise _unwritable(self.path, error) from None
        return os.fdopen(handle, "w", encoding="utf-8", errors="replace")


def _unwritable(path: Path, error: OSError) -> DeskError:
    reason = (error.strerror or type(error).__name__).lower()
    return DeskError("import.rejects_unwritable", path=str(path), reason=reason)


def _same(path: Path, source: Path) -> bool:
    return source.exists() and path.samefile(source)


def _ours(path: Path) -> bool:
    """Whether a file is an earlier reject file: every field of it in the first line."""
    try:
        with path.open("rb") as file:
            first = json.loads(file.readline(1 << 23) or b"null")
    except (OSError, ValueError):
        return False
    return first is None or (isinstance(first, dict) and set(first) == {"line", "code", "words", "row"})


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, by bytes, where there is a terminal to draw it on."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("Checking the file"), total=None)

        def tell(done: int, size: int) -> None:
            bar.update(task, description=_("Importing"), completed=done, total=size)

        yield tell
