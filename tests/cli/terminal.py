"""A command on a terminal of its own: `terminal.until("待领")`, `terminal.press(b"1")`, `terminal.wait()`."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, *arguments: str, home: Path, folder: Path, store: str = "") -> None:
        self.seen = b""
        # Whoever runs the tests may ignore a hang-up (nohup), and a process inherits that.
        script = (
            "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_DFL); "
            "from bdesk.cli import main; sys.exit(main())"
        )
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BDESK_")}
        environment.pop("TERM_PROGRAM", None)
        environment |= {
            "BDESK_HOME": str(home),
            "TMPDIR": str(folder),
            "TERM": "xterm-256color",
            "COLUMNS": "100",
            "LINES": "30",
        }
        if store:
            environment["BDESK_STORE"] = store
        self.master, child = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=child,
            stdout=child,
            stderr=child,
            start_new_session=True,
        )
        os.close(child)

    def until(self, wanted: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while wanted not in self.text:
            assert time.monotonic() < end and self.process.poll() is None, self.text[-500:]
            self.read()

    @property
    def text(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.seen.decode("utf-8", "ignore"))

    def read(self) -> None:
        if select.select([self.master], [], [], 0.2)[0]:
            try:
                self.seen += os.read(self.master, 65536)
            except OSError:
                time.sleep(0.05)  # the other end is closed: the process is going

    def press(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def wait(self, seconds: float = 30) -> int:
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end
            self.read()
        return self.process.returncode

    def vanish(self) -> None:
        """The window is gone. No signal tells of it: the process has no controlling terminal."""
        os.close(self.master)
        self.master = -1

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.master >= 0:
            os.close(self.master)
