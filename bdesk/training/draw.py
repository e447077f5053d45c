"""Chance that repeats: every topic has a stream of its own, so that a change in one leaves the rest alone."""

import math
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")

_DIGITS = "0123456789"
_HEX = "0123456789abcdef"


class Draw:
    """Draws of one topic. A text seed is hashed by `random` itself and never by the process's hash seed."""

    def __init__(self, seed: int, topic: str) -> None:
        self._random = random.Random(f"bdesk/{seed}/{topic}")

    def chance(self, percent: float) -> bool:
        return self._random.random() * 100 < percent

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def pick(self, of: Sequence[T]) -> T:
        return of[self._random.randrange(len(of))]

    def some(self, of: Sequence[T], count: int) -> list[T]:
        """`count` different ones, in drawn order; all of them when there are fewer."""
        return self._random.sample(of, min(count, len(of)))

    def weighted(self, weights: Mapping[T, float]) -> T:
        """A key by its weight; keys in the order they are written, never by hash."""
        names = tuple(weights)
        return self._random.choices(names, weights=tuple(weights.values()))[0]

    def shuffled(self, of: Sequence[T]) -> list[T]:
        return self._random.sample(of, len(of))

    def digits(self, count: int) -> str:
        return "".join(self._random.choices(_DIGITS, k=count))

    def hex(self, count: int) -> str:
        return "".join(self._random.choices(_HEX, k=count))

    def lognormal(self, median: float, sigma: float) -> float:
        return self._random.lognormvariate(math.log(median), sigma)

    def span(self, low: timedelta, high: timedelta) -> timedelta:
        """A stretch of time in whole seconds, both ends included."""
        return timedelta(seconds=self.between(int(low.total_seconds()), int(high.total_seconds())))

    def moment(self, start: datetime, end: datetime) -> datetime:
        """An instant between two; `start` when they are the wrong way round."""
        return start if end <= start else start + self.span(timedelta(0), end - start)


def spread(weights: Mapping[T, float], count: int) -> list[T]:
    """`count` keys in the given proportions, each at least once while there is room (largest remainder).

    A list drawn by weight may miss a rare value; a training store may not (training.md D1.5).
    """
    total = sum(weights.values())
    names = tuple(weights)
    exact = {name: weights[name] * count / total for name in names}
    whole = {name: int(exact[name]) for name in names}
    if count >= len(names):
        for name in names:
            whole[name] = max(1, whole[name])
    order = sorted(names, key=lambda name: (whole[name] - exact[name], names.index(name)))
    position = 0
    while sum(whole.values()) < count:
        whole[order[position % len(order)]] += 1
        position += 1
    while sum(whole.values()) > count:
        biggest = max(names, key=lambda name: (whole[name], -names.index(name)))
        whole[biggest] -= 1
    return [name for name in names for _ in range(whole[name])]
