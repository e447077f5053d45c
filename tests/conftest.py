"""What every test can rely on: a home of its own, English, no settings and no keyring of whoever runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bdesk.i18n import set_language
from bdesk.secrets import keyrings

# Examples come from the test's own name, so that a failure on one machine is a failure on every one; and
# two busy cores say nothing about a rule, so no example is timed.
settings.register_profile(
    "bdesk", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("bdesk")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """BDESK_HOME in a temporary folder, BDESK_STORE unset, the language English."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("BDESK_HOME", str(home))
    for name in (
        "BDESK_STORE",
        "BDESK_STORE_FILE",
        "BDESK_LANG",
        "BDESK_TRACEBACK",
        "LANGUAGE",
        "LC_ALL",
        "LC_MESSAGES",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    # Nobody's own keyring is touched, and nothing waits for one.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    keyrings.ask_again()
    set_language(None)
    yield home
    set_language(None)
