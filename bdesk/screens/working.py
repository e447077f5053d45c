"""Starting background work: a function rather than a coroutine, so that work replaced before it began
was never made."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

from textual.dom import DOMNode


def start(
    node: DOMNode, work: Callable[[], Coroutine[Any, Any, Any]], group: str, *, newest: bool = False
) -> None:
    """Run `work` as a worker of `group`; with `newest` it replaces what the group was doing."""
    # Textual's own signature cannot say "a function that makes a coroutine" to a type checker.
    node.run_worker(cast(Any, work), group=group, exclusive=newest)
