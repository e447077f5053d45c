"""`bdesk verification`: what became of a one-time code, and lifting the lock of failed checks."""

from typing import Annotated

import typer

from bdesk.cli.output import examples, new_app, write_changed
from bdesk.cli.session import As, acting
from bdesk.i18n import _

app = new_app()


@app.command(
    help=_(
        "What became of the one-time code of a case: the system that sent it says so, under the number of an "
        "administrator. In a training store anybody plays it."
    ),
    epilog=examples(
        "bdesk verification code KF2026111800001 passed --as 9001",
        "bdesk verification code KF2026111800001 failed --json --as 9001",
    ),
)
def code(
    number: Annotated[str, typer.Argument(metavar="NO", help=_("The case number or after-sales number."))],
    result: Annotated[str, typer.Argument(metavar="RESULT", help=_("passed, failed or timed_out."))],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations.codes import code_result
    from bdesk.operations.looking import case

    with acting(as_) as ctx:
        changed = code_result(ctx, case.case_id(ctx, number), result)
    write_changed(changed, as_json, {"case_no": changed.case_no, "result": changed.params["result"]})


@app.command(
    help=_(
        "Void the failed checks of a case's customer, with the reason: the lock is lifted on every channel. "
        "For supervisors, and never for whoever took one of the answers."
    ),
    epilog=examples(
        'bdesk verification void KF2026111800001 "坐席听错尾号" --as 2001',
        'bdesk verification void KF2026111800001 "misheard" --json --as 2001',
    ),
)
def void(
    number: Annotated[str, typer.Argument(metavar="NO", help=_("The case number or after-sales number."))],
    reason: Annotated[str, typer.Argument(metavar="WORDS", help=_("Why they do not count."))],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations.looking import case
    from bdesk.operations.voiding import void_failures

    with acting(as_) as ctx:
        changed = void_failures(ctx, case.case_id(ctx, number), reason)
    write_changed(changed, as_json, {"case_no": changed.case_no, "voided": changed.params["count"]})
