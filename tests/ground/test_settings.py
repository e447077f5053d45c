from pathlib import Path

import pytest

from bdesk import settings
from bdesk.errors import BadInput
from bdesk.i18n import set_language
from bdesk.settings import Settings
from bdesk.speech import speak_error


def test_no_file_gives_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BDESK_HOME", str(tmp_path / "home"))
    assert settings.load() == Settings()
    assert Settings().recall_seconds == 10


def test_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        'language = "zh"\ntheme = "mono"\nrecall_seconds = 60\nevidence_viewer = "xdg-open"\n'
        '[keymap]\nqueue.call = "f5,m"\n"desk.find" = ["F3", "?"]\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInput):
        settings.load(path)  # "?" is the alias of help
    path.write_text(path.read_text().replace('"?"', '","'))
    got = settings.load(path)
    assert (got.language, got.theme, got.recall_seconds, got.evidence_viewer) == (
        "zh",
        "mono",
        60,
        "xdg-open",
    )
    assert got.keymap == {"queue.call": ("f5", "m"), "desk.find": ("f3", "comma")}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('theme = "mono"\nlanguage = \n', 2, "not TOML"),
        ("a = 1\na = 2\n", 2, "not TOML"),
        ('theme = "mono"\nlanguage = "fr"\n', 2, "language must be one of: zh, en"),
        ('\n\ntheme = "neon"', 3, "theme must be one of"),
        ("theme = 3", 1, "theme must be one of"),
        ("recall_seconds = 61", 1, "from 0 to 60"),
        ("recall_seconds = true", 1, "from 0 to 60"),
        ('recall_seconds = "10"', 1, "from 0 to 60"),
        ('evidence_viewer = ""', 1, "text in quotes"),
        ('# note\nlanguage = "zh"\nrefund_limit = 20000', 3, "no setting refund_limit"),
        ('keymap = "x"', 1, "needs the name of a key"),
        ('[keymap]\nqueue.nothing = "x"', 2, "no key named queue.nothing"),
        ('[keymap]\nqueue.call = "f5"\ndesk.commit = "x"', 3, "desk.commit cannot be moved"),
        ('[keymap]\n"queue.call" = "ctrl+s"', 2, "Ctrl+S for queue.call is reserved"),
        ('[keymap]\n"queue.call" = "f9"', 2, "F9 is used by queue.call and by desk.take"),
        ("[keymap]\nqueue.call = []", 2, "queue.call has no key"),
        ("[keymap]\nqueue.call = 5", 2, "name of a key"),
    ],
)
def test_a_bad_file_is_one_line_that_names_the_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    set_language("en")
    with pytest.raises(BadInput) as caught:
        settings.load(path)
    message = speak_error(caught.value)
    assert message.startswith(f"{path}, line {line}: ")
    assert said in message
    assert "\n" not in message
    set_language(None)


def test_a_file_that_is_not_text_or_not_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"theme = \xff")
    for target in (path, tmp_path):
        with pytest.raises(BadInput) as caught:
            settings.load(target)
        assert caught.value.code == "settings.unreadable"
