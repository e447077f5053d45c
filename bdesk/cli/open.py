"""`bdesk open`, and plain `bdesk`: the desk itself."""

from typing import Annotated

import typer

from bdesk.cli.output import examples, new_app
from bdesk.cli.sitting import Sitting, desk_app, must_be_terminal, open_at, run_desk
from bdesk.i18n import _

__all__ = ["Sitting", "app", "desk_app", "must_be_terminal", "run_desk"]

app = new_app()


@app.command(
    help=_("Open the desk. A real store asks who you are; a training store takes --as NUMBER."),
    epilog=examples("bdesk", "bdesk open --as 1001", "bdesk open --lang en", "bdesk --as 1001 --lang zh"),
)
def open_desk(
    number: Annotated[
        str | None, typer.Option("--as", metavar="NUMBER", help=_("Who acts; in training stores only."))
    ] = None,
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=_("The language of the desk."))] = None,
) -> int:
    return open_at(number, lang)
