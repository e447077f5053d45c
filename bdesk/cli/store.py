"""`bdesk store`: migrate, back up, restore, and what it is."""

from pathlib import Path
from typing import Annotated

import typer

from bdesk.cli.output import examples, new_app, write_json, write_line
from bdesk.cli.progress import bar
from bdesk.cli.store_password import app as password
from bdesk.i18n import _

app = new_app()
_Json = Annotated[bool, typer.Option("--json", help=_("One JSON document."))]


@app.command(
    help=_("Bring the store to the version this bdesk uses. A copy of a file is kept beside it first."),
    epilog=examples("bdesk store migrate", "bdesk store migrate --json"),
)
def migrate(as_json: _Json = False) -> None:
    from bdesk.cli.address import store_address
    from bdesk.data.copies import keep_aside
    from bdesk.data.migrations import HEAD
    from bdesk.data.store import migrate as bring_up
    from bdesk.data.store import revision_at

    url = store_address()
    kept = keep_aside(url) if revision_at(url) != HEAD else None
    before, after = bring_up(url)
    if as_json:
        write_json({"before": before, "after": after, "kept": kept})
    elif before == after:
        write_line(_("The store is up to date ({revision}).", revision=after))
    else:
        write_line(_("The store went from {before} to {after}.", before=before, after=after))
        if kept is not None:
            write_line(_("What it was is kept in {path}.", path=kept))


@app.command(
    help=_("Copy the store to a file while desks go on working on it."),
    epilog=examples("bdesk store backup /backup/desk-monday.db", "bdesk store backup desk.copy.db --force"),
)
def backup(
    path: Annotated[Path, typer.Argument(help=_("Where the copy goes."))],
    force: Annotated[bool, typer.Option("--force", help=_("Replace a file that is there."))] = False,
    as_json: _Json = False,
) -> None:
    from bdesk.cli.address import store_address
    from bdesk.data.copies import backup as copy

    with bar(_("Copying")) as progress:
        done = copy(store_address(), path, force=force, progress=progress)
    if as_json:
        write_json(done)
    else:
        write_line(_("{source} is copied to {target}.", source=done.source, target=done.target))


@app.command(
    help=_("Put a copy in the place of the store. A store that is there is kept beside it."),
    epilog=examples("bdesk store restore /backup/desk-monday.db", "bdesk store restore desk.copy.db --force"),
)
def restore(
    path: Annotated[Path, typer.Argument(help=_("The copy."))],
    force: Annotated[bool, typer.Option("--force", help=_("Even if a store is there."))] = False,
    as_json: _Json = False,
) -> None:
    from bdesk.cli.address import store_address
    from bdesk.data.copies import restore as put_back

    with bar(_("Copying")) as progress:
        done = put_back(store_address(), path, force=force, progress=progress)
    if as_json:
        write_json(done)
        return
    write_line(_("{target} is now the copy {source}.", target=done.target, source=done.source))
    if done.kept is not None:
        write_line(_("What it was is kept in {path}.", path=done.kept))


@app.command(
    help=_("What the store is and how much it holds."),
    epilog=examples("bdesk store info", "bdesk store info --json"),
)
def info(as_json: _Json = False) -> None:
    from bdesk.cli.address import store_address
    from bdesk.data.queries.store import figures_of
    from bdesk.data.store import open_store

    with open_store(store_address()) as store:
        found = figures_of(store)
    if as_json:
        write_json(found)
        return
    from bdesk.clock import to_local_iso

    kind = _("training") if found.info.training else _("real")
    write_line(f"{found.place}  {found.dialect}  {kind}  {found.info.revision}")
    now = found.now.replace(microsecond=0)
    write_line(_("Its time: {now}", now=to_local_iso(now)))
    write_line(
        _(
            "{open} open of {cases} cases, {orders} orders, {customers} customers, {staff} staff, "
            "{events} events",
            open=found.open_cases,
            cases=found.cases,
            orders=found.orders,
            customers=found.customers,
            staff=found.staff,
            events=found.events,
        )
    )


app.registered_commands += password.registered_commands
