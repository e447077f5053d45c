"""A program in a pseudo terminal: what it writes, when, and what it costs."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

ROWS, COLUMNS = 40, 120


class TooSlow(Exception):
    """What was waited for did not come."""


class Ended(Exception):
    """The program went away before it was measured."""


class Terminal:
    """Run a program in a terminal of its own. Times are in seconds since it was started."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], *, rows: int = ROWS, columns: int = COLUMNS
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(env), start_new_session=True
        )
        os.close(theirs)
        self.seen = bytearray()

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def send(self, keys: bytes) -> None:
        """Type."""
        os.write(self._ours, keys)

    def read(self, seconds: float) -> bytes:
        """What is written next, or nothing after so many seconds. Raises Ended."""
        ready, _, _ = select.select([self._ours], [], [], seconds)
        if not ready:
            return b""
        try:
            found = os.read(self._ours, 65536)
        except OSError:  # Linux says so when nobody holds the other end any more
            found = b""
        if not found:
            raise Ended(f"the program has ended; the last of it was {bytes(self.seen[-300:])!r}")
        self.seen += found
        return found

    def wait_for(self, *marks: bytes, seconds: float = 60.0) -> float:
        """Read until all marks were written; when. Raises TooSlow and Ended."""
        end = time.perf_counter() + seconds
        while not all(mark in self.seen for mark in marks):
            if time.perf_counter() > end:
                raise TooSlow(f"{marks!r} did not come; the end was {bytes(self.seen[-300:])!r}")
            self.read(0.05)
        return time.perf_counter() - self.started

    def quiet(self, seconds: float, most: float = 10.0) -> tuple[float, float]:
        """Read until nothing was written for so long: when the first and the last bytes came, or 0."""
        first = last = 0.0
        end = time.perf_counter() + most
        while time.perf_counter() < end:
            if not self.read(seconds):
                break
            last = time.perf_counter()
            first = first or last
        return first, last

    def drain(self, seconds: float) -> int:
        """Read for so long; how many bytes came."""
        before, end = len(self.seen), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)
        return len(self.seen) - before

    def cpu(self) -> float:
        """Processor seconds that the program has used, in all its threads."""
        return cpu_of(self.process.pid)

    def memory(self) -> int:
        """The most memory it has held, in KiB (Linux); 0 elsewhere."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0
        found = [line for line in status.splitlines() if line.startswith("VmHWM")]
        return int(found[0].split()[1]) if found else 0


def cpu_of(pid: int) -> float:
    """Processor seconds of a process: to the nanosecond where Linux says, else by `ps` to 10 ms."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except OSError:
        return _cpu_by_ps(pid)


def _cpu_by_ps(pid: int) -> float:
    said = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=False)
    seconds = 0.0
    for part in said.stdout.strip().replace("-", ":").split(":"):
        seconds = seconds * 60 + float(part or 0)
    return seconds
