"""Keys pressed while something is written: kept in order, played after it, dropped after a refusal (UX 2)."""

from collections.abc import Callable, Sequence
from typing import Any

from textual import events
from textual.app import App

from bdesk.i18n import _

HELD_KEYS = 32
NEVER_HELD = frozenset({"f8"})


class HeldKeys:
    """`play` gets the keys that were held, `say` a line for the person."""

    def __init__(
        self, app: App[Any], play: Callable[[Sequence[events.Key]], None], say: Callable[[str], None]
    ) -> None:
        self._app = app
        self._play = play
        self._say = say
        self._writes = 0
        self._keys: list[events.Key] = []

    @property
    def holding(self) -> bool:
        """Whether keys wait now."""
        return self._writes > 0

    def begin(self) -> None:
        """Hold keys from now on."""
        self._writes += 1

    def end(self, done: bool) -> None:
        """Of the last that began: play what was held, or drop it after a refusal and say so."""
        self._writes -= 1
        if self._writes:
            return
        held, self._keys = self._keys, []
        if not done and held:
            self._say(_("{count} keys pressed meanwhile were dropped", count=len(held)))
            return
        self._play([pressed(event.key, event.character, self._app) for event in held])

    def hold(self, event: events.Key) -> None:
        """Keep a key for later; F8 counts only where its strip can be read."""
        if event.key in NEVER_HELD:
            self._say(_("Saving; press F8 again when it is done"))
        elif len(self._keys) < HELD_KEYS:
            self._keys.append(event)
        else:
            self._say(_("Too many keys while saving; the last ones were dropped"))

    def forget(self) -> None:
        """Nobody plays them: the desk is locked."""
        self._keys.clear()


def alt_digit(event: events.Key) -> str | None:
    """The digit of Alt+digit, as which Esc and a digit pressed quickly arrive (UX, Keys)."""
    name = event.key
    if name.startswith("alt+") and name[4:] in set("0123456789"):
        return name[4:]
    # What Alt+1 .. Alt+0 type on some keyboards.
    at = "º¡™£¢∞§¶•ª".find(event.character or " ")
    return str(at) if at >= 0 else None


def pressed(name: str, character: str | None, app: App[Any]) -> events.Key:
    """A key as if pressed anew."""
    event = events.Key(name, character)
    event.set_sender(app)
    return event
