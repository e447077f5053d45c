"""`bdesk clock`: when a clock is due, and why."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.output import examples, new_app, write_changed, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.operations.looking.clocks import CaseClocks
    from bdesk.rules.clock import Calendar, ClockKind, Due, Excuse, Line, Segment

app = new_app()


@app.command(
    help=_("Count when a clock is due that starts at a given time and is never stopped."),
    epilog=examples(
        "bdesk clock due --clock refund_review --from 2026-09-30T16:30+08:00",
        "bdesk clock due --clock return_window --from 2026-10-01T10:00+08:00 --set window_days=14 --json",
    ),
)
def due(
    clock: Annotated[str, typer.Option(help=_("The clock's code, such as refund_review."))],
    start: Annotated[str, typer.Option("--from", help=_("When it starts: ISO 8601 with an offset."))],
    settings: Annotated[
        list[str] | None, typer.Option("--set", help=_("What the case says about it: NAME=VALUE."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.clock import from_iso
    from bdesk.data.book.clocks import load_clocks
    from bdesk.errors import BadInput
    from bdesk.rules.clock import due as count_due
    from bdesk.rules.clock import target_of

    start_at, params = from_iso(start), _settings(settings or ())
    book = load_clocks()
    kind = book.kinds.get(clock)
    if kind is None:
        raise BadInput("clock.unknown", clock=clock)
    calendar = book.calendars[target_of(kind, params).length.calendar]
    counted = count_due(kind, calendar, start_at, params)
    if as_json:
        write_json(due_document(counted))
        return
    _write_due(kind, calendar, counted, params)


def _settings(given: Iterable[str]) -> dict[str, str]:
    from bdesk.errors import BadInput

    params: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise BadInput("clock.bad_pair", text=text)
        params[name.strip()] = value.strip()
    return params


@app.command(
    help=_("Explain every clock of a case: each stretch, what was skipped and why, the sum, the versions."),
    epilog=examples(
        "bdesk clock explain KF2026111800001 --as 1001",
        "bdesk clock explain KF2026111800001 --json --as 1001",
    ),
)
def explain(
    number: Annotated[str, typer.Argument(metavar="CASE", help=_("The case number or after-sales number."))],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations.looking import case, clocks

    with acting(as_) as ctx:
        found = clocks.explain_case(ctx, case.case_id(ctx, number))
    if as_json:
        write_json(_case_document(found))
        return
    if not found.clocks:
        write_line(_("Case {case_no} has no clocks.", case_no=found.case_no))
    for place, one in enumerate(found.clocks):
        if place:
            write_line("")
        for line in explain_lines(one.lines):
            write_line(line)


@app.command(
    help=_("Give a clock of a case another due time, with the reason; a second time for a supervisor only."),
    epilog=examples(
        'bdesk clock extend KF2026111800001 appeal_final "多方核实" --as 1001',
        'bdesk clock extend KF2026111800001 appeal_final "expert" --until 2026-11-27T18:00+08:00 --json',
    ),
)
def extend(
    number: Annotated[str, typer.Argument(metavar="CASE", help=_("The case number or after-sales number."))],
    clock: Annotated[
        str, typer.Argument(metavar="CLOCK", help=_("The clock's name as the desk shows it, or its code."))
    ],
    reason: Annotated[str, typer.Argument(metavar="WORDS", help=_("Why it takes longer."))],
    until: Annotated[
        str | None, typer.Option("--until", help=_("ISO 8601 with an offset; else what one extension gives."))
    ] = None,
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.clock import from_iso
    from bdesk.operations.extending import extend as extend_clock
    from bdesk.operations.looking import case, clocks

    later = from_iso(until) if until is not None else None
    with acting(as_) as ctx:
        case_id = case.case_id(ctx, number)
        clock = clocks.clock_named(clocks.explain_case(ctx, case_id), clock)
        changed = extend_clock(ctx, case_id, clock, reason, later)
    write_changed(
        changed, as_json, {"case_no": changed.case_no, "clock": clock, "due_at": changed.params["due_at"]}
    )


@app.command(
    help=_("Promise the customer of a case something by a time; it runs a clock of its own."),
    epilog=examples(
        'bdesk clock promise KF2026111800001 "回复退款进度" --by 2026-11-19T18:00+08:00 --as 1001',
        'bdesk clock promise KF2026111800001 "ring back" --by 2026-11-19T10:00+08:00 --call-back --json',
    ),
)
def promise(
    number: Annotated[str, typer.Argument(metavar="CASE", help=_("The case number or after-sales number."))],
    words: Annotated[str, typer.Argument(metavar="WORDS", help=_("What is promised."))],
    by: Annotated[str, typer.Option("--by", help=_("By when: ISO 8601 with an offset."))],
    call_back: Annotated[bool, typer.Option("--call-back", help=_("It is a call back."))] = False,
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.clock import from_iso
    from bdesk.operations import promises
    from bdesk.operations.looking import case

    kind = promises.CALL_BACK if call_back else promises.PROMISE
    with acting(as_) as ctx:
        changed = promises.make(ctx, case.case_id(ctx, number), words, from_iso(by), kind)
    write_changed(
        changed, as_json, {"case_no": changed.case_no, "clock": kind, "due_at": changed.params["due_at"]}
    )


def _case_document(found: "CaseClocks") -> dict[str, object]:
    return {
        "case_no": found.case_no,
        "at": found.now,
        "clocks": [
            {
                "clock": one.reading.kind,
                "cycle": one.reading.cycle,
                "number": one.reading.number,
                "run": one.reading.run,
                "outcome": one.reading.outcome,
                "start_at": one.reading.start_at,
                "due_at": one.reading.due_at,
                "first_due_at": one.reading.extended or one.reading.due_at,
                "extensions": one.reading.extensions,
                "stopped_at": one.reading.stopped_at,
                "breached_at": one.reading.breached_at,
                "excused": _excuse(one.reading.excused),
                "provisional": one.reading.provisional,
                "leading": one.leading,
                "policy": one.reading.policy,
                "calendar": one.reading.calendar,
                "segments": _segments(one.reading.segments),
                "lines": explain_lines(one.lines),
            }
            for one in found.clocks
        ],
    }


def due_document(counted: "Due") -> dict[str, object]:
    """What `--json` prints. `counted` is in days for clocks counted in days, else in seconds."""
    return {
        "due_at": counted.due_at,
        "segments": _segments(counted.segments),
        "provisional": counted.provisional,
    }


def _excuse(given: "Excuse | None") -> dict[str, object] | None:
    return None if given is None else {"by": given.who, "at": given.at, "reason": given.reason}


def _segments(segments: "Iterable[Segment]") -> list[dict[str, object]]:
    return [
        {
            "kind": segment.kind,
            "from": segment.start,
            "to": segment.end,
            "counted": segment.counted,
            "name": segment.name,
        }
        for segment in segments
    ]


def _write_due(kind: "ClockKind", calendar: "Calendar", counted: "Due", params: dict[str, str]) -> None:
    from bdesk.i18n import language
    from bdesk.rules.clock import target_of
    from bdesk.rules.clock.display import amount, moment
    from bdesk.speech import speak

    lang, target = language(), target_of(kind, params)
    in_days = target.length.counting.in_days and target.day is None and target.instant is None
    now = counted.segments[0].start if counted.segments else counted.due_at
    rows = []
    for segment in counted.segments:
        since = moment(segment.start, now, lang, calendar.tz)
        until = moment(segment.end, now, lang, calendar.tz, end=True)
        much = amount(segment.counted, in_days, lang) if segment.counted else ""
        name = speak(f"holiday.{segment.name}") if segment.name else ""
        makeup = in_days and segment.kind == "ran" and segment.name
        what = "makeup" if makeup else segment.kind
        rows.append((since, until, speak(f"segment.{what}"), much, _name(segment.name, name)))
    write_line(kind.name.in_(lang) + (": " if lang == "en" else "：") + kind.explain.in_(lang))
    write_table((_("From"), _("Until"), _("What"), _("Counted"), _("Day")), rows)
    write_line(_("Due {at}", at=moment(counted.due_at, now, lang, calendar.tz, end=True)))
    if counted.provisional:
        write_line(speak("clock.line.provisional", {"published": calendar.published_until}))


def _name(code: str | None, said: str) -> str:
    # A note of the override file is a text of its own, which nobody has translated.
    return code or "" if said.startswith("holiday.") else said


def explain_lines(lines: "Iterable[Line]") -> list[str]:
    """An explanation in the language in use, one sentence a line: for `clock explain` and the case screen.

    The lines must have been made for that language: `rules.clock.explain(..., lang=language())`.
    """
    from bdesk.speech import speak

    return [speak(line.code, line.params) for line in lines]
