"""From rows of a query to frozen views, by the names they share."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache, wraps
from inspect import signature
from typing import Any, TypeVar

from sqlalchemy import Column, Result, RowMapping, Select, Table, bindparam
from sqlmodel import Session

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


def kept(build: Callable[..., Select[Any]]) -> Callable[..., Result[Any]]:
    """A query that is built once: building one takes longer than running it. It is asked with a session and
    the values of what it is built with, a collection for what goes into `in_`. None equals nothing: two cases
    without a customer have none in common."""
    names = tuple(signature(build).parameters)

    @cache
    def statement() -> Select[Any]:
        return build(*(bindparam(name) for name in names))

    @wraps(build)
    def ask(session: Session, *values: object) -> Result[Any]:
        return session.execute(statement(), dict(zip(names, values, strict=True)))

    return ask
