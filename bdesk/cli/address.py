"""Where the store is, ready to be opened: the password of its server comes from the environment, a file,
.pgpass, the keyring or the person at the terminal, in this order (MEASURED, keyring).

Never from an argument, and no line that is shown or logged has it. Nothing here imports Typer: the desk comes
here before its first frame, and a file is passed on at once.
"""

from typing import TYPE_CHECKING

from bdesk.errors import BadInput, DeskError
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.secrets.keyrings import Answer

STORE_PASSWORD = "BDESK_STORE_PASSWORD"
SERVER = "postgresql"


def store_address(*, ask: bool = True) -> str:
    """The URL of the store, with the password that its server wants.

    Without `ask` nobody is asked, and whatever is wrong with the server is left to whoever opens it. Raises
    what `paths.store_url` and `data.server.refusal` raise, StoreProblem("store.password_wrong"), and
    BadInput("password.no_terminal") where nobody can be asked.
    """
    from bdesk.paths import store_url

    url = store_url()
    # A file asks nothing, and importing what asks a server would cost its first frame.
    return _let_in(url, ask) if url.startswith(SERVER) else url


def _let_in(url: str, ask: bool) -> str:
    from bdesk.cli import passwords
    from bdesk.data import server
    from bdesk.secrets.memory import keep_out_of_dumps

    keep_out_of_dumps()
    said = passwords.given(STORE_PASSWORD)
    if said is not None:
        return server.with_password(url, said)
    try:
        refused = server.refusal(url)
        if refused is not None and refused.code != "store.password_missing":
            # One was given where libpq looks, and is wrong: another would hide that.
            raise refused
    except DeskError:
        if ask:
            raise
        return url
    if refused is None:
        return url
    kept = _kept(url)
    if kept is not None or not ask:
        return kept or url
    typed = server.with_password(url, passwords.ask(STORE_PASSWORD, label_of(url)))
    refused = server.refusal(typed)
    if refused is not None:
        raise refused
    return typed


def _kept(url: str) -> str | None:
    """The address with the password that the keyring keeps; None, and one line that says why, without one."""
    from bdesk.data import server
    from bdesk.secrets import keyrings

    found = keyrings.read(key_of(url))
    if found.secret is None:
        _say(*why(found, url))
        return None
    made = server.with_password(url, found.secret)
    if server.refusal(made) is None:
        return made
    _say("store_password.old", server.without_password(url))
    return None


def key_of(url: str) -> str:
    """Under what the keyring keeps the password of a store."""
    from bdesk.data import server

    return f"store {server.without_password(url)}"


def label_of(url: str) -> str:
    """What is asked for."""
    from bdesk.data import server

    return _("Password of {store}", store=server.without_password(url))


def why(found: "Answer", url: str) -> tuple[str, str]:
    """The code that says why the keyring has no password for a store, and the store."""
    from bdesk.data import server
    from bdesk.secrets.keyrings import State

    code = "unknown" if found.state is State.USABLE else found.state.value
    return f"store_password.{code}", server.without_password(url)


def must_be_server(url: str) -> None:
    """Raises BadInput("store_password.file") for a store that is a file: it has no password."""
    from bdesk.data import server

    if not server.is_server(url):
        raise BadInput("store_password.file", store=url.removeprefix("sqlite:///"))


def _say(code: str, store: str) -> None:
    from bdesk.cli import say_error
    from bdesk.speech import speak

    say_error(speak(code, {"store": store}))
