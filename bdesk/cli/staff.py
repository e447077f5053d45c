"""`bdesk staff`: who works here."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli import passwords
from bdesk.cli.output import examples, new_app, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.cli.standing_in import app as stand_in
from bdesk.cli.standing_in import day_of
from bdesk.i18n import _
from bdesk.models.kinds import CaseKind, Role

if TYPE_CHECKING:
    from datetime import datetime

    from bdesk.models.views.pages import StaffRow

app = new_app()

AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON document."))]
app.add_typer(stand_in, name="stand-in", help=_("Who stands in for which role, and when: add, list, end"))

Number = Annotated[str, typer.Argument(metavar="NUMBER", help=_("Their staff number."))]


@app.command(
    help=_(
        "Add somebody. Their first password is asked for twice; scripts give BDESK_NEW_PASSWORD or "
        "BDESK_NEW_PASSWORD_FILE. Only an administrator may."
    ),
    epilog=examples(
        "bdesk staff add 1002 --name 陈静",
        "bdesk staff add 2001 --name 周敏 --role supervisor --as 1000",
        "bdesk staff add 1003 --name 李强 --group payment --skill refund --skill wallet_refund",
        "bdesk staff add 1004 --name 赵敏 --group hotline --group after_sale",
    ),
)
def add(
    number: Number,
    name: Annotated[str, typer.Option(help=_("Their name."))],
    role: Annotated[Role, typer.Option(help=_("What they may decide."))] = Role.AGENT,
    group: Annotated[
        list[str] | None,
        typer.Option(help=_("A group they may work for, the first by default; hotline where none is named.")),
    ] = None,
    skill: Annotated[
        list[CaseKind] | None,
        typer.Option(help=_("A kind of case they are offered; without one, every kind.")),
    ] = None,
    customer: Annotated[
        str | None,
        typer.Option(metavar="ACCOUNT", help=_("Their own account, where they are a customer too.")),
    ] = None,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.staff.people import NewPerson, add_staff

    with acting(as_) as ctx:
        password = passwords.ask_new(passwords.NEW_PASSWORD, _("Password for {number}", number=number))
        first, *more = group or ["hotline"]
        more_groups, theirs = tuple(more), tuple(skill or ())
        person = NewPerson(number, name, role, password, first, more_groups, True, theirs, customer)
        added = add_staff(ctx, person)
    _tell(added.number, _("{number} {person} can sign in.", number=added.number, person=added.name), as_json)


@app.command(
    "list",
    help=_(
        "List everybody with role, what they stand in for now and next, group, state and how many open cases "
        "each holds."
    ),
    epilog=examples("bdesk staff list", "bdesk staff list --active --json"),
)
def list_all(
    active: Annotated[bool, typer.Option("--active", help=_("Only those who may sign in."))] = False,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.staff.founding import list_staff

    with acting(as_) as ctx:
        found, now = list_staff(ctx, active_only=active), ctx.now()
    if as_json:
        write_json({"staff": found})
    else:
        _write_staff(found, now)


def _standing(one: "StaffRow", now: "datetime") -> str:
    """Their state, or what keeps them from signing in now."""
    from bdesk.clock import LOCAL
    from bdesk.models.labels import label

    if not one.active:
        return _("disabled")
    if one.locked_until is not None and one.locked_until > now:
        return _("waits until {time}", time=f"{one.locked_until.astimezone(LOCAL):%H:%M:%S}")
    return label(one.state)


def _acts_as(one: "StaffRow", now: "datetime") -> str:
    """What they stand in for now, and next: days of the shop, both included."""
    from bdesk.models.labels import label

    said = []
    for days in one.stands_in[:2]:
        last = day_of(days.until_at - timedelta(seconds=1))
        if days.from_at <= now:
            said.append(_("{role} through {last}", role=label(days.role), last=last))
        else:
            said.append(
                _(
                    "{role} from {first} through {last}",
                    role=label(days.role),
                    first=day_of(days.from_at),
                    last=last,
                )
            )
    return ", ".join(said)


def _write_staff(found: "Iterable[StaffRow]", now: "datetime") -> None:
    from bdesk.models.labels import label

    headings = (
        _("Staff number"),
        _("Person"),
        _("Role"),
        _("Acts as"),
        _("Group"),
        _("State"),
        _("Open cases"),
        _("Skills"),
    )
    rows = (
        (
            one.number,
            one.name,
            label(one.role),
            _acts_as(one, now),
            one.group or "",
            _standing(one, now),
            one.open_cases,
            " ".join(skill.value for skill in one.skills),
        )
        for one in found
    )
    write_table(headings, rows)


@app.command(
    help=_(
        "Keep somebody from signing in; what they did stays, and the cases they hold go back to the queue. "
        "An open desk of theirs locks within a second or two. Nobody disables themselves."
    ),
    epilog=examples("bdesk staff disable 1002", "bdesk staff disable 1002 --json"),
)
def disable(number: Number, as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.operations.staff.people import change_staff

    with acting(as_) as ctx:
        changed = change_staff(ctx, number, active=False)
    if as_json:
        write_json({"number": changed.number, "released": changed.released})
        return
    write_line(_("{number} can no longer sign in.", number=changed.number))
    if changed.released:
        cases = ", ".join(changed.released)
        write_line(_("Back in the queue: {cases}.", cases=cases))


@app.command(
    help=_("Say which groups somebody may work for; at the door they choose one. Only an administrator may."),
    epilog=examples("bdesk staff groups 1004 --group hotline --group after_sale"),
)
def groups(
    number: Number,
    group: Annotated[list[str], typer.Option(help=_("A group they may work for, the first by default."))],
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.staff.arriving import set_teams

    with acting(as_) as ctx:
        set_teams(ctx, number, tuple(group))
    if as_json:
        write_json({"number": number, "groups": group})
    else:
        write_line(_("{number} may work for {groups}.", number=number, groups=", ".join(group)))


@app.command(
    help=_(
        "Say which kinds of case somebody is offered. Without any skill they are offered every kind; what "
        "they hold already stays theirs. Only an administrator may."
    ),
    epilog=examples(
        "bdesk staff skills 1003 --add appeal",
        "bdesk staff skills 1003 --add refund --add wallet_refund --remove appeal --json",
    ),
)
def skills(
    number: Number,
    add: Annotated[
        list[CaseKind] | None, typer.Option("--add", help=_("A kind of case they are offered from now on."))
    ] = None,
    remove: Annotated[
        list[CaseKind] | None, typer.Option("--remove", help=_("A kind they are no longer offered."))
    ] = None,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.staff.skills import change_skills

    with acting(as_) as ctx:
        kept = change_skills(ctx, number, tuple(add or ()), tuple(remove or ()))
    if as_json:
        write_json({"number": number, "skills": kept})
    elif kept:
        write_line(_("{number} is offered: {kinds}.", number=number, kinds=", ".join(kept)))
    else:
        write_line(_("{number} is offered every kind of case.", number=number))


@app.command(
    "customer",
    help=_(
        "Say which account is somebody's own and which are their relatives', in place of what was said "
        "before: nothing of these is theirs to take, to decide or to move. An open desk of theirs locks. "
        "Only an administrator may."
    ),
    epilog=examples(
        "bdesk staff customer 1002 --account chenjing",
        "bdesk staff customer 1002 --account chenjing --relative wangli --relative liqiang",
        "bdesk staff customer 1002 --none",
    ),
)
def customers(
    number: Number,
    account: Annotated[str | None, typer.Option(metavar="ACCOUNT", help=_("Their own account."))] = None,
    relative: Annotated[
        list[str] | None, typer.Option(metavar="ACCOUNT", help=_("The account of a relative of theirs."))
    ] = None,
    none: Annotated[
        bool, typer.Option("--none", help=_("They are no customer and have no relatives here."))
    ] = False,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.errors import BadInput
    from bdesk.operations.staff.own_matters import set_customers

    if none is (account is not None or bool(relative)):
        raise BadInput("staff.what_customer")
    with acting(as_) as ctx:
        set_customers(ctx, number, account, tuple(relative or ()))
    _tell(number, _("Kept for {number}.", number=number), as_json)


@app.command(
    "sign-out",
    help=_(
        "End every sign-in that is kept for somebody, on all machines: the next start asks for the password, "
        "and an open desk of theirs locks. Everybody their own; an administrator anybody's."
    ),
    epilog=examples("bdesk staff sign-out 1002", "bdesk staff sign-out 1002 --json"),
)
def sign_out_all(number: Number, as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.operations.staff.people import sign_out

    with acting(as_) as ctx:
        ended = sign_out(ctx, number)
    if as_json:
        write_json({"number": number, "ended": ended})
    else:
        write_line(_("{number}: {count} kept sign-ins ended.", number=number, count=ended))


@app.command(
    help=_("Let somebody sign in again."),
    epilog=examples("bdesk staff enable 1002"),
)
def enable(number: Number, as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.operations.staff.people import change_staff

    with acting(as_) as ctx:
        known = change_staff(ctx, number, active=True).number
    _tell(known, _("{number} can sign in again.", number=known), as_json)


@app.command(
    help=_(
        "Give somebody a new first password and lift their wait after wrong ones. Every kept sign-in of "
        "theirs ends, and an open desk locks."
    ),
    epilog=examples("bdesk staff reset 1002", "BDESK_NEW_PASSWORD_FILE=~/.first bdesk staff reset 1002"),
)
def reset(number: Number, as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.operations.staff.people import change_staff

    with acting(as_) as ctx:
        password = passwords.ask_new(passwords.NEW_PASSWORD, _("Password for {number}", number=number))
        actor = change_staff(ctx, number, password=password)
    _tell(actor.number, _("{number} has a new password.", number=actor.number), as_json)


def _tell(number: str, line: str, as_json: bool) -> None:
    if as_json:
        write_json({"number": number})
    else:
        write_line(line)
