"""The floor of take-next: the statements it sends, by sqlite3 alone.

They were recorded from one take-next. Its case stands in their values; here it is replaced by the first
case that the same index walks find now.
"""

import json
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any


def _open(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5, isolation_level=None)
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _take(connection: sqlite3.Connection, statements: list[tuple[str, list[Any]]], case: int) -> int:
    """One take; the id of the case."""
    found = head = None
    for statement, values in statements:
        if found is not None:
            # A row's sequence in its stream is unique: the next one of this case's.
            values = [found if one == case else str(found) if one == str(case) else one for one in values]
            if statement.startswith(("INSERT INTO event", "UPDATE stream")) and head is not None:
                values[2 if statement.startswith("INSERT") else 0] = head + 1
            if statement.startswith("UPDATE work_case SET version"):
                values[0], values[-1] = version + 1, version
        rows = connection.execute(statement, values).fetchall()
        if (
            statement.startswith("SELECT work_case.id, work_case.")
            and "due_at FROM" in statement[:80]
            and rows
        ):
            found = found or int(rows[0][0])
        elif statement.startswith("SELECT work_case.id, work_case.version"):
            version = int(rows[0][1])
        elif statement.startswith("SELECT stream.sequence") and rows:
            head = int(rows[0][0])
    connection.execute("COMMIT")
    return int(found or 0)


def main() -> None:
    recorded, path, each = json.loads(Path(sys.argv[1]).read_text()), sys.argv[2], int(sys.argv[3])
    connection = _open(path)
    print("ready", flush=True)
    sys.stdin.readline()
    begun, taken = time.time(), []
    for _ in range(each):
        taken.append(_take(connection, recorded["statements"], recorded["case"]))
    print(json.dumps({"taken": taken, "errors": 0, "begun": begun, "ended": time.time()}))


if __name__ == "__main__":
    main()
