"""Files read line by line, so that their size costs no memory: JSON Lines, and CSV where rows are flat.

A file is read twice. The first reading finds what is wrong with the file as a whole (a column nobody
knows, another encoding) before anything is written, and gives its digest for the journal.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from bdesk.errors import BadInput
from bdesk.operations.importing.columns import Shape, strange
from bdesk.text import clean

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes. An order with a thousand scans takes 200 kB; anything longer is no order."""

_BOM = b"\xef\xbb\xbf"


class Form(StrEnum):
    LINES = "jsonl"
    CSV = "csv"


_FORMS = {".jsonl": Form.LINES, ".ndjson": Form.LINES, ".json": Form.LINES, ".csv": Form.CSV}


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the file: `line` counts from 1, `end` is how many bytes were read with it.

    With a `problem` there is no `value`; `raw` is what there is to show of it.
    """

    line: int
    end: int
    value: Mapping[str, Any] | None = None
    raw: Any = None
    problem: BadInput | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be imported: its size in bytes, its sha256, and how many rows it holds."""

    path: Path
    form: Form
    size: int
    digest: str
    rows: int


def form_of(path: Path, *, csv_allowed: bool) -> Form:
    """What kind of file it is, by its name. Raises BadInput("import.suffix") or ("import.nested")."""
    form = _FORMS.get(path.suffix.lower())
    if form is None:
        raise BadInput("import.suffix", path=str(path), known=tuple(_FORMS))
    if form is Form.CSV and not csv_allowed:
        raise BadInput("import.nested", path=str(path))
    return form


def inspect(path: Path, shape: Shape, *, csv_allowed: bool) -> Source:
    """Look the whole file over without writing anything.

    Raises BadInput: import.unreadable, import.empty, import.encoding, and import.column or import.header
    with the column and the ones that are known.
    """
    form = form_of(path, csv_allowed=csv_allowed)
    count = badly_coded = well_coded = size = 0
    first_bad = 0
    for row in rows(path, form):
        count += 1
        size = row.end
        if row.problem is not None and row.problem.code == "import.utf8":
            badly_coded += 1
            first_bad = first_bad or row.line
        elif row.value is not None:
            well_coded += not _ascii(row.value)
            if count == 1 or form is Form.LINES:
                _known_columns(path, form, shape, row)
    if not count:
        raise BadInput("import.empty", path=str(path))
    if badly_coded > well_coded:
        raise BadInput("import.encoding", path=str(path), line=first_bad)
    return Source(path, form, size, _digest(path), count)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with _opened(path) as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _ascii(value: Mapping[str, Any]) -> bool:
    return all(one.isascii() for one in value.values() if isinstance(one, str))


def _known_columns(path: Path, form: Form, shape: Shape, row: Row) -> None:
    value = row.value or {}
    known = shape.names(flat=form is Form.CSV)
    if form is Form.CSV:
        wrong = next((name for name in value if name not in known), None)
        if wrong is not None:
            raise _column(path, 1, wrong, shape.name, known)
        missing = tuple(name for name in shape.required() if name not in value)
        if missing:
            raise BadInput("import.header", path=str(path), columns=missing)
        return
    for name, where in strange(shape, value):
        raise _column(path, row.line, name, where.name, where.names())


def _column(path: Path, line: int, name: str, shape: str, known: tuple[str, ...]) -> BadInput:
    return BadInput("import.column", path=str(path), line=line, column=clean(name), shape=shape, known=known)


def rows(path: Path, form: Form) -> Iterator[Row]:
    """The rows of a file, one at a time; a broken one comes with its problem, and reading goes on.

    Raises BadInput("import.unreadable").
    """
    with _opened(path) as file:
        yield from _json_rows(file) if form is Form.LINES else _csv_rows(file)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        if not path.is_file():
            reason = "no such file" if not path.exists() else "not a file"
            raise BadInput("import.unreadable", path=str(path), reason=reason)
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from None
    with file:
        try:
            yield file
        except OSError as error:
            raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> BadInput:
    reason = (error.strerror or type(error).__name__).lower()
    return BadInput("import.unreadable", path=str(path), reason=reason)


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Lines with where they end. Of one above LONGEST_LINE only so much is kept, and the rest skipped."""
    end = 0
    while line := file.readline(LONGEST_LINE + 1):
        end += len(line)
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            more = file.readline(LONGEST_LINE)
            end += len(more)
            if not more or more.endswith(b"\n"):
                break
        yield line, end


def _json_rows(file: BinaryIO) -> Iterator[Row]:
    for number, (line, end) in enumerate(_lines(file), start=1):
        if number == 1:
            line = line.removeprefix(_BOM)
        if not line.strip():
            continue
        if len(line) > LONGEST_LINE:
            raw = line[:200].decode("utf-8", "replace")
            yield Row(number, end, raw=raw, problem=BadInput("import.line", longest=LONGEST_LINE))
            continue
        yield _json_row(number, end, line)


def _json_row(number: int, end: int, line: bytes) -> Row:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        shown = line.decode("utf-8", "replace").strip()
        return Row(number, end, raw=shown, problem=BadInput("import.utf8"))
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        problem = BadInput("import.json", column=error.colno)
        return Row(number, end, raw=text.strip(), problem=problem)
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets without end
        return Row(number, end, raw=text.strip()[:2000], problem=BadInput("import.json", column=1))
    if not isinstance(value, dict):
        return Row(number, end, raw=value, problem=BadInput("import.not_object"))
    return Row(number, end, value=value, raw=value)


class _Cells:
    """Lines of a CSV file as its reader wants them, remembering where it has got to."""

    def __init__(self, file: BinaryIO) -> None:
        self._lines = _lines(file)
        self.line = 0
        self.end = 0

    def __iter__(self) -> "_Cells":
        return self

    def __next__(self) -> str:
        line, self.end = next(self._lines)
        self.line += 1
        if self.line == 1:
            line = line.removeprefix(_BOM)
        # Bytes that are no UTF-8 become lone surrogates, which no well-coded cell has.
        return line.decode("utf-8", "surrogateescape")


def _csv_rows(file: BinaryIO) -> Iterator[Row]:
    cells = _Cells(file)
    table = csv.reader(cells, strict=True)
    try:
        header = [name.strip() for name in next(table, [])]
    except csv.Error:
        header = []
    if len(set(header)) < len(header) or not all(header):
        raise BadInput("import.header_twice")
    while True:
        start = cells.line + 1
        try:
            row = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(start, cells.end, raw="", problem=BadInput("import.csv", reason=str(error)))
            continue
        if row:
            yield _csv_row(start, cells.end, header, row)


def _csv_row(number: int, end: int, header: list[str], row: list[str]) -> Row:
    if any(map(_broken, row)):
        shown = [cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for cell in row]
        return Row(number, end, raw=shown, problem=BadInput("import.utf8"))
    if len(row) != len(header):
        problem = BadInput("import.cells", cells=len(row), columns=len(header))
        return Row(number, end, raw=row, problem=problem)
    value = dict(zip(header, row, strict=True))
    return Row(number, end, value=value, raw=value)


def _broken(cell: str) -> bool:
    if cell.isascii():
        return False
    try:
        cell.encode()
    except UnicodeEncodeError:
        return True
    return False
