"""`bdesk --help` against the help of a hello-world made with Typer."""

from collections.abc import Iterator
from functools import partial

from benchmarks.measure import Options, Result, bdesk, environment, floor, in_turns, ratio_of, run_once
from benchmarks.stores import home


def measure(options: Options) -> Iterator[Result]:
    env = environment(home("help"))
    ours, theirs = in_turns(
        partial(run_once, bdesk("--help"), env),
        partial(run_once, floor("hello", "--help"), env),
        options.runs,
    )
    ratio, _wall, said = ratio_of(ours, theirs)
    yield Result("`bdesk --help` / Typer hello-world", 1.5, ratio, said)
