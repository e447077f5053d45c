"""`bdesk seed`: a training store from a number."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.output import examples, new_app, write_json, write_line, write_table
from bdesk.i18n import N_, _, language

if TYPE_CHECKING:
    from bdesk.training.coverage import Coverage
    from bdesk.training.report import Report

app = new_app()

LIST_NAMES = {
    "case kind": N_("Kind of case"),
    "case state": N_("State of case"),
    "clock state": N_("Clock"),
    "channel": N_("Channel"),
    "refund reason": N_("Refund reason"),
    "outcome": N_("Outcome"),
    "reject code": N_("Rejection"),
    "flag": N_("Flag"),
    "evidence": N_("Evidence"),
    "order status": N_("Order status"),
    "delay cause": N_("Cause of delay"),
    "return class": N_("Return class"),
    "payment method": N_("Payment method"),
    "payment state": N_("Payment"),
    "payment failure": N_("Payment failure"),
    "refund state": N_("Refund"),
    "parcel state": N_("Delivery"),
    "signed by": N_("Signed by"),
    "return kind": N_("Sent back for"),
    "freight": N_("Freight"),
    "inspection": N_("Inspection"),
    "task": N_("Task"),
    "approval": N_("Approval"),
    "promise": N_("Promise"),
    "freeze": N_("Freeze"),
    "wallet transaction": N_("Wallet transaction"),
}

TRAINS = {
    "S1": N_("a first refund, from start to finish"),
    "S1-reject": N_("a refusal with its rule and the next step"),
    "S1-call": N_("a call about a new matter"),
    "S2": N_("a parcel that is not late yet, and one that is"),
    "S3": N_("failed, charged or charged twice: three callers"),
    "S4": N_("seven days without a reason, and the exceptions"),
    "S5": N_("two contacts on one order, one compensation"),
    "S6": N_("an appeal over a holiday, decided by somebody else"),
    "S7": N_("a frozen wallet, two callers, two people who release it"),
    "S8": N_("a supervisor's hour in a surge, ten times as fast"),
}
"""What each scenario of the book trains."""


def _scenarios() -> tuple[str, ...]:
    """One example for each, with what it trains."""
    width = max(len(code) for code in TRAINS)
    return tuple(
        f"bdesk seed --size empty --scenario {code:<{width}}  # {_(what)}" for code, what in TRAINS.items()
    )


@app.command(
    help=_(
        "Make a training store: an invented shop, its customers, and a day of cases. The same seed and the "
        "same time give the same store."
    ),
    epilog=examples(
        "bdesk seed",
        "bdesk seed --size normal --seed 7 --now 2026-11-18T10:00+08:00",
        "bdesk seed --report --json",
        *_scenarios(),
    ),
)
def seed(
    size: Annotated[str, typer.Option(help=_("demo, normal, surge or empty."))] = "demo",
    number: Annotated[int, typer.Option("--seed", help=_("The number everything is drawn from."))] = 1,
    now: Annotated[
        str | None, typer.Option(help=_("The store's present, ISO 8601 with offset; else this hour."))
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help=_("A scenario to put in: one of those in the examples."))
    ] = None,
    rate: Annotated[
        int | None,
        typer.Option(help=_("How fast the store's clock runs: 0, 1 or 10; else as the scenario says.")),
    ] = None,
    reset: Annotated[
        bool, typer.Option("--reset", help=_("Replace the training store that is there."))
    ] = False,
    report: Annotated[
        bool,
        typer.Option("--report", help=_("Make nothing: say what the training store that is there holds.")),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.cli.address import store_address
    from bdesk.clock import from_iso
    from bdesk.training.seed import report_on, seed_store

    if report:
        found = report_on(store_address())
        write_json(found) if as_json else _show_coverage(found)
        return
    with _progress() as progress:
        made = seed_store(
            store_address(),
            size=size,
            seed=number,
            now=from_iso(now) if now is not None else None,
            scenario=scenario,
            reset=reset,
            rate=rate,
            progress=progress,
            steps=as_json,
        )
    if as_json:
        write_json(made)
    else:
        _show(made)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr, where there is a terminal to draw it on."""
    if not sys.stderr.isatty():
        yield lambda _phase, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    words = {"make": _("Inventing"), "fold": _("Counting clocks"), "write": _("Writing")}
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words["make"], total=1)

        def tell(phase: str, done: int, total: int) -> None:
            bar.update(task, description=words.get(phase, phase), completed=done, total=max(total, 1))

        yield tell


