"""What a row of a file may hold: columns with their readers, and the shapes they make.

A column that is left out keeps what is stored. `null`, or an empty cell of a CSV file, empties it; where a
column cannot be empty it goes back to its default. Money is whole fen, instants carry their offset.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn

from bdesk.clock import from_iso
from bdesk.errors import BadInput
from bdesk.i18n import LANGUAGES
from bdesk.text import clean, normalise_key

Values = dict[str, Any]
"""A row that was read: only the columns that the file had, as Python values."""

Reader = Callable[[Any, str, bool], Any]
"""(value, path of the column, whether it comes from a CSV cell) -> value. Raises BadInput."""

# 20 million yuan, and below what a 32-bit column of a server holds.
MOST_FEN = 2_000_000_000
_DIGITS = re.compile(r"-?[0-9]{1,10}")
_YES = frozenset({"true", "1", "yes", "是"})
_NO = frozenset({"false", "0", "no", "否"})
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Column:
    """`required`: a row without it is refused. `default` is the value of an emptied column, where None is
    none; `nested` is the shape of the objects in it."""

    name: str
    read: Reader
    required: bool = False
    empty: bool = False
    default: Any = _MISSING
    nested: "Shape | None" = None


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of one kind of object."""

    name: str
    columns: tuple[Column, ...]

    def names(self, *, flat: bool = False) -> tuple[str, ...]:
        """The names of its columns; with `flat` only those a CSV file can have."""
        return tuple(one.name for one in self.columns if not flat or one.nested is None)

    def required(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.columns if one.required)


def read_row(shape: Shape, raw: Mapping[str, Any], *, loose: bool = False, path: str = "") -> Values:
    """The row as values. `loose`: its values are cells of a CSV file, where numbers are digits.

    Raises BadInput with the path of the column (`payments[0].amount_fen`). Columns that no shape has are
    the file's fault and were looked for before (`reading.inspect`).
    """
    values: Values = {}
    for column in shape.columns:
        where = f"{path}{column.name}"
        if column.name not in raw:
            if column.required:
                raise BadInput("import.required", field=where)
            continue
        value = raw[column.name]
        if value is None or (loose and value == ""):
            values |= _emptied(column, where)
        else:
            values[column.name] = column.read(value, where, loose)
    return values


def _emptied(column: Column, where: str) -> Values:
    if column.required:
        raise BadInput("import.required", field=where)
    if column.empty:
        return {column.name: None}
    return {} if column.default is _MISSING else {column.name: column.default}


def strange(shape: Shape, raw: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Shape]]:
    """Columns of an object, and of what is nested in it, that its shape does not have."""
    known = {column.name: column for column in shape.columns}
    for name, value in raw.items():
        column = known.get(name)
        if column is None:
            yield f"{path}{name}", shape
        elif column.nested is not None:
            for part in value if isinstance(value, list) else (value,):
                if isinstance(part, dict):
                    yield from strange(column.nested, part, f"{path}{name}.")


# Columns


def text(
    name: str, longest: int, *, required: bool = False, empty: bool = False, cut: bool = False
) -> Column:
    """Words, cleaned and trimmed. Too long ones are refused, or cut where only their gist matters."""

    def read(value: Any, where: str, loose: bool) -> str:
        if not isinstance(value, str):
            raise BadInput("import.text", field=where)
        words = clean(value).strip()
        if required and not words:
            raise BadInput("import.required", field=where)
        if len(words) > longest and not cut:
            raise BadInput("import.too_long", field=where, length=len(words), longest=longest)
        return words[:longest]

    return Column(name, read, required, empty, "")


def words(name: str, longest: int) -> Column:
    """A longer text in which lines end where they end."""

    def read(value: Any, where: str, loose: bool) -> str:
        if not isinstance(value, str):
            raise BadInput("import.text", field=where)
        body = clean(value, multiline=True).strip()
        if len(body) > longest:
            raise BadInput("import.too_long", field=where, length=len(body), longest=longest)
        return body

    return Column(name, read, default="")


def key(name: str, longest: int, *, required: bool = False) -> Column:
    """A number that people type: full-width forms, blanks, hyphens and small letters make no difference."""

    def read(value: Any, where: str, loose: bool) -> str:
        if not isinstance(value, str):
            raise BadInput("import.text", field=where)
        found = normalise_key(value)
        if not found:
            raise BadInput("import.required", field=where)
        if len(found) > longest:
            raise BadInput("import.too_long", field=where, length=len(found), longest=longest)
        return found

    return Column(name, read, required, not required)


def whole(name: str, low: int, high: int, *, required: bool = False, default: int | None = None) -> Column:
    """A whole number between `low` and `high`."""

    def read(value: Any, where: str, loose: bool) -> int:
        number = _number(value, loose)
        if number is None:
            raise BadInput("import.whole", field=where, value=_shown(value))
        if not low <= number <= high:
            raise BadInput("import.range", field=where, value=number, low=low, high=high)
        return number

    return Column(name, read, required, default=_MISSING if default is None else default)


