"""`bdesk open`, and plain `bdesk`: the desk itself. The composition of store, person and screens is here."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.output import examples, new_app
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.app import DeskApp
    from bdesk.data.book.book import Book
    from bdesk.data.drafts import Drafts
    from bdesk.data.store import Store
    from bdesk.desk import Desk
    from bdesk.models.views.snapshot import ActorView
    from bdesk.screens.place import Place
    from bdesk.settings import Settings

app = new_app()


@app.command(
    help=_("Open the desk. A real store asks who you are; a training store takes --as NUMBER."),
    epilog=examples("bdesk", "bdesk open --as 1001", "bdesk open --lang en", "bdesk --as 1001 --lang zh"),
)
def open_desk(
    number: Annotated[
        str | None, typer.Option("--as", metavar="NUMBER", help=_("Who acts; in training stores only."))
    ] = None,
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=_("The language of the desk."))] = None,
) -> int:
    import os

    from bdesk import settings
    from bdesk.cli.session import AS
    from bdesk.data.book.book import load_book
    from bdesk.data.store import open_store
    from bdesk.errors import BadInput
    from bdesk.i18n import set_language
    from bdesk.operations.people import find_actor
    from bdesk.paths import store_url

    must_be_terminal()
    own = settings.load()
    if lang is not None:
        set_language(lang)
    with open_store(store_url()) as store:
        if number is not None and not store.training:
            raise BadInput("as.real_store")
        wanted = number or (os.environ.get(AS) if store.training else None)
        actor = find_actor(store, wanted) if wanted else None
        chosen = bool(lang or own.language or os.environ.get("BDESK_LANG"))
        return run_desk(store, load_book(), actor, own, own_language=not chosen)


def must_be_terminal() -> None:
    """Raises BadInput("desk.no_terminal") where there is nothing to paint on or nobody to press keys."""
    from bdesk.errors import BadInput

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("desk.no_terminal")


@dataclass(slots=True)
class Sitting:
    """One run of the desk on a store: what is opened for the person who signs in, and closed at the end.

    `own_language`: nobody chose a language, so the desk opens in the person's. `drafts_path` None: in the
    person's folder.
    """

    store: "Store"
    book: "Book"
    settings: "Settings"
    own_language: bool = False
    drafts_path: Path | None = None
    _desk: "Desk | None" = field(default=None, init=False)
    _drafts: "Drafts | None" = field(default=None, init=False)

    def place(self, actor: "ActorView") -> "Place":
        """Open the drafts and the desk of a person and let the store's clock run."""
        from bdesk.data.drafts import Drafts
        from bdesk.desk import Desk
        from bdesk.i18n import set_language
        from bdesk.screens.place import Place

        if self.own_language:
            set_language(actor.language)
        self._drafts = Drafts(self.store.info.store_id, actor.number, self.drafts_path)
        self._desk = Desk(
            self.store, self.book, actor, self._drafts, recall_seconds=self.settings.recall_seconds
        )
        self.store.start_clock(actor.number)
        return Place(self._desk, self.settings)

    def end(self) -> None:
        """Go off duty, let the store's clock stand still, and close what was opened."""
        from bdesk.errors import DeskError
        from bdesk.models.kinds import PersonState
        from bdesk.operations.people import set_state

        if self._desk is not None:
            self._desk.close()
            try:
                set_state(self._desk.ctx, PersonState.OFFLINE)
                self.store.stop_clock()
            except DeskError:
                pass  # the store is gone or busy: leaving must not fail for it, and the sweep tidies up
        if self._drafts is not None:
            self._drafts.close()


def desk_app(sitting: Sitting, actor: "ActorView | None") -> "DeskApp":
    """The app: at the queue for somebody who is known already, else at the sign-in screen."""
    from bdesk.app import DeskApp
    from bdesk.models.kinds import PersonState
    from bdesk.operations.people import set_state
    from bdesk.screens.queue.screen import QueueScreen
    from bdesk.screens.restoring import restore
    from bdesk.screens.sign_in import SignInScreen

    def first(running: DeskApp) -> QueueScreen | SignInScreen:
        if actor is None:
            return SignInScreen(sitting.store, lambda found: running.enter(sitting.place(found)))
        place = sitting.place(actor)
        set_state(place.desk.ctx, PersonState.ONLINE)
        running.place = place
        restore(place)
        running.call_later(running.refresh_windows)
        return QueueScreen(place)

    return DeskApp(first)


def run_desk(
    store: "Store",
    book: "Book",
    actor: "ActorView | None",
    settings: "Settings",
    *,
    own_language: bool = False,
    drafts_path: Path | None = None,
) -> int:
    """Run the desk until it is left; returns the exit code. The store stays open for the caller to close."""
    from bdesk.app import prepare_terminal

    sitting = Sitting(store, book, settings, own_language, drafts_path)
    prepare_terminal()
    try:
        running = desk_app(sitting, actor)
        running.run()
        return running.return_code or 0
    finally:
        sitting.end()
