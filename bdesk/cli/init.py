"""`bdesk init`: a store of one's own."""

from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli import passwords
from bdesk.cli.output import examples, new_app, write_json, write_line
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.operations.staff.people import NewPerson

app = new_app()

FIRST = "1000"


@app.command(
    help=_(
        "Make a real store with the groups that cases are handed to and its first administrator. Passwords "
        "are asked for; scripts give BDESK_PASSWORD and BDESK_AGENT_PASSWORD, or the same with _FILE, a file "
        "that only you can read."
    ),
    epilog=examples(
        "bdesk init",
        "bdesk init --number 1000 --name 周敏 --agent 1001 --agent-name 陈静",
        "BDESK_STORE=sqlite:////srv/desk/desk.db BDESK_PASSWORD_FILE=~/.bdesk-admin bdesk init --json",
    ),
)
def init(
    number: Annotated[str, typer.Option(help=_("The administrator's staff number."))] = FIRST,
    name: Annotated[str, typer.Option(help=_("The administrator's name."))] = "",
    agent: Annotated[
        str | None,
        typer.Option(metavar="NUMBER", help=_("Add a first agent too: administrators work no cases.")),
    ] = None,
    agent_name: Annotated[str, typer.Option(help=_("The agent's name."))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.cli.address import store_address
    from bdesk.operations.staff.founding import found, must_be_free

    url = store_address()
    # Before two passwords are typed for nothing.
    must_be_free(url)
    made = found(url, _people(number, name, agent, agent_name))
    if as_json:
        write_json({"store": made.store, "staff": made.numbers})
        return
    write_line(_("The store is {store}.", store=made.store))
    write_line(_("Staff who can sign in: {numbers}.", numbers=", ".join(made.numbers)))
    write_line(_("Payments and letters are simulated in this version: nothing leaves this machine."))
    write_line(_("Next: `bdesk staff add` for more people, `bdesk import` for orders, `bdesk` to work."))


def _people(number: str, name: str, agent: str | None, agent_name: str) -> "tuple[NewPerson, ...]":
    from bdesk.models.kinds import Role
    from bdesk.operations.staff.people import NewPerson

    label = _("Password for {number}", number=number)
    password = passwords.ask_new(passwords.PASSWORD, label)
    people = [NewPerson(number, name, Role.ADMIN, password)]
    if agent is None and passwords.at_terminal():
        asked: str = typer.prompt(
            _("Staff number of a first agent (empty: none)"), default="", show_default=False, err=True
        )
        agent = asked.strip() or None
    if agent is not None:
        label = _("Password for {number}", number=agent)
        password = passwords.ask_new(passwords.AGENT_PASSWORD, label)
        people.append(NewPerson(agent, agent_name, Role.AGENT, password, group="hotline"))
    return tuple(people)
