"""`bdesk staff stand-in`: who acts in a role that is not theirs, and in which days."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.output import examples, new_app, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _
from bdesk.models.kinds import Role

if TYPE_CHECKING:
    from datetime import date

app = new_app()

AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON document."))]
DAY = ["%Y-%m-%d"]


@app.command(
    help=_(
        "Name somebody to stand in for a role, for whole days. They decide as that role does, never on what "
        "they asked for themselves; it begins and ends by itself. Managers and administrators may."
    ),
    epilog=examples(
        "bdesk staff stand-in add 1501 --for supervisor --from 2026-11-24 --to 2026-11-26",
        "bdesk staff stand-in add 2001 --for manager --from 2026-12-01 --to 2026-12-01 --json",
    ),
)
def add(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=_("Their staff number."))],
    role: Annotated[Role, typer.Option("--for", help=_("The role they act in."))],
    first: Annotated[datetime, typer.Option("--from", formats=DAY, help=_("The first day."))],
    last: Annotated[datetime, typer.Option("--to", formats=DAY, help=_("The last day, included."))],
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.models.labels import label
    from bdesk.operations.staff.standing_in import name

    with acting(as_) as ctx:
        made = name(ctx, number, role, first.date(), last.date())
    told = {"number": number, "role": role.value, "first": first.date(), "last": last.date()}
    if as_json:
        write_json({"stand_in": made, **told})
        return
    said = _("{number} stands in for {role} from {first} through {last}.", **{**told, "role": label(role)})
    write_line(f"{made}  {said}")


@app.command(
    "list",
    help=_("List who stands in, or will; --all those whose days are over too."),
    epilog=examples("bdesk staff stand-in list", "bdesk staff stand-in list --all --json"),
)
def list_all(
    over: Annotated[bool, typer.Option("--all", help=_("Those that are over, too."))] = False,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.models.labels import label
    from bdesk.operations.staff.standing_in import listed

    with acting(as_) as ctx:
        found = listed(ctx, over=over)
    if as_json:
        write_json({"stand_ins": found})
        return
    days = (_("From"), _("To"), _("Ended"))
    headings = (_("Stand-in"), _("Staff number"), _("Person"), _("Role"), _("Acts as"), *days)
    rows = (
        (
            one.id,
            one.number,
            one.name,
            label(one.own_role),
            label(one.role),
            day_of(one.from_at),
            day_of(one.until_at - timedelta(seconds=1)),
            "" if one.ended_at is None else day_of(one.ended_at),
        )
        for one in found
    )
    write_table(headings, rows)


@app.command(
    help=_("End one now; one that has not begun never does. Managers and administrators may."),
    epilog=examples("bdesk staff stand-in end 3", "bdesk staff stand-in end 3 --json"),
)
def end(
    stand_in: Annotated[int, typer.Argument(metavar="NUMBER", help=_("The number that the list shows."))],
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.staff.standing_in import end as end_one

    with acting(as_) as ctx:
        end_one(ctx, stand_in)
    if as_json:
        write_json({"stand_in": stand_in})
    else:
        write_line(_("The stand-in {number} is ended.", number=stand_in))


def day_of(at: datetime) -> "date":
    """The shop's day of an instant."""
    from bdesk.clock import LOCAL

    return at.astimezone(LOCAL).date()
