"""`bdesk pack`: the evidence pack of a case as one file, for an outside body (AP12)."""

from pathlib import Path
from typing import Annotated

import typer

from bdesk.cli.output import examples, new_app, write_json, write_line
from bdesk.cli.session import As, acting
from bdesk.i18n import _

app = new_app()


@app.command(
    help=_(
        "Write the evidence pack of a case into one new file: order, payments, decisions with reasons, "
        "letters and the list of material, personal data masked. For a supervisor or above; it is on the "
        "record."
    ),
    epilog=examples(
        "bdesk pack KF2026111800001 --out pack.txt --as 2001",
        "bdesk pack KF2026111800001 --out pack.txt --json --as 2001",
    ),
)
def pack(
    number: Annotated[str, typer.Argument(metavar="NO", help=_("The case number or after-sales number."))],
    out: Annotated[Path, typer.Option(metavar="FILE", help=_("The file to write; it must not exist yet."))],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.errors import BadInput
    from bdesk.operations import packing
    from bdesk.operations.looking import case
    from bdesk.speech import speak

    if out.exists():
        raise BadInput("pack.file_exists", file=str(out))
    with acting(as_) as ctx:
        made = packing.pack(ctx, case.case_id(ctx, number))
    try:
        out.touch(mode=0o600, exist_ok=False)
        out.write_text(made.text, encoding="utf-8")
    except OSError as error:
        raise BadInput("pack.not_written", file=str(out), reason=error.strerror or "") from None
    if as_json:
        write_json({"case_no": made.case_no, "file": str(out), "sha256": made.digest})
    else:
        write_line(speak("pack.written", {"file": str(out), "sha256": made.digest}))
