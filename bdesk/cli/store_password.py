"""`bdesk store password`: the password of a PostgreSQL store, kept in the keyring of this machine."""

from typing import Annotated

import typer

from bdesk.cli.output import examples, new_app, write_json, write_line
from bdesk.i18n import _

app = new_app()


@app.command(
    help=_(
        "Keep the password of a PostgreSQL store in the keyring of this machine, once the server takes it. "
        "It is asked for; scripts give BDESK_STORE_PASSWORD or BDESK_STORE_PASSWORD_FILE."
    ),
    epilog=examples("bdesk store password", "bdesk store password --forget"),
)
def password(
    forget: Annotated[bool, typer.Option("--forget", help=_("Take it out of the keyring again."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.cli import passwords
    from bdesk.cli.address import STORE_PASSWORD, key_of, label_of, must_be_server, why
    from bdesk.data import server
    from bdesk.errors import StoreProblem
    from bdesk.paths import store_url
    from bdesk.secrets import keyrings
    from bdesk.secrets.keyrings import Answer, State
    from bdesk.secrets.memory import keep_out_of_dumps

    url = store_url()
    must_be_server(url)

    def must_be_usable(found: Answer) -> None:
        if found.state is not State.USABLE:
            code, store = why(found, url)
            raise StoreProblem(code, store=store)

    if forget:
        must_be_usable(keyrings.forget(key_of(url)))
    else:
        # Before somebody types for nothing.
        must_be_usable(keyrings.look())
        keep_out_of_dumps()
        typed = passwords.ask(STORE_PASSWORD, label_of(url))
        refused = server.refusal(server.with_password(url, typed))
        if refused is not None:
            raise refused
        must_be_usable(keyrings.keep(key_of(url), typed))
    store = server.without_password(url)
    if as_json:
        write_json({"store": store, "kept": not forget})
    elif forget:
        write_line(_("The keyring here does not keep the password of {store} any more.", store=store))
    else:
        write_line(_("The keyring here keeps the password of {store}.", store=store))
