"""`bdesk promise`: what was promised to customers and is owed."""

from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.find import shown_at
from bdesk.cli.output import examples, new_app, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.models.views.promised import PromisedRow

app = new_app()

AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON document."))]


@app.callback(help=_("What somebody promised for today: list"))
def main() -> None:
    """A command with verbs, of which there is one."""


@app.command(
    "list",
    help=_(
        "List what you promised, or owe as who holds the case, for today or late; the earliest at the top."
    ),
    epilog=examples("bdesk promise list --as 1001", "bdesk promise list --json --as 1001"),
)
def list_owed(as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.models.labels import label
    from bdesk.operations.looking import promises

    with acting(as_) as ctx:
        found = promises.for_today(ctx)
        now = ctx.now()
    if as_json:
        write_json({"promises": [_document(one) for one in found]})
    elif not found:
        write_line(_("Nothing more is promised for today"))
    else:
        headings = ("ID", _("Due at"), "", _("Promise"), _("Customer"), _("Case"), _("Kind"))
        rows = [
            (
                row.promise_id,
                shown_at(row.due_at),
                _("overdue") if row.due_at < now else "",
                row.words or _("erased"),
                row.customer,
                row.case_no,
                label(row.case_kind),
            )
            for row in found
        ]
        write_table(headings, rows)


def _document(row: "PromisedRow") -> dict[str, object]:
    return {
        "id": row.promise_id,
        "clock": row.kind,
        "words": row.words,
        "due_at": row.due_at,
        "stopped": row.stopped,
        "case_no": row.case_no,
        "kind": row.case_kind,
        "customer": row.customer,
        "made_by": row.made_by,
        "owner": row.owner,
    }
