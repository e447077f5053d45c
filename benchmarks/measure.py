"""What figures share: the environment of what is measured, medians, and pairs measured in turns."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

FOLDER = Path(tempfile.gettempdir()) / "bdesk-benchmarks"
"""Stores and compiled bytecode are kept here between runs; remove it to begin anew."""

TERM = "xterm-256color"
FLOORS = Path(__file__).parent / "floors"
Sample = TypeVar("Sample")


@dataclass(frozen=True, slots=True)
class Options:
    """`quick`: fewer runs and 100 000 thin cases for a million. `runs`: pairs of a figure."""

    quick: bool = False
    runs: int = 9


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. `better_below` False: the target is the least, not the most."""

    figure: str
    target: float
    measured: float
    detail: str
    unit: str = "x"
    better_below: bool = True

    @property
    def met(self) -> bool:
        return self.measured <= self.target if self.better_below else self.measured >= self.target


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the wall and of the processor."""

    wall: float
    cpu: float


def environment(home: Path, store: str = "") -> dict[str, str]:
    """The same for the desk and its floors. Both load compiled bytecode, as any second start does."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "BDESK_", "LC_", "NO_COLOR", "TEXTUAL", "TERM", "PYTHONHASHSEED")
    env = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    root = str(Path(__file__).parent.parent)
    env |= {
        "PYTHONPYCACHEPREFIX": str(FOLDER / "bytecode"),
        "PYTHONPATH": os.pathsep.join(filter(None, (root, env.get("PYTHONPATH", "")))),
        "TERM": TERM,
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "BDESK_HOME": str(home),
        "BDESK_LANG": "zh",
    }
    if store:
        env["BDESK_STORE"] = store
    return env


def floor(name: str, *arguments: str) -> list[str]:
    """The command of a floor."""
    return [sys.executable, str(FLOORS / f"{name}.py"), *arguments]


def bdesk(*arguments: str) -> list[str]:
    """The command `bdesk`, as its installed script runs it."""
    return [sys.executable, "-c", "import sys; from bdesk.cli import main; sys.exit(main())", *arguments]


def run_once(command: Sequence[str], env: dict[str, str]) -> Cost:
    """Run to the end. The processor time is that of the child alone."""
    before, started = os.times(), time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(time.perf_counter() - started, cpu)


def in_turns(
    ours: Callable[[], Sample], theirs: Callable[[], Sample], runs: int
) -> tuple[list[Sample], list[Sample]]:
    """Measure both in turns, the order changing, so that what disturbs one disturbs the other."""
    ours(), theirs()  # the first of each only warms caches
    first: list[Sample] = []
    second: list[Sample] = []
    for turn in range(runs):
        if turn % 2:
            second.append(theirs())
            first.append(ours())
        else:
            first.append(ours())
            second.append(theirs())
    return first, second


def ratio_of(ours: Sequence[Cost], theirs: Sequence[Cost]) -> tuple[float, float, str]:
    """Medians of the ratios of each pair, by processor time and by wall, and the figures in words."""
    cpu = median(one.cpu / other.cpu for one, other in zip(ours, theirs, strict=True))
    wall = median(one.wall / other.wall for one, other in zip(ours, theirs, strict=True))
    ours_cpu, theirs_cpu = (median(one.cpu for one in costs) * 1000 for costs in (ours, theirs))
    ours_wall, theirs_wall = (median(one.wall for one in costs) * 1000 for costs in (ours, theirs))
    said = (
        f"{ours_cpu:.0f} / {theirs_cpu:.0f} ms CPU; {ours_wall:.0f} / {theirs_wall:.0f} ms wall ({wall:.2f}x)"
    )
    return cpu, wall, said


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
