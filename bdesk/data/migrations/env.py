"""Alembic's environment: it runs on the connection that `run` hands over, in its transaction."""

from alembic import context
from sqlmodel import SQLModel

import bdesk.models.tables  # noqa: F401  the tables fill SQLModel.metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    # One transaction for everything: a migration that fails leaves the file as it was.
    transactional_ddl=True,
    compare_type=True,
)
context.run_migrations()
