"""`bdesk message`: what customers write on cases that are there, and that no answer is needed."""

from typing import Annotated

import typer

from bdesk.cli.output import examples, new_app, write_changed
from bdesk.cli.session import As, acting
from bdesk.i18n import _

app = new_app()

Number = Annotated[str, typer.Argument(metavar="NO", help=_("The case number or after-sales number."))]
Words = Annotated[str, typer.Argument(metavar="WORDS", help=_("What was written, or why none is needed."))]
AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON document."))]


@app.command(
    help=_("Keep a message of a customer on an open case: stopped clocks run on, and an answer is owed."),
    epilog=examples(
        'bdesk message receive KF2026111800001 "请问什么时候到账" --as 1001',
        'bdesk message receive KF2026111800001 "Any news?" --channel web_chat --json',
    ),
)
def receive(
    number: Number,
    words: Words,
    channel: Annotated[str, typer.Option(metavar="CODE", help=_("email, web_chat, app_chat ..."))] = "email",
    at: Annotated[
        str | None, typer.Option("--at", help=_("When it came: ISO 8601 with an offset; else now."))
    ] = None,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.clock import from_iso
    from bdesk.errors import BadInput
    from bdesk.models.kinds import Channel
    from bdesk.operations.looking import case
    from bdesk.operations.messages import receive as keep

    if channel not in {one.value for one in Channel}:
        raise BadInput("message.channel", channel=channel, known=", ".join(Channel))
    came = from_iso(at) if at is not None else None
    with acting(as_) as ctx:
        changed = keep(ctx, case.case_id(ctx, number), words, Channel(channel), came)
    write_changed(changed, as_json, {"case_no": changed.case_no, "channel": channel})


@app.command(
    help=_("Say that a customer's message needs no answer, and why. The next response is not owed any more."),
    epilog=examples(
        'bdesk message settle KF2026111800001 "客户只是致谢" --as 1001',
        'bdesk message settle KF2026111800001 "Thanks only" --json --as 1001',
    ),
)
def settle(number: Number, words: Words, as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.operations.looking import case
    from bdesk.operations.messages import no_reply_needed

    with acting(as_) as ctx:
        changed = no_reply_needed(ctx, case.case_id(ctx, number), words)
    write_changed(changed, as_json, {"case_no": changed.case_no, "settled": True})
