"""The benchmarks run: what they say is not asserted here, since a busy machine would break the build."""

import os
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as program
from benchmarks import measure, stores, terminal
from benchmarks.measure import Cost, Result

ROOT = Path(__file__).parent.parent.parent


def test_one_figure_runs_from_its_command_to_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measure, "FOLDER", tmp_path)
    monkeypatch.setattr("benchmarks.stores.FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--quick", "--runs", "1", "help"])
    assert program.main() == 0
    said = capsys.readouterr().out
    assert "| `bdesk --help` / Typer hello-world | <= 1.5 x |" in said


def test_a_store_made_for_other_tables_is_not_measured_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "FOLDER", tmp_path)
    first = stores.thin(1)
    assert stores.thin(1) == first
    monkeypatch.setattr(stores, "schema", lambda: "otherwise")
    assert stores.thin(1) != first


def test_a_pair_is_compared_run_by_run() -> None:
    ours, theirs = [Cost(3.0, 1.0), Cost(9.0, 3.0)], [Cost(1.0, 1.0), Cost(3.0, 1.0)]
    cpu, wall, _said = measure.ratio_of(ours, theirs)
    assert (cpu, wall) == (2.0, 3.0)


def test_a_target_may_be_the_most_or_the_least() -> None:
    assert Result("a", 1.5, 1.5, "").met
    assert not Result("a", 1.5, 1.6, "").met
    assert Result("a", 60, 61, "", better_below=False).met
    assert "| >= 60 % | 59 % | missed |" in program.line(Result("a", 60, 59, "", "%", better_below=False))


def test_a_terminal_says_what_was_written_and_notices_the_end() -> None:
    env = dict(os.environ)
    with terminal.Terminal([sys.executable, "-c", "print(input() + '!')"], env) as program_in_it:
        program_in_it.send(b"here\n")
        assert program_in_it.wait_for(b"here!") > 0
        with pytest.raises(terminal.Ended):
            program_in_it.drain(20)


def test_every_floor_compiles() -> None:
    floors = sorted((ROOT / "benchmarks" / "floors").glob("*.py"))
    assert len(floors) >= 5
    for one in floors:
        compile(one.read_text(encoding="utf-8"), str(one), "exec")
