"""The revisions this program knows, oldest first.

Written out so that opening a store need not import Alembic; a test compares it with the folder.
"""

KNOWN: tuple[str, ...] = ("0001", "0002")
HEAD = KNOWN[-1]
