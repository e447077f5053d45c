"""Who acts on the command line: shared by every command that reads or writes people's data.

A training store takes anybody's word (`--as 1001`). A real store asks for number and password: the option or
BDESK_AS, and BDESK_PASSWORD, BDESK_PASSWORD_FILE, what the keyring keeps, or a prompt; and for a password of
one's own, as BDESK_OWN_PASSWORD or typed, where the present one was chosen by somebody else.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli import passwords
from bdesk.cli.sitting import AS
from bdesk.errors import BadInput, NotAllowed
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.data.store import Store
    from bdesk.models.views.snapshot import ActorView
    from bdesk.operations.context import Context


As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="NUMBER",
        help=_("Who acts: a staff number, else BDESK_AS. A real store asks for the password."),
    ),
]
"""The option of a command that somebody must be signed in for."""


@contextmanager
def acting(number: str | None = None) -> "Iterator[Context]":
    """Open the store with somebody signed in, and close it at the end.

    Raises StoreProblem for a store that is not there, NotAllowed("sign_in.refused"), BadInput("as.missing")
    where nobody can be asked who it is.
    """
    from bdesk.cli.address import store_address
    from bdesk.data.book.book import load_book
    from bdesk.data.store import open_store
    from bdesk.operations.context import Context

    with open_store(store_address()) as store:
        actor = _actor(store, number or os.environ.get(AS))
        yield Context(store, load_book(), actor)


def _actor(store: "Store", number: str | None) -> "ActorView":
    from bdesk.operations.staff.people import find_actor, sign_in

    if store.training:
        if not number:
            raise BadInput("as.training")
        return find_actor(store, number)
    kept = _kept(store, number)
    if kept is not None:
        return kept
    if not number:
        if not passwords.at_terminal():
            raise BadInput("as.missing")
        number = typer.prompt(_("Staff number"), err=True)
    password = passwords.ask(passwords.PASSWORD, _("Password"))
    actor = sign_in(store, number, password, on_duty=False)
    _own_password(store, actor, password)
    return actor


def _kept(store: "Store", number: str | None) -> "ActorView | None":
    """Who stayed signed in on this machine, unless a password is given; one line where nothing came of it."""
    from bdesk.operations.staff.staying import come_back_here
    from bdesk.speech import speak_error
    from bdesk.text import normalise_key

    if passwords.given(passwords.PASSWORD) is not None:
        return None
    try:
        return come_back_here(store, normalise_key(number) if number else None)
    except NotAllowed as refused:
        if not refused.code.startswith("stay."):
            raise
        typer.echo(speak_error(refused), err=True)
        return None


def _own_password(store: "Store", actor: "ActorView", given: str) -> None:
    """Nobody works with a password that somebody else chose, on the command line either.

    Raises NotAllowed("password.must_change") where nobody can be asked for another.
    """
    from bdesk.operations.staff.people import change_password, must_change_password

    if not must_change_password(store, actor):
        return
    if passwords.given(passwords.OWN_PASSWORD) is None and not passwords.at_terminal():
        raise NotAllowed("password.must_change", name=passwords.OWN_PASSWORD)
    change_password(
        store, actor, given, passwords.ask_new(passwords.OWN_PASSWORD, _("A password of your own"))
    )
