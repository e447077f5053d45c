"""A keyring that lies in memory, for tests of what is done with one; `tests.ground` has the real one."""

from dataclasses import dataclass, field

import pytest

from bdesk.secrets import keyrings
from bdesk.secrets.keyrings import Answer, State


@dataclass(slots=True)
class MemoryRing:
    """`state` is what becomes of every call from now on."""

    kept: dict[str, str] = field(default_factory=dict)
    state: State = State.USABLE
    asked: int = 0

    def look(self) -> Answer:
        self.asked += 1
        return Answer(self.state, "memory")

    def read(self, key: str) -> Answer:
        self.asked += 1
        return Answer(self.state, "memory", self.kept.get(key) if self.state is State.USABLE else None)

    def keep(self, key: str, secret: str) -> Answer:
        self.asked += 1
        if self.state is State.USABLE:
            self.kept[key] = secret
        return Answer(self.state, "memory")

    def forget(self, key: str) -> Answer:
        self.asked += 1
        if self.state is State.USABLE:
            self.kept.pop(key, None)
        return Answer(self.state, "memory")


def memory_ring(monkeypatch: pytest.MonkeyPatch) -> MemoryRing:
    """One that every call goes to from now on."""
    ring = MemoryRing()
    for name in ("look", "read", "keep", "forget"):
        monkeypatch.setattr(keyrings, name, getattr(ring, name))
    return ring
