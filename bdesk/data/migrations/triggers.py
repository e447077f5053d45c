"""What keeps the journal append only, in the database itself.

An Alembic batch alteration silently drops a table's triggers, so `run` puts them back after every
migration; the event table is never batched (ARCHITECTURE, The journal).
"""

from sqlalchemy import Connection, text

_REFUSED = "bdesk: the journal is append only"

SQLITE: dict[str, str] = {
    "event_no_update": f"""CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    "event_no_delete": f"""CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    # INSERT OR REPLACE deletes the old row without asking the delete trigger unless recursive_triggers is on.
    "event_no_replace": f"""CREATE TRIGGER event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM event
             WHERE stream = NEW.stream AND stream_id = NEW.stream_id AND sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    "stream_only_forward": f"""CREATE TRIGGER stream_only_forward BEFORE UPDATE ON stream
WHEN NEW.sequence <= OLD.sequence OR NEW.stream <> OLD.stream OR NEW.stream_id <> OLD.stream_id
BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    "stream_no_delete": f"""CREATE TRIGGER stream_no_delete BEFORE DELETE ON stream
BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    "stream_no_replace": f"""CREATE TRIGGER stream_no_replace BEFORE INSERT ON stream
WHEN EXISTS (SELECT 1 FROM stream WHERE stream = NEW.stream AND stream_id = NEW.stream_id)
BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
}

_POSTGRES_FUNCTION = f"""CREATE OR REPLACE FUNCTION bdesk_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""

# Primary key and unique constraint already refuse existing ids on PostgreSQL, which has no REPLACE.
POSTGRES: dict[str, str] = {
    "event_no_update": "CREATE TRIGGER event_no_update BEFORE UPDATE OR DELETE ON event "
    "FOR EACH ROW EXECUTE FUNCTION bdesk_append_only()",
    "event_no_truncate": "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event "
    "FOR EACH STATEMENT EXECUTE FUNCTION bdesk_append_only()",
    "stream_only_forward": "CREATE TRIGGER stream_only_forward BEFORE UPDATE ON stream FOR EACH ROW "
    "WHEN (NEW.sequence <= OLD.sequence) EXECUTE FUNCTION bdesk_append_only()",
    "stream_no_delete": "CREATE TRIGGER stream_no_delete BEFORE DELETE ON stream "
    "FOR EACH ROW EXECUTE FUNCTION bdesk_append_only()",
}


def wanted(dialect: str) -> dict[str, str]:
    """The triggers by name for a dialect."""
    return SQLITE if dialect == "sqlite" else POSTGRES


def drop(connection: Connection) -> None:
    """Take the triggers away, so that a migration may touch their tables."""
    dialect = connection.dialect.name
    for name in present(connection):
        table = " ON " + name.partition("_")[0] if dialect == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{table}"))


def create(connection: Connection) -> None:
    """Put the triggers there; they must not be there yet."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_POSTGRES_FUNCTION))
    for statement in wanted(connection.dialect.name).values():
        connection.execute(text(statement))


def missing(connection: Connection) -> tuple[str, ...]:
    """Names of triggers that are gone or were altered, in order."""
    there = present(connection)
    if connection.dialect.name == "postgresql":
        return tuple(name for name in POSTGRES if name not in there)
    return tuple(name for name, statement in SQLITE.items() if there.get(name) != statement)


def present(connection: Connection) -> dict[str, str]:
    """The triggers of ours that the database has, with their text."""
    names = set(wanted(connection.dialect.name))
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    else:
        rows = connection.execute(
            text("SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")
        ).all()
    return {str(name): str(statement) for name, statement in rows if name in names}
