"""`bdesk target`: the hook of the secure form by which a customer registers another refund target (RF9a)."""

from typing import Annotated

import typer

from bdesk.cli.output import examples, new_app, write_changed
from bdesk.cli.session import As, acting
from bdesk.i18n import _

app = new_app()


@app.command(
    help=_(
        "Note that the customer registered another refund target by the secure form. Only what may be shown "
        "of it is kept, such as a bank and the last digits; a whole number is refused."
    ),
    epilog=examples(
        'bdesk target KF2026111800001 "工商银行 尾号 0123" --as 1001',
        'bdesk target KF2026111800001 "ICBC, tail 0123" --json --as 1001',
    ),
)
def register(
    number: Annotated[str, typer.Argument(metavar="NO", help=_("The case number or after-sales number."))],
    shown: Annotated[str, typer.Argument(metavar="WORDS", help=_("The bank and the last digits."))],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations.evidence import register_target
    from bdesk.operations.looking import case

    with acting(as_) as ctx:
        changed = register_target(ctx, case.case_id(ctx, number), shown)
    write_changed(changed, as_json, {"case_no": changed.case_no, "registered": True})
