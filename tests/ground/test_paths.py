import stat
from pathlib import Path

import pytest

from bdesk import paths
from bdesk.errors import BadInput, StoreProblem


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_home_is_made_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BDESK_HOME", str(tmp_path / "deep" / "home"))
    assert paths.home() == tmp_path / "deep" / "home"
    assert mode(paths.home()) == mode(paths.drafts_dir()) == 0o700
    assert mode(paths.log_path()) == 0o600


def test_without_bdesk_home_the_data_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BDESK_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert paths.home() == tmp_path / "bdesk"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert paths.settings_path() == tmp_path / ".local" / "share" / "bdesk" / "settings.toml"


def test_asking_where_settings_and_own_content_are_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BDESK_HOME", str(tmp_path / "home"))
    assert paths.settings_path().parent == paths.book_dir().parent == tmp_path / "home"
    assert not (tmp_path / "home").exists()


def test_the_store_is_named_or_is_in_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BDESK_HOME", str(tmp_path))
    monkeypatch.delenv("BDESK_STORE", raising=False)
    assert paths.store_url() == f"sqlite:///{tmp_path}/desk.db"
    monkeypatch.setenv("BDESK_STORE", "postgresql:///desk")
    assert paths.store_url() == "postgresql:///desk"


def test_a_home_that_cannot_be_made_is_one_clear_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BDESK_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(StoreProblem) as caught:
        paths.home()
    assert caught.value.code == "home.unusable"
    assert caught.value.params["reason"] == "not a directory"


def test_the_stores_address_may_lie_in_a_file_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "store"
    file.write_text("postgresql://desk:secret@host/desk\nmore\n", "utf-8")
    monkeypatch.setenv("BDESK_STORE_FILE", str(file))
    file.chmod(0o644)
    with pytest.raises(BadInput, match=r"password\.file"):
        paths.store_url()
    file.chmod(0o600)
    assert paths.store_url() == "postgresql://desk:secret@host/desk"
    monkeypatch.setenv("BDESK_STORE", "sqlite:////elsewhere.db")
    assert paths.store_url() == "sqlite:////elsewhere.db"
