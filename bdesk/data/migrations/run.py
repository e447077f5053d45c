"""Bringing a store to the newest revision, in one transaction."""

from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from bdesk.data.engine import APPLICATION_ID
from bdesk.data.migrations import HEAD, triggers
from bdesk.errors import StoreProblem

if TYPE_CHECKING:
    # Its import costs 150 ms, and a store that is up to date never needs it.
    from alembic.config import Config

_FOLDER = Path(__file__).parent


def config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, without a file."""
    from alembic.config import Config

    made = Config(stdout=StringIO())
    made.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def revisions() -> tuple[str, ...]:
    """The revisions in the folder, oldest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(config()).walk_revisions()
    return tuple(reversed([script.revision for script in scripts]))


def revision_of(connection: Connection) -> str | None:
    """The revision a database is at; None when it is none of ours."""
    if not _is_migrated(connection):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _is_migrated(connection: Connection) -> bool:
    if connection.dialect.name == "sqlite":
        # The inspector costs more than all else that opening a store asks.
        named = text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'")
        return connection.execute(named).first() is not None
    return inspect(connection).has_table("alembic_version")


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Migrate to the newest revision and put the triggers back; the revisions before and after.

    The engine must not enforce foreign keys while tables are rebuilt; they are checked at the end.
    Raises StoreProblem("store.damaged") when a row then points nowhere, and nothing is changed.
    """
    from alembic import command

    with engine.begin() as connection:
        before = revision_of(connection)
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
        triggers.drop(connection)
        command.upgrade(config(connection), "head")
        triggers.create(connection)
        sqlite = connection.dialect.name == "sqlite"
        if sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise StoreProblem("store.damaged", store=str(engine.url.database))
    return before, HEAD


def check(engine: Engine) -> None:
    """Raises Alembic's own error when the tables of the program differ from those of the database."""
    from alembic import command

    with engine.begin() as connection:
        command.check(config(connection))
