"""`bdesk call`: the hook of a telephone system."""

from typing import Annotated

import typer

from bdesk.cli.output import examples, new_app, write_changed
from bdesk.cli.session import As, acting
from bdesk.i18n import _

app = new_app()


@app.callback(help=_("Calls: let one ring at a desk"))
def call() -> None:
    """Keeps `ring` a verb while it is the only one."""


@app.command(
    help=_(
        "Let a call ring at somebody's desk: their F9 takes it. For telephone systems, under an "
        "administrator's number, and in a training store for practice."
    ),
    epilog=examples("bdesk call ring 13800006621 --to 1001 --as 1000", "bdesk call ring - --to 1001 --json"),
)
def ring(
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help=_("The caller's number; - when it is withheld."))
    ],
    to: Annotated[str, typer.Option(metavar="AGENT", help=_("Whose desk it rings at: a staff number."))],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations import calls
    from bdesk.rules.masking import mask_phone

    with acting(as_) as ctx:
        changed = calls.ring(ctx, "" if number == "-" else number, to)
    write_changed(changed, as_json, {"rang": True, "to": changed.params["to"], "number": mask_phone(number)})
