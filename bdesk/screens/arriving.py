"""What comes back when somebody sits down: their cases and strips, and what they must be told first."""

from collections.abc import Awaitable, Callable

from bdesk.errors import DeskError
from bdesk.screens import seating
from bdesk.screens.place import Place
from bdesk.speech import speak


class Arriving:
    """`windows` reads what can be recalled, `published` what is shown; `say` and `refused` tell it."""

    def __init__(
        self,
        windows: Callable[[], Awaitable[None]],
        published: Callable[[], None],
        say: Callable[[str], None],
        refused: Callable[[DeskError], None],
    ) -> None:
        self._windows = windows
        self._published = published
        self._say = say
        self._refused = refused

    async def sat_down(self, place: Place) -> None:
        """Somebody is at the desk: on duty, with the cases and strips they had open."""
        try:
            await place.desk.errand(seating.read_book)
            self._published()
            await place.desk.errand(seating.warm)
            await place.desk.do(seating.on_duty, place.state)
        except DeskError as refused:
            self._refused(refused)
        await self.restored(place)

    async def restored(self, place: Place) -> None:
        """What was open and what can be recalled is there again."""
        from bdesk.screens.restoring import restore

        try:
            await restore(place)
        except DeskError as refused:
            self._refused(refused)
        await self._windows()
        try:
            await self._tell_limits(place)
            await self._tell_clock(place)
        except DeskError as refused:
            self._refused(refused)

    async def _tell_limits(self, place: Place) -> None:
        """One line where this machine's limits are not the store's: what the desk shows is by the store's."""
        version = await place.desk.errand(seating.other_limits)
        if version is not None:
            self._say(speak("policy.differs", {"version": version}))

    async def _tell_clock(self, place: Place) -> None:
        """One line where this machine's clock was set back: what is left of every due time looks too long."""
        found = await place.desk.errand(seating.clock_check)
        if found.code == "doctor.clock_behind":
            self._say(speak(found.code, found.params))
