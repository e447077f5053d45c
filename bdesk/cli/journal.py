"""`bdesk journal`: whether what was written down still fits together."""

from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.output import examples, new_app, write_json, write_line
from bdesk.cli.progress import bar
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
    from bdesk.data.book.book import load_book
    from bdesk.data.store import open_store
    from bdesk.data.verify import verify as check
    from bdesk.paths import store_url

    with open_store(store_url()) as store, bar(_("Checking")) as progress:
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
