"""What hostile words could do to the terminal of whoever runs a command, and whose files are written."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bdesk.cli import main
from bdesk.cli.importing import RejectFile
from bdesk.cli.output import json_text
from bdesk.errors import BadInput, DeskError
from bdesk.operations.importing.upsert import Reject

pytestmark = pytest.mark.usefixtures("book_at_hand")

HOSTILE = "\x1b]2;owned\x07\x9b31m\u202e[/b]"


@pytest.mark.parametrize("command", [["order", HOSTILE], ["case", HOSTILE], ["staff", "disable", HOSTILE]])
def test_a_refusal_drives_no_terminal(
    command: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for store in (f"sqlite:///{tmp_path}/{HOSTILE}.db", f"nonsense{HOSTILE}"):
        monkeypatch.setenv("BDESK_STORE", store)
        assert main(command) in (1, 2)
        said = capsys.readouterr()
        assert not set(said.out + said.err) & set("\x1b\x07\x9b\u202e")
        assert len(said.err.splitlines()) == 1


def test_the_name_of_an_own_file_drives_no_terminal(own_home: Path) -> None:
    folder = own_home / "book" / "procedures"
    folder.mkdir(parents=True)
    (folder / "a\x1b]2;owned\x07\x9b.yaml").write_text("[", "utf-8")
    # A process of its own: a book is read once in each.
    command = [sys.executable, "-c", "from bdesk.cli import main; raise SystemExit(main())"]
    said = subprocess.run([*command, "procedure", "list"], capture_output=True, encoding="utf-8")
    assert said.returncode == 2
    assert "owned" in said.stderr
    assert not set(said.stdout + said.stderr) & set("\x1b\x07\x9b")


def test_json_says_everything_and_drives_nothing() -> None:
    text = json_text({"subject": HOSTILE}, indent=2)
    assert json.loads(text) == {"subject": HOSTILE}
    assert not set(text) & set("\x1b\x07\x9b\u202e")
    assert json_text({"subject": "开箱就坏"}) == '{"subject": "开箱就坏"}'


def test_rejected_rows_are_not_written_through_a_link(tmp_path: Path) -> None:
    """In a folder that several people use, somebody may have put a link in its place."""
    source, theirs, place = tmp_path / "rows.jsonl", tmp_path / "theirs", tmp_path / "rows.rejects"
    source.write_text("{}\n", "utf-8")
    for target in (tmp_path / "missing", theirs):
        theirs.write_text("", "utf-8")
        place.unlink(missing_ok=True)
        place.symlink_to(target)
        with pytest.raises(DeskError) as refused, RejectFile(place, source) as file:
            file.add(Reject(1, BadInput("import.utf8"), {"name": HOSTILE}))
        assert refused.value.code == "import.rejects_unwritable"
    assert not (tmp_path / "missing").exists()
    assert theirs.read_text("utf-8") == ""


def test_rejected_rows_drive_no_terminal(tmp_path: Path) -> None:
    source, place = tmp_path / "rows.jsonl", tmp_path / "rows.rejects"
    with RejectFile(place, source) as file:
        file.add(Reject(1, BadInput("import.utf8"), {"name": HOSTILE}))
    text = place.read_text("utf-8")
    assert json.loads(text)["row"] == {"name": HOSTILE}
    assert not set(text) & set("\x1b\x07\x9b\u202e")
    assert place.stat().st_mode & 0o777 == 0o600
