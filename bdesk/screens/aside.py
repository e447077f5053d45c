"""Work that may take seconds and that nobody waits for: a keyring's.

On a daemon thread of its own: neither the writer's queue nor leaving the desk waits for it (MEASURED).
"""

import asyncio
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from bdesk.desk import Hand

T = TypeVar("T")


@cache
def _hand() -> Hand:
    return Hand("bdesk-keyring")


async def aside(job: Callable[[], T]) -> T:
    """The result of a job, or what it raises, whenever that comes."""
    return await asyncio.wrap_future(_hand().submit(job))
