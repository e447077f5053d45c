"""Rows on their way into a store: plain mappings by table, numbered as they are made."""

from typing import Any

from sqlmodel import SQLModel

Row = dict[str, Any]

_defaults: dict[type[SQLModel], Row] = {}


def _blank(table: type[SQLModel]) -> Row:
    known = _defaults.get(table)
    if known is None:
        known = {
            name: None if field.is_required() else field.get_default(call_default_factory=True)
            for name, field in table.model_fields.items()
        }
        _defaults[table] = known
    return known


class Rows:
    """What will be written, table by table in the order in which tables were first named.

    A column that the table does not have raises KeyError: a silent misspelling would seed a wrong store.
    """

    def __init__(self) -> None:
        self.tables: dict[type[SQLModel], list[Row]] = {}

    def add(self, table: type[SQLModel], **columns: Any) -> Row:
        """A new row with the table's defaults and the next number of its table; returned for reading."""
        blank = _blank(table)
        for name in columns:
            if name not in blank:
                raise KeyError(f"{table.__name__}.{name}")
        rows = self.tables.setdefault(table, [])
        row = {**blank, **columns}
        if "id" in blank and row["id"] is None:
            row["id"] = len(rows) + 1
        rows.append(row)
        return row

    def of(self, table: type[SQLModel]) -> list[Row]:
        return self.tables.get(table, [])
