"""`bdesk journal`: whether what was written down still fits together, and erasing a text from it."""

from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.find import shown_at
from bdesk.cli.output import examples, new_app, write_changed, write_json, write_line, write_table
from bdesk.cli.progress import bar
from bdesk.cli.session import As, acting
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.models.views.verdict import Verdict

app = new_app()


@app.command(
    help=_(
        "Check every event, the chains they form, and the clocks that follow from them. Names the first "
        "event that does not fit. This shows damage; it does not stop somebody who may write the file."
    ),
    epilog=examples("bdesk journal verify", "bdesk journal verify --json"),
)
def verify(
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.cli.address import store_address
    from bdesk.data.book.book import load_book
    from bdesk.data.store import open_store
    from bdesk.data.verify import verify as check

    with open_store(store_address()) as store, bar(_("Checking")) as progress:
        verdict = check(store, load_book(), progress=progress)
    if as_json:
        write_json(
            {
                "ok": verdict.ok,
                "events": verdict.events,
                "streams": verdict.streams,
                "first_fault": verdict.first_fault,
                "faults": verdict.faults,
            }
        )
    elif verdict.ok:
        write_line(
            _(
                "{events} events in {streams} streams fit together.",
                events=verdict.events,
                streams=verdict.streams,
            )
        )
    else:
        _say(verdict)
    if not verdict.ok:
        raise typer.Exit(1)


def _say(verdict: "Verdict") -> None:
    from bdesk.speech import speak

    first = verdict.first_fault
    assert first is not None
    write_line(
        _(
            "The first event that does not fit: {event} (number {sequence} of {stream} {id}): {why}",
            event=first.event_id,
            sequence=first.sequence,
            stream=first.stream,
            id=first.stream_id,
            why=speak(f"journal.{first.code}"),
        )
    )
    if len(verdict.faults) > 1:
        write_line(_("{count} streams do not fit; --json lists them.", count=len(verdict.faults)))


@app.command(
    help=_("List the texts kept for a case with their numbers, for erasing one. For supervisors and above."),
    epilog=examples(
        "bdesk journal texts KF2026111800001 --as 2001", "bdesk journal texts KF2026111800001 --json"
    ),
)
def texts(
    number: Annotated[str, typer.Argument(metavar="NO", help=_("The case number or after-sales number."))],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations.looking import case
    from bdesk.operations.looking.texts import texts_of

    with acting(as_) as ctx:
        found = texts_of(ctx, case.case_id(ctx, number))
    if as_json:
        write_json({"texts": found})
    elif not found:
        write_line(_("No text is kept."))
    else:
        rows = [
            (one.id, one.kind, one.by, shown_at(one.at), _("erased") if one.erased else one.words)
            for one in found
        ]
        write_table(("ID", _("Kind"), _("By"), _("At"), _("Text")), rows)


@app.command(
    help=_(
        "Erase a text for retention or on a person's right. The journal keeps that it was there, who erased "
        "it and why; verify accepts it. For supervisors and above; there is no way back."
    ),
    epilog=examples('bdesk journal erase 41 --reason "客户要求删除" --as 2001'),
)
def erase(
    number: Annotated[int, typer.Argument(metavar="ID", help=_("The number that `journal texts` shows."))],
    reason: Annotated[str, typer.Option(metavar="WORDS", help=_("Why; kept in the journal."))],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations.notes import erase_text

    with acting(as_) as ctx:
        changed = erase_text(ctx, number, reason)
    write_changed(changed, as_json, {"id": number, "case_no": changed.case_no, "erased": True})
