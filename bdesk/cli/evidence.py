"""`bdesk evidence`: material that arrives by mail, by post or from another system, and looking at it."""

from typing import Annotated

import typer

from bdesk.cli.output import examples, new_app, write_changed, write_json, write_line
from bdesk.cli.session import As, acting
from bdesk.i18n import _

app = new_app()


@app.command(
    help=_("Add a piece of evidence to a case: a customer's event, so a clock that waited for it runs on."),
    epilog=examples(
        "bdesk evidence add KF2026111800001 --kind photo --address /srv/mail/1.jpg --as 1001",
        "bdesk evidence add KF2026111800001 --kind statement --address https://files.example.com/2 --json",
    ),
)
def add(
    number: Annotated[str, typer.Argument(metavar="NO", help=_("The case number or after-sales number."))],
    kind: Annotated[str, typer.Option(metavar="KIND", help=_("photo, video, statement, waybill_label ..."))],
    address: Annotated[str, typer.Option(metavar="ADDRESS", help=_("Where it can be opened."))],
    name: Annotated[
        str, typer.Option(metavar="NAME", help=_("Its file name; else taken from the address."))
    ] = "",
    size: Annotated[int, typer.Option(metavar="BYTES", min=0, help=_("Its size."))] = 0,
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.errors import BadInput
    from bdesk.models.kinds import EvidenceKind
    from bdesk.operations.evidence import add_evidence
    from bdesk.operations.looking import case

    if kind not in {one.value for one in EvidenceKind}:
        raise BadInput("evidence.kind", kind=kind, known=", ".join(EvidenceKind))
    with acting(as_) as ctx:
        title = name or address.rstrip("/").rpartition("/")[2]
        changed = add_evidence(ctx, case.case_id(ctx, number), EvidenceKind(kind), title, address, size)
    write_changed(
        changed, as_json, {"case_no": changed.case_no, "number": changed.params["number"], "kind": kind}
    )


@app.command(
    help=_(
        "Where a piece of evidence can be opened, noting that you looked at it: documents are passed by "
        "somebody who has opened every one."
    ),
    epilog=examples(
        "bdesk evidence look KF2026111800001 2 --as 2001",
        "bdesk evidence look KF2026111800001 2 --json --as 2001",
    ),
)
def look(
    number: Annotated[str, typer.Argument(metavar="NO", help=_("The case number or after-sales number."))],
    piece: Annotated[int, typer.Argument(metavar="PIECE", min=1, help=_("Its number on the case."))],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.errors import NotAllowed
    from bdesk.models.labels import label
    from bdesk.operations.evidence import look_at
    from bdesk.operations.looking import case
    from bdesk.text import clean

    with acting(as_) as ctx:
        page = case.case_page(ctx, case.case_id(ctx, number))
        found = next((one for one in page.standing.snapshot.evidence if one.number == piece), None)
        if found is None:
            raise NotAllowed("evidence.unknown", number=piece)
        look_at(ctx, found.id)
    if as_json:
        write_json({"number": piece, "kind": found.kind.value, "address": found.address})
    else:
        write_line(f"{label(found.kind)}  {clean(found.address)}")
