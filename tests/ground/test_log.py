import stat
from pathlib import Path

import pytest

from bdesk import log
from bdesk.errors import DeskError


def fail(secret: str) -> None:
    try:
        int(secret)
    except ValueError as error:
        raise DeskError("refund.over_paid", name=secret) from error


def test_the_log_names_places_and_codes_but_no_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BDESK_HOME", str(tmp_path / "home"))
    with pytest.raises(DeskError) as caught:
        fail("13800138000 hunter2")
    path = log.record(caught.value)
    text = path.read_text(encoding="utf-8")
    assert "bdesk.errors.DeskError refund.over_paid" in text
    assert "builtins.ValueError" in text
    assert "test_log.py:" in text
    assert "hunter2" not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_rotates_and_stays_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BDESK_HOME", str(tmp_path))
    monkeypatch.setattr(log, "MAX_BYTES", 100)
    for _ in range(3):
        path = log.record(ValueError("x"))
    names = sorted(file.name for file in path.parent.iterdir())
    assert names[:2] == ["bdesk.log", "bdesk.log.1"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
