"""The desk on a store: the composition of store, person and screens, and how it starts.

Nothing here imports Typer: plain `bdesk` comes here at once. The frame is painted first; the store, and all
that works on it, is imported and opened behind it (docs/performance.md).
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bdesk.app import DeskApp
    from bdesk.data.book.book import Book
    from bdesk.data.drafts import Drafts
    from bdesk.data.store import Store
    from bdesk.desk import Desk
    from bdesk.models.views.queue import FirstRows
    from bdesk.models.views.snapshot import ActorView
    from bdesk.screens.place import Place
    from bdesk.screens.queue.screen import QueueScreen
    from bdesk.screens.sign_in import SignInScreen
    from bdesk.settings import Settings

LANGUAGES = ("zh", "en")

AS = "BDESK_AS"
"""Who acts, where the command line does not say."""


def desk_options(arguments: Sequence[str]) -> tuple[str | None, str | None] | None:
    """The number and the language of a plain command line (`bdesk`, `bdesk --as 1001`, `bdesk open`).

    None for any other, which Typer reads: its import and its parsing cost a third of the first frame.
    """
    given = list(arguments[1:] if arguments[:1] == ["open"] else arguments)
    number = lang = None
    while len(given) >= 2:
        name, value, *given = given
        if name == "--as" and number is None and value and not value.startswith("-"):
            number = value
        elif name == "--lang" and lang is None and value in LANGUAGES:
            lang = value
        else:
            return None
    return None if given else (number, lang)


def open_at(number: str | None, lang: str | None) -> int:
    """Open the desk and stay until it is left; returns the exit code.

    `number` is who acts, in training stores only; `lang` the language. Raises what opening the store raises,
    BadInput("as.real_store") and NotFound for an unknown number.
    """
    import gc
    import os

    # What is imported stays: looking through it for garbage would cost a tenth of the start.
    gc.disable()
    from bdesk import settings
    from bdesk.app import DeskApp, prepare_terminal
    from bdesk.cli.address import store_address
    from bdesk.data.glance import is_training
    from bdesk.errors import BadInput
    from bdesk.i18n import set_language
    from bdesk.screens.first_run import needed

    must_be_terminal()
    if lang is not None:
        set_language(lang)
    url = store_address()
    if is_training(url) is False and number is not None:
        raise BadInput("as.real_store")
    own = settings.load()
    chosen = bool(lang or own.language or os.environ.get("BDESK_LANG"))
    start = Start(url, number, own, own_language=not chosen)
    prepare_terminal()
    try:
        asks = needed()
        # The first run begins with a question, not with the queue.
        early = None if asks else start.early
        running = DeskApp(start.first, opening=start.open, early=early, key_test=asks, colours=own.theme)
        running.run()
    finally:
        start.end()
    if running.refused is not None:
        raise running.refused
    return running.return_code or 0


def must_be_terminal() -> None:
    """Raises BadInput("desk.no_terminal") where there is nothing to paint on or nobody to press keys."""
    from bdesk.errors import BadInput

    # The screen is painted on stderr; what prints after it goes to stdout.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise BadInput("desk.no_terminal")


@dataclass(slots=True)
class Sitting:
    """One run of the desk on a store: what is opened for the person who signs in, and closed at the end.

    `own_language`: nobody chose a language, so the desk opens in the person's. `drafts_path` None: in the
    person's folder.
    """

    store: "Store"
    book: "Book | None"
    settings: "Settings"
    own_language: bool = False
    drafts_path: Path | None = None
    _desk: "Desk | None" = field(default=None, init=False)
    _drafts: "Drafts | None" = field(default=None, init=False)

    def place(self, actor: "ActorView", *, run_clock: bool = True) -> "Place":
        """Open the drafts and the desk of a person and let the store's clock run; without `run_clock` the app
        does that when the queue is painted."""
        from bdesk.data.book.late import late_book
        from bdesk.data.drafts import Drafts
        from bdesk.desk import Desk
        from bdesk.i18n import set_language
        from bdesk.screens.place import Place

        if self.own_language:
            set_language(actor.language)
        self._drafts = Drafts(self.store.info.store_id, actor.number, self.drafts_path)
        self._desk = Desk(
            self.store,
            self.book or late_book(),
            actor,
            self._drafts,
            recall_seconds=self.settings.recall_seconds,
        )
        if run_clock:
            self.store.start_clock(actor.number)
        return Place(self._desk, self.settings)

    def end(self) -> None:
        """Go off duty, let the store's clock stand still, and close what was opened."""
        from bdesk.errors import DeskError
        from bdesk.models.kinds import PersonState
        from bdesk.operations.staff.people import set_state

        if self._desk is not None:
            self._desk.close()
            # The store is gone or busy, or this person was disabled: leaving must not fail for it, and the
            # sweep tidies up.
            with suppress(DeskError):
                set_state(self._desk.ctx, PersonState.OFFLINE)
            with suppress(DeskError):
                self.store.stop_clock()
        if self._drafts is not None:
            self._drafts.close()


