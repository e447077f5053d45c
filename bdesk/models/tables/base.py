"""What every table shares: naming of constraints, enum columns, optimistic versions.

MEASURED.md: enum columns by default store names and accept garbage, and one bad row breaks a whole
read; so every enum goes through `enum_field`, which stores values and adds a CHECK.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy import Enum as SAEnum
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel
from sqlmodel._compat import SQLModelConfig

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def enum_field(
    kind: type[StrEnum], default: StrEnum | None = None, *, optional: bool = False, **more: Any
) -> Any:
    """A column that holds the values of `kind` and refuses anything else, in Python and in the file."""
    column = SAEnum(
        kind,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
        length=32,
        name=kind.__name__.lower(),
    )
    if optional:
        return Field(default=None, sa_type=column, nullable=True, **more)
    if default is None:
        return Field(sa_type=column, nullable=False, **more)
    return Field(default=default, sa_type=column, nullable=False, **more)


class Row(SQLModel):
    """A kept noun with its own number."""

    # Rows are made by keyword and never validated as a whole; 35 validators would cost 60 ms of each start.
    model_config = SQLModelConfig(defer_build=True)

    id: int | None = Field(default=None, primary_key=True)


class VersionedRow(Row):
    """A row that two desks may want to change: a stale write raises StaleDataError (optimistic lock).

    Bulk `update()` does not bump the version (MEASURED.md); guarded updates set it themselves.
    """

    version: int = Field(default=1, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> Mapping[str, Any]:
        table = getattr(cls, "__table__", None)
        return {} if table is None else {"version_id_col": table.c.version}


def not_negative(*columns: str) -> tuple[CheckConstraint, ...]:
    """CHECKs for amounts in fen, which never fall below zero."""
    return tuple(CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative") for name in columns)
