"""`bdesk case VERB`: what supervisors and managers do on cases that others hold."""

from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.output import examples, new_app, write_changed, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.models.views.changed import Changed
    from bdesk.operations.context import Context
    from bdesk.operations.supervising.broadcasting import Broadcast
    from bdesk.operations.supervising.migrating import Preview
    from bdesk.operations.supervising.replays import ClockChange

app = new_app()

Number = Annotated[str, typer.Argument(metavar="NO", help=_("The case number or after-sales number."))]
Reason = Annotated[str, typer.Argument(metavar="WORDS", help=_("Why; it stays on the record of the case."))]
AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON document."))]


@app.command(
    help=_("Give an open case to a named person; its clocks run on. For supervisors and managers."),
    epilog=examples(
        'bdesk case reassign KF2026111800001 1002 "林晓请假" --as 2001',
        'bdesk case reassign KF2026111800001 1002 "on leave" --json --as 2001',
    ),
)
def reassign(
    number: Number,
    person: Annotated[str, typer.Argument(metavar="PERSON", help=_("The staff number of who gets it."))],
    reason: Reason,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.supervising import reassigning

    with acting(as_) as ctx:
        changed = reassigning.reassign(ctx, _id(ctx, number), person, reason)
    _say(changed, as_json, {"person": person})


@app.command(
    "take-over",
    help=_("Take a case from the colleague who holds it. For supervisors and managers."),
    epilog=examples(
        'bdesk case take-over KF2026111800001 "客户等得太久" --as 2001',
        'bdesk case take-over KF2026111800001 "waited too long" --json --as 2001',
    ),
)
def take_over(number: Number, reason: Reason, as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.operations.supervising import reassigning

    with acting(as_) as ctx:
        changed = reassigning.take_over(ctx, _id(ctx, number), reason)
    _say(changed, as_json)


@app.command(
    help=_(
        "Merge an open case into another one of the same customer or order, with its clocks, contacts and "
        "promises. Refused while its money or goods are on their way. For supervisors and managers."
    ),
    epilog=examples(
        'bdesk case merge KF2026111800002 KF2026111800001 "同一件事" --as 2001',
        'bdesk case merge KF2026111800002 KF2026111800001 "the same matter" --json --as 2001',
    ),
)
def merge(
    number: Number,
    into: Annotated[str, typer.Argument(metavar="INTO", help=_("The number of the case that goes on."))],
    reason: Reason,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.supervising.merging import merge_into

    with acting(as_) as ctx:
        changed = merge_into(ctx, _id(ctx, number), into, reason)
    _say(changed, as_json, {"into": changed.params["into"]})


@app.command(
    help=_(
        "Make an open case one of another kind, from its original start. For supervisors and managers, "
        "whoever holds it."
    ),
    epilog=examples(
        'bdesk case kind KF2026111800001 complaint "投诉的是服务" --as 2001',
        'bdesk case kind KF2026111800001 complaint "it is about service" --json --as 2001',
    ),
)
def kind(
    number: Number,
    becomes: Annotated[str, typer.Argument(metavar="KIND", help=_("The kind's code, such as complaint."))],
    reason: Reason,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.supervising.kinds import set_kind

    with acting(as_) as ctx:
        changed = set_kind(ctx, _id(ctx, number), becomes, reason)
    _say(changed, as_json, {"kind": changed.params["to"]})


@app.command(
    help=_(
        "Give an open case another priority, 1 the highest, 4 the lowest; its clocks go on from their start. "
        "A lower one takes WORDS. For whoever holds it, and supervisors."
    ),
    epilog=examples(
        "bdesk case priority KF2026111800001 1 --preview --as 1001",
        'bdesk case priority KF2026111800001 1 "客户住院" --as 1001',
        'bdesk case priority KF2026111800001 4 "only a suggestion" --json --as 2001',
    ),
)
def priority(
    number: Number,
    becomes: Annotated[int, typer.Argument(metavar="PRIORITY", help=_("From 1 to 4."))],
    reason: Annotated[
        str, typer.Argument(metavar="[WORDS]", help=_("Why; it stays on the record of the case."))
    ] = "",
    only_preview: Annotated[
        bool, typer.Option("--preview", help=_("Only show what it would do to the due times."))
    ] = False,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations import priority as priorities

    with acting(as_) as ctx:
        if only_preview:
            found = priorities.preview(ctx, _id(ctx, number), becomes)
            _write_dues(ctx, number, found, as_json)
            return
        changed = priorities.set_priority(ctx, _id(ctx, number), becomes, reason)
    _say(changed, as_json, {"priority": becomes})


@app.command(
    help=_(
        "The same closed case again, also after thirty days, when others open a new one. For supervisors "
        "and managers."
    ),
    epilog=examples(
        'bdesk case reopen KF2026111800001 "银行退票" --as 2001',
        'bdesk case reopen KF2026111800001 "returned by the bank" --json --as 2001',
    ),
)
def reopen(number: Number, reason: Reason, as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.operations.reopening import reopen_late

    with acting(as_) as ctx:
        changed = reopen_late(ctx, _id(ctx, number), reason)
    _say(changed, as_json, {"cycle": changed.params["cycle"]})


@app.command(
    help=_(
        "Move an open case to the rules in use now. Without WORDS it only shows what would change: due "
        "times, the step, answers that fall away. For supervisors and managers."
    ),
    epilog=examples(
        "bdesk case migrate KF2026111800001 --as 2001",
        "bdesk case migrate KF2026111800001 --json --as 2001",
        'bdesk case migrate KF2026111800001 "新政策即日适用" --as 2001',
    ),
)
def migrate(
    number: Number,
    reason: Annotated[
        str | None, typer.Argument(metavar="[WORDS]", help=_("Why; without it nothing is changed."))
    ] = None,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.supervising import migrating

    with acting(as_) as ctx:
        if reason is None:
            found = migrating.preview(ctx, _id(ctx, number))
            _write_preview(ctx, found, as_json)
            return
        changed = migrating.migrate(ctx, _id(ctx, number), reason)
    _say(changed, as_json, {"version": changed.params["version"]})


@app.command(
    help=_(
        "Keep one note on many cases, such as an outage of the warehouse. A case that is closed or not "
        "there is named and skipped; the exit code is 1 then. For supervisors and managers."
    ),
    epilog=examples(
        'bdesk case broadcast "苏州仓停电，今天的包裹晚一天发" KF2026111800001 KF2026111800002 --as 2001',
        'bdesk case broadcast "one day late" KF2026111800001 KF2026111800002 --json --as 2001',
    ),
)
def broadcast(
    words: Annotated[str, typer.Argument(metavar="WORDS", help=_("The note."))],
    numbers: Annotated[list[str], typer.Argument(metavar="NO...", help=_("The numbers of the cases."))],
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.supervising import broadcasting

    with acting(as_) as ctx:
        named = {number: _found(ctx, number) for number in numbers}
        known = [case_id for case_id in named.values() if case_id is not None]
        done = broadcasting.broadcast(ctx, known, words)
    unknown = [number for number, case_id in named.items() if case_id is None]
    _write_broadcast(done, unknown, as_json)
    if unknown or any(one.refused is not None for one in done.told):
        raise typer.Exit(1)


@app.command(
    help=_(
        "Mark a breach of a case as excused, with who and why. It stays a breach, and the mark is never "
        "taken back. For supervisors and managers who did not hold the case then."
    ),
    epilog=examples(
        'bdesk case excuse KF2026111800001 退款审核 "支付系统故障" --as 2001',
        'bdesk case excuse KF2026111800001 refund_review "outage" --cycle 1 --number 1 --json --as 2001',
    ),
)
def excuse(
    number: Number,
    clock: Annotated[
        str, typer.Argument(metavar="CLOCK", help=_("The clock's name as the desk shows it, or its code."))
    ],
    reason: Reason,
    cycle: Annotated[
        int | None, typer.Option(help=_("The cycle of the clock; else the newest late one."))
    ] = None,
    which: Annotated[
        int | None, typer.Option("--number", help=_("Which of its kind; else the newest late one."))
    ] = None,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations.looking.clocks import clock_named, explain_case
    from bdesk.operations.supervising import excusing

    with acting(as_) as ctx:
        case_id = _id(ctx, number)
        found = explain_case(ctx, case_id)
        clock = clock_named(found, clock, late=True)
        late = [
            (one.reading.cycle, one.reading.number)
            for one in found.clocks
            if one.reading.kind == clock
            and one.reading.breached_at is not None
            and cycle in (None, one.reading.cycle)
            and which in (None, one.reading.number)
        ]
        newest = max(late, default=(cycle or 1, which or 1))
        changed = excusing.excuse(ctx, case_id, clock, *newest, reason)
    _say(changed, as_json, {"clock": clock, "cycle": newest[0], "number": newest[1]})


def _id(ctx: "Context", number: str) -> int:
    from bdesk.operations.looking import case

    return case.case_id(ctx, number)


def _found(ctx: "Context", number: str) -> int | None:
    from bdesk.errors import NotFound

    try:
        return _id(ctx, number)
    except NotFound:
        return None


def _say(changed: "Changed", as_json: bool, more: dict[str, object] | None = None) -> None:
    write_changed(changed, as_json, {"case_no": changed.case_no, **(more or {})})


def _write_broadcast(done: "Broadcast", unknown: list[str], as_json: bool) -> None:
    from bdesk.errors import NotFound
    from bdesk.speech import speak, speak_error

    items = [(one.case_no, one.refused) for one in done.told]
    items += [(number, NotFound("case", number)) for number in unknown]
    if as_json:
        cases = [
            {"case_no": number, "told": refused is None, "why": None if refused is None else refused.code}
            for number, refused in items
        ]
        write_json({"cases": cases})
        return
    for number, refused in items:
        if refused is not None:
            write_line(f"{number}  {speak_error(refused)}")
    skipped = sum(refused is not None for _number, refused in items)
    code = "case.broadcast_some" if skipped else "case.broadcast"
    write_line(speak(code, {"count": len(items) - skipped, "skipped": skipped}))


def _write_preview(ctx: "Context", found: "Preview", as_json: bool) -> None:
    from bdesk.cli.find import shown_at
    from bdesk.i18n import language
    from bdesk.speech import speak

    if as_json:
        write_json(
            {
                "case_no": found.case_no,
                "versions": found.versions,
                "clocks": found.clocks,
                "step": {"was": found.step_was, "becomes": found.step},
                "answers": [
                    {"step": one.step, "option": one.option, "by": one.by, "at": one.at}
                    for one in found.falls
                ],
                "refused": found.refused or None,
            }
        )
        return
    lang = language()
    for version in found.versions:
        name = speak(f"pinned.{version.what}")
        write_line(f"{name}  {version.was or '-'} → {version.becomes}")
    for clock in found.clocks:
        write_line(_due_line(ctx, clock))
    nowhere = _("The procedure is at its end.")
    write_line(f"{_('Step')}  {found.title_was.get(lang) or nowhere} → {found.title.get(lang) or nowhere}")
    if found.falls:
        rows = [(one.title.get(lang), one.label.get(lang), one.by, shown_at(one.at)) for one in found.falls]
        write_table((_("Asked again"), _("Answer"), _("By"), _("At")), rows)
    if found.refused:
        write_line(speak(found.refused, {"case_no": found.case_no}))


def _late(late: bool) -> str:
    return f" ({_('overdue at once')})" if late else ""


def _due_line(ctx: "Context", clock: "ClockChange") -> str:
    from bdesk.cli.find import shown_at
    from bdesk.i18n import language

    kind = ctx.book.clock_kinds.get(clock.clock)
    name = clock.clock if kind is None else kind.name.in_(language())
    was, becomes = ("-" if one is None else shown_at(one) for one in (clock.was, clock.becomes))
    return f"{name}  {was} → {becomes}{_late(clock.late)}"


def _write_dues(ctx: "Context", number: str, found: "tuple[ClockChange, ...]", as_json: bool) -> None:
    if as_json:
        write_json({"case_no": number, "clocks": found})
        return
    for clock in found:
        write_line(_due_line(ctx, clock))
    if not found:
        write_line(_("No due time changes."))
