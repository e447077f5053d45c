"""What every command can rely on: help, one line for an error, exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import typer

from bdesk import __version__, cli
from bdesk.cli import commands, group, output
from bdesk.errors import BadInput, NotFound, StoreProblem
from bdesk.models.kinds import CaseKind


def run(*arguments: str) -> int:
    return cli.main(list(arguments))


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def raise_it(arguments: object) -> int:
        raise error

    monkeypatch.setattr(group, "run", raise_it)


def test_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    text = capsys.readouterr().out
    for command in commands.COMMANDS:
        assert f"\n  {command.name} " in text
        assert command.help.rstrip(".")[:40] in text
    assert "install-completion" not in text


def test_help_is_in_the_language_of_the_person(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    monkeypatch.setenv("BDESK_LANG", "zh")
    assert run("--help") == 0
    assert "热线坐席" in capsys.readouterr().out
    monkeypatch.delenv("BDESK_LANG")
    (own_home / "settings.toml").write_text('language = "zh"')
    assert run("--help") == 0
    assert "热线坐席" in capsys.readouterr().out
    (own_home / "settings.toml").write_text("language = ")
    assert run("--help") == 0
    assert "hotline agents" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"bdesk {__version__}\n"


@pytest.mark.parametrize("command", commands.COMMANDS, ids=lambda command: command.name)
def test_every_command_loads_and_explains_itself(
    command: commands.Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command.name, "--help") == 0
    text = capsys.readouterr().out
    assert f"Usage: bdesk {command.name}" in text
    assert "install-completion" not in text
    pages = [text]
    verbs = list(paths(group.load(command))) if command.verbs else []
    for verb in verbs:
        assert run(command.name, *verb, "--help") == 0
        pages.append(capsys.readouterr().out)
    for page in pages[1:] if verbs else pages:
        assert "Examples:" in page


def paths(found: Any) -> Iterator[tuple[str, ...]]:
    """The verbs of a command, those of a verb's own among them: ("list",), ("stand-in", "add")."""
    for name, verb in found.commands.items():
        inner = list(paths(verb)) if hasattr(verb, "commands") else [()]
        yield from ((name, *more) for more in inner)


def test_names_are_unique() -> None:
    assert len(commands.BY_NAME) == len(commands.COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["kesy"], "There is no command kesy. Did you mean keys?"),
        (["zzzz"], "There is no command zzzz. `bdesk --help` lists them."),
        (["keys", "--nope"], "There is no option --nope. See `bdesk keys --help`."),
        (["keys", "--screen", "x"], "See `bdesk keys --help`."),
        (["keys", "more"], "See `bdesk keys --help`."),
        (["k\x1b]2;x\x07\ny"], "There is no command k]2;x y. `bdesk --help` lists them."),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("bdesk: ")
    assert captured.err.rstrip().endswith(said)


def test_a_missing_argument_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = output.new_app()

    @app.command()
    def show(case: str) -> None:
        typer.echo(case)

    monkeypatch.setattr(group, "load", lambda entry: typer.main.get_command(app))
    assert run("keys") == 2
    assert "case is missing" in capsys.readouterr().err
    assert run("keys", "KF1") == 0


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (NotFound("case", "KF1"), 1, "There is no case KF1."),
        (StoreProblem("home.unusable", path="/x", reason="r"), 1, "The folder /x cannot be used"),
        (BadInput("time.unreadable", text="x"), 2, "x is not a time."),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_a_refusal_is_one_line_with_its_exit_code(
    error: BaseException,
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail_with(monkeypatch, error)
    assert run("keys") == code
    assert said in capsys.readouterr().err


def test_the_unexpected_is_one_line_and_in_the_log_without_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    fail_with(monkeypatch, ValueError("the password hunter2"))
    assert run("keys") == 1
    error = capsys.readouterr().err
    log = own_home / "log" / "bdesk.log"
    assert error == f"bdesk: Something unexpected happened (ValueError). It is in {log}.\n"
    assert "hunter2" not in log.read_text()
    assert "test_cli.py" in log.read_text()
    monkeypatch.setenv("BDESK_TRACEBACK", "1")
    with pytest.raises(ValueError, match="hunter2"):
        run("keys")


def test_the_unexpected_without_a_place_for_the_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BDESK_HOME", str(tmp_path / "file"))
    fail_with(monkeypatch, ValueError("x"))
    assert run("keys") == 1
    assert "the log could not be written" in capsys.readouterr().err


def test_a_reader_that_leaves_early_is_no_error() -> None:
    script = "import sys; from bdesk.cli import main; sys.exit(main())"
    command = f'"{sys.executable}" -c "{script}" keys --json | head -c 1'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("{", "")


def test_output_is_utf8_in_any_locale() -> None:
    script = "import sys; from bdesk.cli import main; sys.exit(main())"
    environment = os.environ | {"BDESK_LANG": "zh", "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        [sys.executable, "-c", script, "keys"], capture_output=True, env=environment, check=True
    )
    assert "接管工单" in done.stdout.decode("utf-8")


def test_keys_as_json_and_as_a_table(capsys: pytest.CaptureFixture[str], own_home: Path) -> None:
    (own_home / "settings.toml").write_text('[keymap]\n"desk.take" = "f9,x"\n')
    assert run("keys", "--json") == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["keys"]}
    assert rows["desk.take"]["keys"][:2] == ["f9", "x"]
    assert rows["desk.commit"]["movable"] is False
    assert run("keys", "--screen", "queue") == 0
    table = capsys.readouterr().out
    assert "queue.call" in table
    assert "desk.take" not in table


@dataclass(frozen=True, slots=True)
class Row:
    kind: CaseKind
    due_at: datetime
    on: date
    parts: tuple[int, ...]
    odd: frozenset[str]
    more: dict[str, Any]


def test_values_become_json() -> None:
    kind = next(iter(CaseKind))
    row = Row(
        kind, datetime(2026, 9, 30, 8, 30, tzinfo=UTC), date(2026, 1, 2), (1, 2), frozenset("ba"), {"x": None}
    )
    assert output.plain(row) == {
        "kind": kind.value,
        "due_at": "2026-09-30T16:30:00+08:00",
        "on": "2026-01-02",
        "parts": [1, 2],
        "odd": ["a", "b"],
        "more": {"x": None},
    }
    with pytest.raises(TypeError, match="object"):
        output.plain(object())


def test_a_table_shows_texts_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    output.write_table(["a"], [["[/b] [red]x\x1b]2;y"], [None]])
    assert "[/b] [red]x]2;y" in capsys.readouterr().out
