"""`bdesk policy`: whose limits count in a store."""

from pathlib import Path
from typing import Annotated

import typer

from bdesk.cli.output import examples, new_app, write_changed, write_json, write_line
from bdesk.cli.session import As, acting
from bdesk.i18n import _

app = new_app()

AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON document."))]


@app.command(
    help=_(
        "Which limits the store has adopted, by whom and when, and whether the book on this machine holds "
        "others. Every desk reckons with the adopted ones."
    ),
    epilog=examples("bdesk policy show", "bdesk policy show --json --as 1000"),
)
def show(as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.cli.find import shown_at
    from bdesk.operations.policies import limits_state
    from bdesk.speech import speak

    with acting(as_) as ctx:
        found = limits_state(ctx.store)
    if as_json:
        write_json({"limits": found})
        return
    line = _(
        "Limits {version}, adopted by {by} at {at}.",
        version=found.version,
        by=found.adopted_by,
        at=shown_at(found.adopted_at),
    )
    write_line(line)
    if not found.same:
        write_line(speak("policy.differs", {"version": found.version}))


@app.command(
    help=_(
        "Make limits those of the store: FILE, or without it what the book on this machine holds (an own "
        "policies/limits.yaml before the packaged one). From then on every desk reckons with them; it is "
        "journalled and the text is kept. Only an administrator may."
    ),
    epilog=examples(
        "bdesk policy adopt",
        "bdesk policy adopt limits.yaml --as 1000",
        "BDESK_PASSWORD_FILE=~/.bdesk-admin bdesk policy adopt limits.yaml --as 1000 --json",
    ),
)
def adopt(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help=_("The limits, as YAML."))] = None,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.policies import adopt_limits

    with acting(as_) as ctx:
        changed = adopt_limits(ctx, file)
    write_changed(
        changed, as_json, {"limits": {**changed.params, "changed": changed.code == "policy.adopted"}}
    )
