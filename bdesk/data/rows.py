"""From rows of a query to frozen views, by the names they share."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, RowMapping, Table, false

View = TypeVar("View")


@cache
def _names(view: type) -> frozenset[str]:
    return frozenset(field.name for field in fields(view))


@cache
def shared(view: type, table: Table) -> tuple[Column[Any], ...]:
    """The columns of a table that a view has fields for, under the same names."""
    return tuple(column for column in table.columns if column.name in _names(view))


def shaped(view: type[View], row: RowMapping | Mapping[str, Any], **more: object) -> View:
    """A view from what a row has for it; `more` fills or replaces fields."""
    wanted = _names(view)  # type: ignore[arg-type]  # types can be hashed
    found = {name: value for name, value in row.items() if name in wanted}
    return view(**{**found, **more})


def same(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    """`column = value`, where None equals nothing: two cases without a customer have none in common."""
    return false() if value is None else column == value