def fen(name: str, *, required: bool = False, negative: bool = False) -> Column:
    """Money in whole fen. Yuan with decimals are refused: nothing guesses which was meant."""

    def read(value: Any, where: str, loose: bool) -> int:
        number = _number(value, loose)
        if number is None:
            raise BadInput("import.fen", field=where, value=_shown(value))
        if abs(number) > MOST_FEN or (number < 0 and not negative):
            raise BadInput("import.range", field=where, value=number, low=-MOST_FEN * negative, high=MOST_FEN)
        return number

    return Column(name, read, required, default=_MISSING if required else 0)


def _number(value: Any, loose: bool) -> int | None:
    if loose and isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(name: str) -> Column:
    """true or false; in CSV also 1, 0, yes, no, 是, 否."""

    def read(value: Any, where: str, loose: bool) -> bool:
        if isinstance(value, bool):
            return value
        said = value.strip().lower() if loose and isinstance(value, str) else ""
        if said not in _YES | _NO:
            raise BadInput("import.flag", field=where, value=_shown(value))
        return said in _YES

    return Column(name, read, default=False)


def instant(name: str, *, required: bool = False) -> Column:
    """ISO 8601 with an offset; kept in UTC."""

    def read(value: Any, where: str, loose: bool) -> Any:
        if not isinstance(value, str):
            raise BadInput("import.text", field=where)
        try:
            return from_iso(value.strip())
        except BadInput as problem:
            raise BadInput("import.field", field=where, problem=problem) from None

    return Column(name, read, required, not required)


def day(name: str) -> Column:
    """A date: 1986-05-12."""

    def read(value: Any, where: str, loose: bool) -> date:
        try:
            return date.fromisoformat(value.strip())
        except (AttributeError, ValueError):
            _no_day(where, value)

    return Column(name, read, empty=True)


def _no_day(where: str, value: Any) -> NoReturn:
    raise BadInput("import.day", field=where, value=_shown(value)) from None


def choice(
    name: str,
    kind: type[StrEnum],
    *,
    required: bool = False,
    default: StrEnum | None = None,
    only: frozenset[Any] | None = None,
) -> Column:
    """One of a closed list of words (`only` of them); without a default the column may be empty."""
    allowed = {str(one): one for one in kind if only is None or one in only}

    def read(value: Any, where: str, loose: bool) -> StrEnum:
        found = allowed.get(value.strip().lower()) if isinstance(value, str) else None
        if found is None:
            raise BadInput("import.choice", field=where, value=_shown(value), allowed=tuple(allowed))
        return found

    empty = not required and default is None
    return Column(name, read, required, empty, _MISSING if default is None else default)


def language(name: str) -> Column:
    """zh or en."""

    def read(value: Any, where: str, loose: bool) -> str:
        said = value.strip().lower() if isinstance(value, str) else ""
        if said not in LANGUAGES:
            raise BadInput("import.choice", field=where, value=_shown(value), allowed=LANGUAGES)
        return said

    return Column(name, read, default=LANGUAGES[0])


def several(name: str, shape: Shape, *, required: bool = False) -> Column:
    """A list of objects."""

    def read(value: Any, where: str, loose: bool) -> list[Values]:
        if not isinstance(value, list):
            raise BadInput("import.list", field=where)
        rows = []
        for number, part in enumerate(value):
            if not isinstance(part, dict):
                raise BadInput("import.object", field=f"{where}[{number}]")
            rows.append(read_row(shape, part, path=f"{where}[{number}]."))
        return rows

    return Column(name, read, required, nested=shape)


def one(name: str, shape: Shape) -> Column:
    """One object."""

    def read(value: Any, where: str, loose: bool) -> Values:
        if not isinstance(value, dict):
            raise BadInput("import.object", field=where)
        return read_row(shape, value, path=f"{where}.")

    return Column(name, read, nested=shape)


def numbers(name: str) -> Column:
    """A list of whole numbers; in CSV separated by blanks."""

    def read(value: Any, where: str, loose: bool) -> list[int]:
        parts = value.split() if loose and isinstance(value, str) else value
        found = [_number(part, loose) for part in parts] if isinstance(parts, list) else [None]
        if None in found:
            raise BadInput("import.numbers", field=where)
        return [number for number in found if number is not None]

    return Column(name, read, default=[])


def words_of(name: str, kind: type[StrEnum]) -> Column:
    """A list of words of a closed list; in CSV separated by blanks."""
    inner = choice(name, kind, required=True)

    def read(value: Any, where: str, loose: bool) -> list[Any]:
        parts = value.split() if loose and isinstance(value, str) else value
        if not isinstance(parts, list):
            raise BadInput("import.list", field=where)
        return [inner.read(part, where, loose) for part in parts]

    return Column(name, read, default=[])


def _shown(value: Any) -> str:
    said = clean(str(value))
    return said if len(said) <= 40 else said[:39] + "…"
