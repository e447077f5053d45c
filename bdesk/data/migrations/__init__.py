"""Migrations of the store, run from the program itself: there is no alembic.ini to find."""

from bdesk.data.migrations.revisions import HEAD, KNOWN

__all__ = ["HEAD", "KNOWN"]
