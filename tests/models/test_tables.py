"""Rows that refuse garbage: in Python, and in the file itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Enum as SAEnum
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel

from bdesk.data.store import Store
from bdesk.models import kinds, tables
from bdesk.models.clock_kinds import Drives
from bdesk.models.kinds import PaymentMethod, PaymentState
from bdesk.models.tables import Case, Customer, Payment
from bdesk.models.tables.base import VersionedRow
from tests.builders import T0, customer, make_store, open_case, order

TABLES = [getattr(tables, name) for name in tables.__all__]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def enum_columns() -> list[tuple[str, str, SAEnum]]:
    return [
        (table.name, column.name, column.type)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, SAEnum)
    ]


def test_every_enum_column_stores_values_and_has_a_check() -> None:
    found = enum_columns()
    assert len(found) > 40
    for table, column, kind in found:
        assert kind.enum_class is not None, (table, column)
        assert list(kind.enums) == [member.value for member in kind.enum_class], (table, column)
        assert kind.create_constraint, (table, column)
        assert not kind.native_enum, (table, column)
        assert kind.validate_strings, (table, column)
        assert max(map(len, kind.enums)) <= 32, (table, column)


def test_the_file_refuses_what_no_enum_knows(store: Store) -> None:
    """One bad row would break a whole read (MEASURED)."""
    with store.read() as session:
        eye = inspect(session.connection())
        checks = {
            table: " ".join(str(one["sqltext"]) for one in eye.get_check_constraints(table))
            for table in eye.get_table_names()
        }
    for table, column, kind in enum_columns():
        assert f"{column} IN (" in checks[table], (table, column)
        assert all(f"'{value}'" in checks[table] for value in kind.enums)


def test_an_enum_refuses_garbage_in_python_and_in_the_file(store: Store) -> None:
    case_id = open_case(store)
    with pytest.raises(StatementError), store.write() as unit:
        unit.case(case_id).state = "banana"  # type: ignore[assignment]
        unit.commit()
    with pytest.raises(IntegrityError, match="CHECK"), store.write() as unit:
        unit.session.connection().execute(text("UPDATE work_case SET state = 'banana'"))
    with store.write() as unit:
        unit.session.connection().execute(text("UPDATE work_case SET state = 'in_progress'"))
        unit.commit()
    with store.read() as session:
        assert session.get_one(Case, case_id).state is kinds.CaseState.IN_PROGRESS


@pytest.mark.parametrize(
    "values",
    [
        {"amount_fen": -1},
        {"refunded_fen": -1},
        {"held_fen": -1},
        {"refunded_fen": 101},
        {"held_fen": 101},
        {"refunded_fen": 60, "held_fen": 41},
    ],
)
def test_a_payment_never_gives_back_more_than_it_took(store: Store, values: dict[str, int]) -> None:
    placed = order(store, customer(store), payments=())
    columns: dict[str, Any] = {"amount_fen": 100, **values}
    with pytest.raises(IntegrityError, match="CHECK"), store.write() as unit:
        unit.session.add(
            Payment(
                payment_no="P1",
                order_id=placed.id,
                method=PaymentMethod.WALLET,
                state=PaymentState.SUCCESS,
                **columns,
            )
        )
        unit.commit()


def test_a_payment_may_give_back_all_of_it(store: Store) -> None:
    placed = order(store, customer(store))
    with store.write() as unit:
        payment = unit.session.get_one(Payment, placed.payments[0])
        payment.refunded_fen, payment.held_fen = 12000, 800
        unit.commit()


def test_foreign_keys_are_enforced(store: Store) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), store.write() as unit:
        unit.session.connection().execute(text("INSERT INTO case_flag (case_id, flag) VALUES (99, 'vip')"))


def test_naive_instants_are_refused_and_others_come_back_in_utc(store: Store) -> None:
    with pytest.raises(StatementError, match="timezone"), store.write() as unit:
        unit.session.add(Customer(account="a", name="a", since=datetime(2026, 1, 1)))  # noqa: DTZ001
        unit.session.flush()
    local = datetime(2026, 11, 18, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    buyer = customer(store, since=local)
    with store.read() as session:
        found = session.get_one(Customer, buyer).since
        raw = session.connection().execute(text("SELECT since FROM customer")).scalar_one()
    assert found == local
    assert found is not None
    assert found.tzinfo is UTC
    assert raw == "2026-11-18 02:00:00.123456"


def test_no_table_has_a_naive_instant_or_an_amount_that_is_no_integer() -> None:
    for table in SQLModel.metadata.tables.values():
        for column in table.columns:
            kind = type(column.type).__name__
            assert kind != "DateTime", (table.name, column.name)
            if column.name.endswith("_fen"):
                assert kind == "Integer", (table.name, column.name)
            assert kind not in ("Float", "Numeric"), (table.name, column.name)


def test_a_stale_write_is_refused(store: Store) -> None:
    case_id = open_case(store)
    engine = store._writer
    with Session(engine) as first:
        case = first.get_one(Case, case_id)
        assert case.version >= 1
        first.rollback()
        seen = case.version
        first.rollback()
    with store.write() as unit:
        unit.case(case_id).priority = 1
        unit.commit()
    with store.read() as session:
        assert session.get_one(Case, case_id).version == seen + 1
    with Session(engine) as stale, pytest.raises(StaleDataError):
        old = stale.get_one(Case, case_id)
        stale.connection().execute(text("UPDATE work_case SET version = version + 1"))
        old.priority = 2
        stale.flush()


def test_what_two_desks_may_change_has_a_version() -> None:
    versioned = {model.__name__ for model in TABLES if issubclass(model, VersionedRow)}
    assert {"Case", "Payment", "Refund", "OutboxRow", "Approval", "Evidence", "Task", "Staff"} <= versioned
    for model in TABLES:
        mapper = inspect(model)
        assert (mapper.version_id_col is not None) == issubclass(model, VersionedRow), model.__name__


def test_enums_that_are_shared_with_clocks_are_stored_by_value(store: Store) -> None:
    open_case(store)
    with store.read() as session:
        raw = session.connection().execute(text("SELECT drives, run, outcome FROM case_clock")).one()
    assert tuple(raw) == (Drives.DESK.value, "running", "open")
    assert T0.tzinfo is UTC
