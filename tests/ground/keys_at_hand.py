"""A real gnome-keyring over a D-Bus of its own, for tests: `with keyring_at(folder) as ring`.

Nothing of the person who runs the tests is touched: bus, home and runtime folder are in `folder`.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NEEDED = ("dbus-daemon", "gnome-keyring-daemon")
MISSING = ", ".join(name for name in NEEDED if shutil.which(name) is None)
"""Programs that a machine lacks (Debian: dbus, gnome-keyring); empty where the real one can be tested."""


@dataclass(slots=True)
class Ring:
    """The running daemon; `environment` is what reaches it."""

    process: subprocess.Popen[bytes]
    environment: dict[str, str]

    def stop_answering(self) -> None:
        """From now on every call waits without end."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def lock(self) -> None:
        """Lock the collection, as a screen saver or a timeout does."""
        script = (
            "import secretstorage\nbus = secretstorage.dbus_init()\nsecretstorage.Collection(bus).lock()\n"
        )
        subprocess.run([sys.executable, "-c", script], env=self.environment, check=True, timeout=30)


@contextmanager
def keyring_at(folder: Path) -> Iterator[Ring]:
    """Unlocked, with a collection of its own."""
    # A socket's path must be short, which pytest's folders are not.
    with tempfile.TemporaryDirectory(prefix="bdk-") as short:
        runtime = Path(short)
        runtime.chmod(0o700)
        environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        environment |= {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": short,
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "share"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={short}/bus",
        }
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address=unix:path={short}/bus"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert bus.stdout is not None
        with bus.stdout:
            bus.stdout.readline()
        daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert daemon.stdin is not None and daemon.stdout is not None
        try:
            daemon.stdin.write(b"a test's own password")
            daemon.stdin.close()
            # It tells where it listens once it does.
            daemon.stdout.readline()
            yield Ring(daemon, environment)
        finally:
            daemon.stdout.close()
            for process in (daemon, bus):
                process.kill()
                process.wait()
