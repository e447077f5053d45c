"""`bdesk doctor`: what could be wrong here, and what to do about it. It tells no secrets."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.output import examples, new_app, write_json, write_table
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.models.views.health import Check

app = new_app()

SMALLEST = (80, 24)


@app.command(
    help=_(
        "Look at the store, the disk, the terminal and this machine, and say what is not as it should be."
    ),
    epilog=examples("bdesk doctor", "bdesk doctor --json"),
)
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.cli.address import store_address
    from bdesk.data.health import checks
    from bdesk.models.views.health import Health
    from bdesk.speech import speak

    url = store_address(ask=False)
    found = [*checks(url), delivery_check(), locale_check(), terminal_check(), keyring_check()]
    if as_json:
        write_json(
            {
                "checks": [
                    {
                        "name": one.name,
                        "health": one.health,
                        "code": one.code,
                        "text": speak(one.code, one.params),
                    }
                    for one in found
                ]
            }
        )
    else:
        words = {Health.OK: _("ok"), Health.WARNING: _("careful"), Health.FAULT: _("wrong")}
        write_table(
            (_("What"), "", _("Finding")),
            [(name_of(one), words[one.health], speak(one.code, one.params)) for one in found],
        )
    if any(one.health is Health.FAULT for one in found):
        raise typer.Exit(1)


def name_of(check: "Check") -> str:
    """What was looked at, in words."""
    names = {
        "sqlite": _("SQLite"),
        "store": _("Store"),
        "permissions": _("Permissions"),
        "disk": _("Disk"),
        "journal": _("Journal"),
        "clock": _("Clock"),
        "book": _("Book"),
        "limits": _("Limits"),
        "calendar": _("Calendar"),
        "delivery": _("Delivery"),
        "locale": _("Locale"),
        "terminal": _("Terminal"),
        "keyring": _("Passwords"),
    }
    return names.get(check.name, check.name)


def delivery_check() -> "Check":
    """That refunds and letters reach nobody yet: a real store must not be taken for one that pays."""
    from bdesk.models.views.health import Check, Health

    return Check("delivery", Health.WARNING, "doctor.delivery_simulated", {})


def locale_check() -> "Check":
    """What the locale asks for; output is UTF-8 whatever it says (MEASURED, Locale)."""
    import codecs
    import locale

    from bdesk.models.views.health import Check, Health

    encoding = locale.getencoding()
    try:
        same = codecs.lookup(encoding).name in ("utf-8", "ascii")
    except LookupError:
        same = False
    code = "doctor.locale" if same else "doctor.locale_other"
    return Check("locale", Health.OK if same else Health.WARNING, code, {"encoding": encoding})


def terminal_check() -> "Check":
    """Whether the desk fits (UX: 80x24 and up)."""
    import os

    from bdesk.models.views.health import Check, Health

    try:
        size = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ is not None else 1)
    except (OSError, ValueError):
        return Check("terminal", Health.OK, "doctor.terminal_none")
    params: dict[str, object] = {"columns": size.columns, "lines": size.lines}
    if size.columns < SMALLEST[0] or size.lines < SMALLEST[1]:
        return Check("terminal", Health.WARNING, "doctor.terminal_small", params)
    return Check("terminal", Health.OK, "doctor.terminal", params)


def keyring_check() -> "Check":
    """What would keep a sign-in on this machine, by its name, and nothing of what it keeps."""
    from bdesk.models.views.health import Check, Health
    from bdesk.secrets import keyrings
    from bdesk.secrets.keyrings import State

    found = keyrings.look()
    params: dict[str, object] = {"backend": found.backend} if found.backend else {}
    if found.state is State.USABLE:
        return Check("keyring", Health.OK, "doctor.keyring", params)
    health = Health.OK if found.state is State.NONE else Health.WARNING
    return Check("keyring", health, f"doctor.keyring_{found.state.value}", params)
