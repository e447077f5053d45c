"""`bdesk sweep`: what happens by itself, done now."""

from typing import Annotated

import typer

from bdesk.cli.output import examples, new_app, write_json, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _

app = new_app()


@app.command(
    help=_(
        "Do what is due: write down breaches, let stopped clocks run on, bring back cases put aside, let "
        "requests lapse, send reminders, let go of what was held. Open desks do it too."
    ),
    epilog=examples("bdesk sweep --as 1001", "bdesk sweep --json"),
)
def sweep(
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations.sweep import sweep as do_sweep

    with acting(as_) as ctx:
        swept = do_sweep(ctx)
    if as_json:
        write_json(swept)
        return
    rows = (
        (_("breaches written down"), swept.breaches),
        (_("clocks that run again"), swept.resumed),
        (_("cases brought back"), swept.brought_back),
        (_("requests lapsed"), swept.lapsed),
        (_("reminders"), swept.timers),
        (_("sent"), swept.released),
        (_("answers overdue"), swept.tasks),
    )
    write_table((_("Done"), _("How many")), rows)
