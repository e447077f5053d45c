"""The tags of a case in the queue: its flags, and what its row says beside them."""

from collections.abc import Iterable
from typing import Any, Protocol


class Tagged(Protocol):
    """A row with `vip`, `escalated_to` and `cycle`, of whichever library."""

    def __getitem__(self, name: str, /) -> Any: ...


def tags_of(row: Tagged, flags: Iterable[str]) -> tuple[str, ...]:
    """VIP first, then the flags as they were put, then what happened to the case."""
    tags = list(flags)
    if row["vip"] and "vip" not in tags:
        tags.insert(0, "vip")
    if row["escalated_to"]:
        tags.append("raised")
    if row["cycle"] > 1:
        tags.append("reopened")
    return tuple(tags)
