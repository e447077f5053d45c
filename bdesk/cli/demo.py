"""`bdesk demo`: a throw-away training store, signed in, the queue open."""

from pathlib import Path
from typing import Annotated

import typer

from bdesk.cli.open import must_be_terminal, run_desk
from bdesk.cli.output import examples, new_app, write_line
from bdesk.i18n import _
from bdesk.models.kinds import Role

app = new_app()

FILE = "demo.db"


@app.command(
    help=_(
        "Try the desk: an invented shop in a temporary folder, you signed in, as its first agent or in "
        "another role."
    ),
    epilog=examples(
        "bdesk demo",
        "bdesk demo --role supervisor",
        "bdesk demo --scenario S8 --role supervisor",
        "bdesk demo --lang en --seed 7",
        "bdesk demo --keep",
    ),
)
def demo(
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=_("The language of the desk."))] = None,
    role: Annotated[
        Role, typer.Option(help=_("Who you are there; two terminals: --keep, then what it says at the end."))
    ] = Role.AGENT,
    scenario: Annotated[
        str | None, typer.Option(help=_("A scenario by itself (see bdesk seed); its clock and its hour."))
    ] = None,
    number: Annotated[int, typer.Option("--seed", help=_("The number everything is drawn from."))] = 1,
    now: Annotated[
        str | None, typer.Option(help=_("The store's present, ISO 8601 with offset; else this hour."))
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help=_("Keep the store, and say where it is at the end."))
    ] = False,
) -> int:
    import tempfile

    from bdesk.i18n import set_language

    must_be_terminal()
    if lang is not None:
        set_language(lang)
    if keep:
        return _run(Path(tempfile.mkdtemp(prefix="bdesk-demo-")), number, now, role, scenario, keep=True)
    with tempfile.TemporaryDirectory(prefix="bdesk-demo-", ignore_cleanup_errors=True) as folder:
        _clear_at_hang_up(Path(folder))
        return _run(Path(folder), number, now, role, scenario, keep=False)


def _clear_at_hang_up(folder: Path) -> None:
    """A terminal window that is closed leaves nothing behind either."""
    import os
    import shutil
    import signal

    def hung_up(number: int, _frame: object) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(128 + number)

    signal.signal(signal.SIGHUP, hung_up)


def make_demo(
    folder: Path, seed: int, now: str | None, role: Role = Role.AGENT, scenario: str | None = None
) -> tuple[str, str]:
    """Seed the store of a demo, or of a scenario by itself; returns its URL and the number of the first in
    that role. Raises BadInput("seed.scenario") for a scenario that is not there."""
    from bdesk.clock import from_iso
    from bdesk.training.seed import seed_store

    url = f"sqlite:///{folder / FILE}"
    report = seed_store(
        url,
        size="demo" if scenario is None else "empty",
        seed=seed,
        now=from_iso(now) if now is not None else None,
        scenario=scenario,
    )
    return url, next(one.number for one in report.logins if one.role == role.value)


def _run(folder: Path, seed: int, now: str | None, role: Role, scenario: str | None, *, keep: bool) -> int:
    from bdesk import settings
    from bdesk.data.book.book import load_book
    from bdesk.data.store import open_store
    from bdesk.operations.staff.people import find_actor

    url, number = make_demo(folder, seed, now, role, scenario)
    with open_store(url) as store:
        actor = find_actor(store, number)
        # Drafts of a demo go with it; the person's own stay where they are.
        code = run_desk(
            store, load_book(), actor, settings.load(), drafts_path=folder / "drafts.db", key_test=False
        )
    if keep:
        write_line(_("The store is {store}. Open it again with:", store=url))
        write_line(f"BDESK_STORE={url} bdesk --as {number}")
    return code
