"""The keyring: which is used, that every call ends, that others are told nothing; a real one where it is."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bdesk.secrets import keyrings
from bdesk.secrets.keyrings import Answer, State
from tests.ground.keys_at_hand import MISSING, Ring, keyring_at

TOKEN = "1001 what-nobody-else-may-read"

BACKEND = """
import os, subprocess, sys, time
from keyring.backend import KeyringBackend

class PasswordStoreBackend(KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        {body}

    def set_password(self, service, username, password):
        {body}

    def delete_password(self, service, username):
        {body}
"""


def backend(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str, module: str = "keyring_pass") -> None:
    """A backend of our own, by the name of an accepted one unless it says otherwise."""
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(BACKEND.format(body=body.replace("\n", "\n        ")), "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"{module}.PasswordStoreBackend")


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    if MISSING:
        pytest.skip(f"no real keyring here: {MISSING} missing (Debian: dbus, gnome-keyring)")
    with keyring_at(tmp_path) as made:
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


def test_a_real_keyring_keeps_and_forgets(ring: Ring, tmp_path: Path) -> None:
    used = Answer(State.USABLE, "keyring.backends.SecretService.Keyring")
    assert keyrings.look() == used
    assert keyrings.read("store") == used
    assert keyrings.keep("store", TOKEN) == used
    assert keyrings.read("store").secret == TOKEN
    assert keyrings.read("another").secret is None
    assert keyrings.keep("store", "1002 newer").state is State.USABLE
    assert keyrings.read("store").secret == "1002 newer"
    for _ in range(2):
        assert keyrings.forget("store") == used
        assert keyrings.read("store").secret is None
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert TOKEN.encode() not in kept


def test_a_locked_one_is_never_asked_for_its_password(ring: Ring) -> None:
    assert keyrings.keep("store", TOKEN).state is State.USABLE
    ring.lock()
    begun = time.monotonic()
    for found in (keyrings.look(), keyrings.read("store"), keyrings.keep("store", "x"), keyrings.forget("x")):
        assert (found.state, found.secret) == (State.LOCKED, None)
    assert time.monotonic() - begun < 4 * keyrings.CALL_SECONDS


def test_one_that_stopped_answering_is_left_alone(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyrings, "CALL_SECONDS", 0.5)
    ring.stop_answering()
    assert keyrings.read("store").state is State.HANGS
    begun = time.monotonic()
    for _ in range(20):
        assert keyrings.keep("store", TOKEN).state is State.HANGS
    assert time.monotonic() - begun < 0.5


def test_no_backend_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("null", "fail"):
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"keyring.backends.{name}.Keyring")
        assert keyrings.look() == Answer(State.NONE)
        assert keyrings.keep("store", TOKEN) == Answer(State.NONE)


def test_a_backend_that_nobody_vouches_for_is_told_and_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = tmp_path / "used"
    backend(tmp_path / "lib", monkeypatch, f"open({str(used)!r}, 'w').close()", module="plaintext")
    for found in (keyrings.look(), keyrings.keep("store", TOKEN), keyrings.read("store")):
        assert found == Answer(State.PLAIN, "plaintext.PasswordStoreBackend")
    assert not used.exists()


@pytest.mark.parametrize("name", ["nowhere.Keyring", "keyring.backends.SecretService.Keyring"])
def test_what_cannot_work_says_so_and_raises_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    found = keyrings.keep("store", TOKEN)
    assert found.state is State.FAILS
    assert TOKEN not in repr(found)


def test_a_call_that_never_ends_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = f"child = subprocess.Popen(['sleep', '60'])\nout = open({str(tmp_path / 'pid')!r}, 'w')\n"
    body += "out.write(str(child.pid))\nout.close()\n"
    backend(tmp_path / "lib", monkeypatch, f"{body}child.wait()")
    monkeypatch.setattr(keyrings, "CALL_SECONDS", 2.0)
    assert keyrings.read("store").state is State.HANGS
    pid = int((tmp_path / "pid").read_text())
    end = time.monotonic() + 10
    while _runs(pid):
        assert time.monotonic() < end
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        # A child of nobody that nobody has reaped yet does nothing any more.
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return False


def test_what_a_backend_prints_or_raises_is_not_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    body = 'print(\'{"state": "usable"}\')\nsys.stderr.write(str(locals()))\n'
    body += "os.system('echo loud; echo loud >&2')\n"
    backend(tmp_path / "lib", monkeypatch, f"{body}return 'kept'")
    assert keyrings.read("store").secret == "kept"
    backend(tmp_path / "lib", monkeypatch, f"{body}raise ValueError(locals())")
    assert keyrings.keep("store", TOKEN) == Answer(State.FAILS, "ValueError")
    assert capfd.readouterr() == ("", "")


def test_a_secret_is_in_no_list_of_processes_and_no_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    body = f"""
out = open({str(seen)!r}, "w")
for name in ("cmdline", "environ"):
    place = "/proc/self/" + name
    out.write(open(place).read() if os.path.exists(place) else str((sys.argv, dict(os.environ))))
try:
    os.open("/dev/tty", os.O_RDWR)
    out.write("A TERMINAL")
except OSError:
    pass
out.close()
"""
    backend(tmp_path / "lib", monkeypatch, body)
    monkeypatch.setenv("BDESK_PASSWORD", "correct horse")
    monkeypatch.setenv("GPG_TTY", "/dev/pts/0")
    assert keyrings.keep("store", TOKEN).state is State.USABLE
    text = seen.read_text("utf-8")
    assert "helper.py" in text
    for secret in (TOKEN, TOKEN.split()[1], "correct horse", "BDESK_", "A TERMINAL", "GPG_TTY"):
        assert secret not in text


def test_an_answer_tells_its_secret_to_nobody() -> None:
    assert TOKEN not in f"{Answer(State.USABLE, 'x', TOKEN)!r} {[Answer(State.USABLE, 'x', TOKEN)]}"


def test_a_pass_that_would_ask_fails_instead() -> None:
    secrets = {"BDESK_PASSWORD": "x", "BDESK_STORE": "postgresql://u:x@h/n", "PGPASSWORD": "x"}
    made = keyrings.environment({"PASSWORD_STORE_GPG_OPTS": "--no-tty", "HOME": "/h", **secrets})
    assert made == {"PASSWORD_STORE_GPG_OPTS": "--no-tty --pinentry-mode=error", "HOME": "/h"}