def _show(report: "Report") -> None:
    from bdesk.clock import to_local_iso

    write_line(
        _(
            "Training store {store}: size {size}, seed {seed}, its time {now}.",
            store=report.store,
            size=report.size,
            seed=report.seed,
            now=to_local_iso(report.now),
        )
    )
    if report.rows.get("work_case"):
        _show_coverage(report.coverage)
    _show_scenarios(report)
    _show_people(report)


def _show_scenarios(report: "Report") -> None:
    """What each trains and where it is; one that is not in this store is had by its name."""
    zh = language() == "zh"
    there = {one.code: one for one in report.scenarios}
    shown = []
    for code, what in TRAINS.items():
        one = there.get(code)
        place = "  ".join((*one.cases, *one.orders)) if one else f"--scenario {code}"
        shown.append((code, (one.zh if zh else one.en) if one else "", _(what), place))
    write_table((_("Scenario"), _("Title"), _("Trains"), _("Where")), shown)
    _show_callers(report)


def _show_callers(report: "Report") -> None:
    """What customers say when they are asked who they are: whoever plays them reads it here."""
    from bdesk.clock import LOCAL
    from bdesk.text import yuan

    rows = []
    for one in (caller for scenario in report.scenarios for caller in scenario.callers):
        phone = one.phone or ""
        if one.previous_phone:
            phone = _("{phone}, before {old}", phone=phone, old=one.previous_phone)
        who = (one.name, one.account, phone, one.city)
        for order in one.bought:
            paid = "  ".join(yuan(fen) for fen in order.paid_fen)
            rows.append((*who, order.order_no, order.placed_at.astimezone(LOCAL).date().isoformat(), paid))
            who = ("", "", "", "")
    if rows:
        write_line(_("What customers can say when they are asked, for whoever plays them:"))
        heads = (_("Customer"), _("Account"), _("Phone"), _("City"), _("Order"), _("Bought on"), _("Paid"))
        write_table(heads, rows)


def _show_coverage(coverage: "Coverage") -> None:
    """What is in the store, what is not, and where its edge cases are."""
    counts = [
        (_(LIST_NAMES[name]), _counted(name, values))
        for name, values in coverage.counts.items()
        if any(values.values())
    ]
    write_table((_("List"), _("How many")), counts)
    by_kind = [
        (
            _word("case kind", kind),
            _counted("case state", states),
            _counted("clock state", coverage.clocks[kind]),
        )
        for kind, states in coverage.states.items()
        if states
    ]
    write_table((_("Kind of case"), _("State of case"), _("Clock")), by_kind)
    if coverage.unreached:
        missing = [
            (_(LIST_NAMES[name]), "  ".join(_word(name, value) for value in values))
            for name, values in coverage.unreached.items()
        ]
        write_table((_("List"), _("In no case or fact of this store")), missing)
    if coverage.unreached_steps:
        steps = [
            (name, str(len(coverage.steps[name])), "  ".join(one))
            for name, one in coverage.unreached_steps.items()
        ]
        write_table((_("Procedure"), _("Steps"), _("Where no case stands")), steps)
    if coverage.edges:
        edges = [
            (
                one.code,
                _(one.name),
                "  ".join((*one.cases, *one.orders, *one.people)) or _("not in this store"),
            )
            for one in coverage.edges
        ]
        write_table((_("Edge case"), _("What it is"), _("Where")), edges)


def _counted(name: str, values: "Mapping[str, int]") -> str:
    return "  ".join(f"{_word(name, value)} {count}" for value, count in values.items() if count)


def _show_people(report: "Report") -> None:
    from bdesk.models.kinds import Role
    from bdesk.models.labels import label_of

    people = [(one.number, one.name, label_of(Role, one.role)) for one in report.logins[:8]]
    write_table((_("Staff number"), _("Person"), _("Role")), people)
    if len(report.logins) > len(people):
        write_line(_("... and {count} more.", count=len(report.logins) - len(people)))
    write_line(_("Everybody's training password: {password}", password=report.password))


def _word(name: str, value: str) -> str:
    from bdesk.models.labels import label_of
    from bdesk.training.coverage import LISTS

    return label_of(LISTS[name], value)
