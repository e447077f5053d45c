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


class Taker:
    """Sends the recorded statements with the values of the case they find."""

    def __init__(self, connection: sqlite3.Connection, statements: list[tuple[str, list[Any]]], case: int):
        self.connection = connection
        self.statements = statements
        self.case = case

    def take(self) -> int:
        """One take; the id of the case."""
        found = version = last = 0
        self.connection.execute("BEGIN IMMEDIATE")
        for statement, recorded in self.statements:
            values = self._values(statement, recorded, found, version, last) if found else recorded
            # As the desk does, only the first row is asked for: the later walks are not begun.
            row = self.connection.execute(statement, values).fetchone()
            if row is None:
                continue
            if "AS due_at" in statement:
                found = int(row[0])
            elif statement.startswith("SELECT work_case.id, work_case.case_no, work_case.version"):
                version = int(row[2])
            elif statement.startswith("SELECT stream.sequence"):
                last = int(row[0])
        self.connection.execute("COMMIT")
        return found

    def _values(self, statement: str, recorded: list[Any], found: int, version: int, last: int) -> list[Any]:
        values = [found if one == self.case else one for one in recorded]
        values = [str(found) if one == str(self.case) else one for one in values]
        # An event's place in its stream is unique, and a case's version is checked.
        if statement.startswith("INSERT INTO event"):
            values[2] = last + 1
        elif statement.startswith("UPDATE stream"):
            values[0] = last + 1
        elif statement.startswith("UPDATE work_case SET version"):
            values[0], values[-1] = version + 1, version
        return values


def main() -> None:
    recorded, path, each = json.loads(Path(sys.argv[1]).read_text()), sys.argv[2], int(sys.argv[3])
    connection = _open(path)
    taker = Taker(connection, recorded["statements"], recorded["case"])
    taken = [taker.take()]
    print("ready", flush=True)
    sys.stdin.readline()
    begun = time.time()
    taken += [taker.take() for _ in range(each)]
    print(json.dumps({"taken": taken, "errors": 0, "begun": begun, "ended": time.time()}))


if __name__ == "__main__":
    main()