@dataclass(slots=True)
class Start:
    """What is done while the empty frame shows: the store is opened, and who sits down is found."""

    url: str
    number: str | None
    settings: "Settings"
    own_language: bool = False
    _sitting: "Sitting | None" = field(default=None, init=False)
    _actor: "ActorView | None" = field(default=None, init=False)
    _place: "Place | None" = field(default=None, init=False)
    _rows: "FirstRows | None" = field(default=None, init=False)

    def early(self) -> "FirstRows | None":
        """The first rows of whoever sits down, where that is plain (bdesk.data.early)."""
        from bdesk.data.early import first_rows
        from bdesk.i18n import set_language
        from bdesk.text import normalise_key

        wanted = self._number()
        self._rows = first_rows(self.url, normalise_key(wanted)) if wanted else None
        if self._rows is not None and self.own_language:
            set_language(self._rows.language)
        return self._rows

    def _number(self) -> str | None:
        import os

        return self.number or os.environ.get(AS)

    def open(self) -> None:
        """In a thread. Raises what `open_store` and `find_actor` raise, and BadInput("as.real_store")."""
        import bdesk.screens.queue.screen  # noqa: F401
        from bdesk.data.store import open_store
        from bdesk.errors import BadInput
        from bdesk.operations.staff.people import find_actor
        from bdesk.secrets.memory import keep_out_of_dumps

        keep_out_of_dumps()
        store = open_store(self.url)
        self._sitting = Sitting(store, None, self.settings, self.own_language)
        if self.number is not None and not store.training:
            raise BadInput("as.real_store")
        wanted = self._number() if store.training else None
        if wanted:
            self._actor = find_actor(store, wanted)
            self._place = self._sitting.place(self._actor, run_clock=False)

    def first(self, running: "DeskApp") -> "QueueScreen | SignInScreen":
        """The first screen, once `open` is done."""
        assert self._sitting is not None
        return first_screen(running, self._sitting, self._place, self._rows)

    def end(self) -> None:
        """Leave, as far as `open` came."""
        if self._sitting is not None:
            self._sitting.end()
            self._sitting.store.close()


def first_screen(
    running: "DeskApp", sitting: "Sitting", place: "Place | None", early: "FirstRows | None" = None
) -> "QueueScreen | SignInScreen":
    """The queue of somebody who is known already, else the sign-in screen."""
    from bdesk.screens.queue.screen import QueueScreen

    if place is None:
        from bdesk.screens.sign_in import SignInScreen

        return SignInScreen(sitting.store, lambda found: running.enter(sitting.place(found)))
    running.place = place
    running.when_filled = running.sat_down
    return QueueScreen(place, early)


def desk_app(sitting: Sitting, actor: "ActorView | None", *, key_test: bool = False) -> "DeskApp":
    """The app: at the queue for somebody who is known already, else at the sign-in screen.

    `key_test`: the first run's test of the terminal's keys stands over it; Esc skips it.
    """
    from bdesk.app import DeskApp

    def first(running: DeskApp) -> "QueueScreen | SignInScreen":
        return first_screen(running, sitting, None if actor is None else sitting.place(actor))

    return DeskApp(first, key_test=key_test, colours=sitting.settings.theme)


def run_desk(
    store: "Store",
    book: "Book",
    actor: "ActorView | None",
    settings: "Settings",
    *,
    own_language: bool = False,
    drafts_path: Path | None = None,
    key_test: bool = True,
) -> int:
    """Run the desk until it is left; returns the exit code. The store stays open for the caller to close."""
    from bdesk.app import prepare_terminal
    from bdesk.screens.first_run import needed

    sitting = Sitting(store, book, settings, own_language, drafts_path)
    prepare_terminal()
    try:
        running = desk_app(sitting, actor, key_test=key_test and needed())
        running.run()
        return running.return_code or 0
    finally:
        sitting.end()
