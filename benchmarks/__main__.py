"""Measure the desk against its floors and print the table of docs/performance.md."""

import argparse
import platform
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks.figures import help as help_figure
from benchmarks.figures import idle, press, size, start, take
from benchmarks.measure import Options, Result

FIGURES: dict[str, Callable[[Options], Iterator[Result]]] = {
    "help": help_figure.measure,
    "start": start.measure,
    "size": size.measure,
    "press": press.measure,
    "idle": idle.measure,
    "take": take.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"some of: {', '.join(FIGURES)}")
    parser.add_argument("--quick", action="store_true", help="fewer runs; 100 000 thin cases for a million")
    parser.add_argument("--runs", type=int, default=0, help="pairs of each figure (9; 5 when quick)")
    given = parser.parse_args()
    unknown = [name for name in given.figures if name not in FIGURES]
    if unknown:
        parser.error(f"no such figure: {', '.join(unknown)}")
    options = Options(given.quick, given.runs or (5 if given.quick else 9))
    print(f"{platform.platform()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d %H:%M')}\n")
    print("| figure | target | measured | | in detail |\n|---|---|---|---|---|")
    missed = 0
    for name in given.figures or FIGURES:
        for result in FIGURES[name](options):
            missed += not result.met
            print(line(result), flush=True)
    print(f"\n{missed} missed" if missed else "\nall met")
    return 0


def line(result: Result) -> str:
    """One row of the table."""
    sign = "<=" if result.better_below else ">="
    target, measured = (f"{value:.4g} {result.unit}".strip() for value in (result.target, result.measured))
    verdict = "met" if result.met else "missed"
    return f"| {result.figure} | {sign} {target} | {measured} | {verdict} | {result.detail} |"


if __name__ == "__main__":
    sys.exit(main())
