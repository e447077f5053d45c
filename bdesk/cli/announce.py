"""`bdesk announce`: what everybody is told when they sign in."""

from datetime import datetime
from typing import Annotated

import typer

from bdesk.cli.find import shown_at
from bdesk.cli.output import examples, new_app, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _

app = new_app()

AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON document."))]
DAY = ["%Y-%m-%d"]


@app.command(
    help=_(
        "Tell everybody something at the door, in one line, until the end of a day. Supervisors, managers "
        "and administrators may; it names no customer."
    ),
    epilog=examples(
        'bdesk announce add "华东仓停电，今天不发货" --until 2026-11-24 --as 2001',
        'bdesk announce add "The courier strikes" --until 2026-11-24 --json --as 2001',
    ),
)
def add(
    words: Annotated[str, typer.Argument(metavar="WORDS", help=_("What they are told."))],
    last: Annotated[datetime, typer.Option("--until", formats=DAY, help=_("The last day, included."))],
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.staff.announcing import announce

    with acting(as_) as ctx:
        number = announce(ctx, words, last.date())
    if as_json:
        write_json({"announcement": number, "until": last.date()})
        return
    write_line(_("Announcement {number}: told at the door through {day}.", number=number, day=last.date()))


@app.command(
    "list",
    help=_("List what is told at the door now, the newest at the top."),
    epilog=examples("bdesk announce list --as 1001", "bdesk announce list --json --as 1001"),
)
def list_standing(as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.operations.staff.announcing import current

    with acting(as_) as ctx:
        found = current(ctx)
    if as_json:
        write_json({"announcements": found})
        return
    if not found:
        write_line(_("Nothing is announced"))
        return
    headings = (_("Number"), _("Made at"), _("Announced by"), _("Told until"), _("Announcement"))
    rows = ((one.number, shown_at(one.made_at), one.by, shown_at(one.until), one.words) for one in found)
    write_table(headings, rows)


@app.command(
    help=_("Tell it no more, by the number that `list` gives."),
    epilog=examples("bdesk announce end 481 --as 2001", "bdesk announce end 481 --json --as 2001"),
)
def end(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=_("The announcement's number."))],
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.staff.announcing import end as do_end

    with acting(as_) as ctx:
        do_end(ctx, number)
    if as_json:
        write_json({"announcement": number})
        return
    write_line(_("Announcement {number} is told no more.", number=number))
