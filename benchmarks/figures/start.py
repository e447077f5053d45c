"""The desk from its start: the first frame, the queue with its rows, and the queue that answers keys.

The processor time up to the mark is compared: on a busy machine the wall says more about the others.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measure import Cost, Options, Result, bdesk, environment, floor, in_turns, ratio_of
from benchmarks.stores import AGENT, home, seeded, url_of
from benchmarks.terminal import Terminal

FRAME = b"F9"
"""The footer of the desk's first frame."""

NUMBER = b"KF20"
"""How case numbers begin; the desk shows the selected case's beside the list."""

ANSWERS = b"in 15 min"
"""Today's figures: the store is open, and keys typed ahead are being played."""


def measure(options: Options) -> Iterator[Result]:
    store = seeded("normal")
    desk = bdesk("open", "--as", AGENT, "--lang", "en")
    ours, theirs = in_turns(
        lambda: until(desk, store, FRAME), lambda: until(floor("bare_app"), store, b"READY"), options.runs
    )
    ratio, _wall, said = ratio_of(ours, theirs)
    yield Result("first frame / bare Textual app", 1.4, ratio, said)
    page = floor("bare_page", url_of(store))
    ours, theirs = in_turns(
        lambda: until(desk, store, NUMBER), lambda: until(page, store, NUMBER), options.runs
    )
    ratio, _wall, said = ratio_of(ours, theirs)
    yield Result("filled queue / Textual + SQLModel page", 1.2, ratio, said)
    # Its rows are painted before the store is open; how long that then takes belongs beside it.
    ours, theirs = in_turns(
        lambda: until(desk, store, ANSWERS), lambda: until(page, store, NUMBER), options.runs
    )
    ratio, _wall, said = ratio_of(ours, theirs)
    yield Result("queue that answers keys / the same page", 2.0, ratio, said)


def until(command: Sequence[str], store: Path, mark: bytes) -> Cost:
    """What it costs until a mark is on the screen."""
    with Terminal(command, environment(home("start"), url_of(store))) as terminal:
        wall = terminal.wait_for(mark)
        return Cost(wall, terminal.cpu())
