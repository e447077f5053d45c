"""A migrated store is a fresh one; the journal's triggers outlive migrations."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from bdesk.data.engine import make_engine, parse
from bdesk.data.migrations import HEAD, KNOWN, run, triggers
from bdesk.data.store import Store, migrate, open_store
from bdesk.errors import StoreProblem
from tests.builders import make_store, open_case


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


def engine_of(path: Path) -> Engine:
    return make_engine(parse(f"sqlite:///{path}"), writes=True, foreign_keys=False)


def shape(connection: Connection) -> dict[str, Any]:
    """Everything a schema says, in an order of its own."""
    eye = inspect(connection)
    return {
        table: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"]) for column in eye.get_columns(table)
            ],
            "key": eye.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(
                (str(key["constrained_columns"]), key["referred_table"], str(key["name"]))
                for key in eye.get_foreign_keys(table)
            ),
            "unique": sorted(
                (str(one["name"]), tuple(one["column_names"])) for one in eye.get_unique_constraints(table)
            ),
            "checks": sorted(
                (str(one["name"]), str(one["sqltext"])) for one in eye.get_check_constraints(table)
            ),
            "indexes": sorted(
                (str(one["name"]), tuple(one["column_names"]), bool(one["unique"]))
                for one in eye.get_indexes(table)
            ),
        }
        for table in sorted(eye.get_table_names())
        if table != "alembic_version"
    }


def test_all_migrations_make_the_same_tables_as_the_models(store: Store, tmp_path: Path) -> None:
    fresh = engine_of(tmp_path / "fresh.db")
    with fresh.begin() as connection:
        SQLModel.metadata.create_all(connection)
        triggers.create(connection)
        wanted, wanted_triggers = shape(connection), triggers.present(connection)
    with store.read() as session:
        found, found_triggers = shape(session.connection()), triggers.present(session.connection())
    assert found == wanted
    assert found_triggers == wanted_triggers == triggers.SQLITE
    fresh.dispose()


def test_models_need_no_migration(store: Store, tmp_path: Path) -> None:
    engine = engine_of(tmp_path / "desk.db")
    run.check(engine)
    engine.dispose()


def test_a_changed_model_would_be_noticed(store: Store, tmp_path: Path) -> None:
    engine = engine_of(tmp_path / "desk.db")
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_work_case_queue"))
    with pytest.raises(Exception, match="ix_work_case_queue"):
        run.check(engine)
    engine.dispose()


def test_known_revisions_are_those_in_the_folder() -> None:
    assert run.revisions() == KNOWN
    assert KNOWN[-1] == HEAD


def test_migrating_a_current_store_does_nothing(store: Store) -> None:
    store.close()
    assert migrate(store.url) == (HEAD, HEAD)


def test_an_older_store_is_refused_until_it_is_migrated(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    monkeypatch.setattr("bdesk.data.store.HEAD", "9999")
    monkeypatch.setattr("bdesk.data.store.KNOWN", (*KNOWN, "9999"))
    with pytest.raises(StoreProblem) as caught:
        open_store(store.url)
    assert caught.value.code == "store.older"
    assert caught.value.params["revision"] == HEAD


def test_cases_of_the_first_revision_outlive_the_second(store: Store, tmp_path: Path) -> None:
    case_id = open_case(store)
    store.close()
    engine = engine_of(tmp_path / "desk.db")
    with engine.begin() as connection:
        triggers.drop(connection)
        command.downgrade(run.config(connection), "0001")
        triggers.create(connection)
        assert not inspect(connection).has_table("goods_return")
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text("UPDATE work_case SET outcome = 'exchanged'"))
    assert run.upgrade(engine) == ("0001", HEAD)
    with engine.begin() as connection:
        connection.execute(text("UPDATE work_case SET outcome = 'exchanged'"))
        assert connection.execute(text("SELECT id, outcome FROM work_case")).all() == [(case_id, "exchanged")]
        assert triggers.missing(connection) == ()
    run.check(engine)
    engine.dispose()


def test_a_batch_alteration_drops_triggers_and_a_migration_puts_them_back(
    store: Store, tmp_path: Path
) -> None:
    store.close()
    engine = engine_of(tmp_path / "desk.db")
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("stream", recreate="always"):
            pass
        # This is why `upgrade` puts them back, whatever a migration did.
        assert set(triggers.missing(connection)) == {
            "stream_only_forward", "stream_no_delete", "stream_no_replace",
        }  # fmt: skip
    run.upgrade(engine)
    with engine.begin() as connection:
        assert triggers.missing(connection) == ()
    engine.dispose()


def test_an_altered_trigger_is_missing(store: Store, tmp_path: Path) -> None:
    store.close()
    engine = engine_of(tmp_path / "desk.db")
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER event_no_delete"))
        connection.execute(text("CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT 1; END"))
        assert triggers.missing(connection) == ("event_no_delete",)
    engine.dispose()


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    engine = engine_of(tmp_path / "desk.db")

    def half_done(config: Any, _revision: str) -> None:
        config.attributes["connection"].execute(text("DROP TABLE promise"))
        raise ZeroDivisionError

    monkeypatch.setattr("alembic.command.upgrade", half_done)
    with pytest.raises(ZeroDivisionError):
        run.upgrade(engine)
    with engine.begin() as connection:
        assert inspect(connection).has_table("promise")
        assert triggers.missing(connection) == ()
    engine.dispose()


def test_rows_that_point_nowhere_stop_a_migration(store: Store, tmp_path: Path) -> None:
    store.close()
    engine = engine_of(tmp_path / "desk.db")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO case_flag (case_id, flag) VALUES (77, 'vip')"))
    with pytest.raises(StoreProblem, match=r"store\.damaged"):
        run.upgrade(engine)
    engine.dispose()
