"""Copies of the sample files with every instant moved, so that S1 is as fresh as on the day it was written.

    python samples/fresh.py FOLDER [--to 2026-11-18T10:00+08:00]

The samples stand at Wednesday 2026-11-18 10:00 in Shanghai. Without --to that becomes the present minute.
Only instants move; numbers of orders keep the day that is written in them. Needs nothing but Python.
"""

import argparse
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

STANDS_AT = datetime.fromisoformat("2026-11-18T10:00:00+08:00")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:[+-]\d\d:\d\d|Z)")


def moved(text: str, by: timedelta) -> str:
    """The text with all its instants moved, in the offset in which they are written."""
    return INSTANT.sub(lambda found: (datetime.fromisoformat(found[0]) + by).isoformat(), text)


def main() -> None:
    """Write the copies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--to", help="the instant that becomes the samples' present")
    given = parser.parse_args()
    to = datetime.fromisoformat(given.to) if given.to else datetime.now(STANDS_AT.tzinfo)
    if to.utcoffset() is None:
        parser.error("--to needs an offset, as in 2026-11-18T10:00+08:00")
    by = to.replace(second=0, microsecond=0) - STANDS_AT
    given.folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(Path(__file__).parent.iterdir()):
        if file.suffix in (".jsonl", ".csv"):
            text = file.read_text(encoding="utf-8")
            (given.folder / file.name).write_text(moved(text, by), encoding="utf-8")
            sys.stdout.write(f"{given.folder / file.name}\n")


if __name__ == "__main__":
    main()
