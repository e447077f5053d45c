"""`bdesk keys`: the key map, as it is with the person's own changes."""

from typing import Annotated

import typer

from bdesk import keys, settings
from bdesk.cli.output import examples, new_app, write_json, write_table
from bdesk.i18n import _

app = new_app()


@app.command(
    help=_(
        "Show every key of the desk, by screen. Your own keys go into settings.toml under [keymap], "
        'like: queue.call = "f5,m"'
    ),
    epilog=examples("bdesk keys", "bdesk keys --screen case", "bdesk keys --json"),
)
def show(
    screen: Annotated[keys.Context | None, typer.Option(help=_("Only this screen."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    own = settings.load().keymap
    wanted = [key for key in keys.KEYS if screen is None or key.context is screen]
    if as_json:
        write_json(
            {
                "keys": [
                    {
                        "id": key.id,
                        "keys": keys.keys_for(key.id, own),
                        "label": _(key.label),
                        "movable": key.movable,
                    }
                    for key in wanted
                ]
            }
        )
        return
    rows = [(key.id, _shown(key, own), _(key.label)) for key in wanted]
    write_table((_("Binding"), _("Keys"), _("What it does")), rows)


def _shown(key: keys.Key, own: keys.Keymap) -> str:
    # The full-width twins work as well, and listing them would only confuse.
    names = keys.keys_for(key.id, own)
    twins = {twin for name in names for twin in keys.twins(name)}
    return "  ".join(keys.shown(name) for name in names if name not in twins)
