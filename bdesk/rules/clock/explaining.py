"""Why a clock is due when it is: every stretch of the way, in codes that `bdesk.speech.clock` words.

Instants in parameters are already in words of `lang` and the calendar's zone, since a midnight is
said as the end of a day or as the beginning of one, which only the rule knows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bdesk.models.clock_kinds import Drives, EndReason, Outcome, PauseReason, ResumeReason, SegmentKind
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.count import Pause, Segment
from bdesk.rules.clock.display import amount, moment
from bdesk.rules.clock.kind import ClockKind, target_of
from bdesk.rules.clock.reading import Reading


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: `bdesk.speech.speak(code, params)` says it."""

    code: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Teller:
    reading: Reading
    kind: ClockKind
    calendar: Calendar
    now: datetime
    lang: str

    @property
    def given(self) -> bool:
        """Whether the case gave the due time, so that nothing was counted to it."""
        target = target_of(self.kind, self.reading.params)
        return target.day is not None or target.instant is not None

    @property
    def in_days(self) -> bool:
        return not self.given and target_of(self.kind, self.reading.params).length.counting.in_days

    def at(self, instant: datetime, *, end: bool = False) -> str:
        return moment(instant, self.now, self.lang, self.calendar.tz, end=end)

    def much(self, counted: int, *, in_days: bool = False) -> str:
        return amount(counted, in_days, self.lang)

    def time(self, span: timedelta) -> str:
        return amount(span // timedelta(seconds=1), False, self.lang)


def explain(
    reading: Reading, kind: ClockKind, calendar: Calendar, now: datetime, lang: str
) -> tuple[Line, ...]:
    """Every segment, what was skipped and why, the sum, how it stands, and the versions it was read by."""
    teller = _Teller(reading, kind, calendar, now, lang)
    return (
        *_head(teller),
        *(line for segment in reading.segments for line in _segment(teller, segment)),
        *_stops_without_effect(teller),
        *_sum(teller),
        *_standing(teller),
        Line("clock.line.versions", _versions(teller)),
    )


def _head(teller: _Teller) -> Iterator[Line]:
    reading, kind = teller.reading, teller.kind
    name, meaning = kind.name.in_(teller.lang), kind.explain.in_(teller.lang)
    yield Line("clock.line.head", {"name": name, "meaning": meaning})
    if reading.cycle > 1:
        yield Line("clock.line.cycle", {"cycle": reading.cycle})
    yield Line("clock.line.start", {"at": teller.at(reading.start_at)})


def _segment(teller: _Teller, segment: Segment) -> Iterator[Line]:
    since, until = teller.at(segment.start), teller.at(segment.end, end=True)
    params: dict[str, object] = {"since": since, "until": until}
    match segment.kind:
        case SegmentKind.RAN:
            days = teller.in_days
            params["counted"] = teller.much(segment.counted, in_days=days)
            if segment.name is not None and days:
                yield Line("clock.line.makeup", {**params, "holiday": segment.name})
            else:
                yield Line("clock.line.ran", params)
        case SegmentKind.PAUSED:
            code = "clock.line.paused_days" if teller.in_days else "clock.line.paused"
            yield Line(code, {**params, **_whom(segment.reason, segment.who)})
        case SegmentKind.HOLIDAY | SegmentKind.MOVED if segment.name is not None:
            yield Line(f"clock.line.{segment.kind}_named", {**params, "holiday": segment.name})
        case SegmentKind.CLOSED if segment.name is not None:
            yield Line("clock.line.closed_named", {**params, "note": segment.name})
        case _:
            yield Line(f"clock.line.{segment.kind}", params)


def _whom(reason: object, who: str) -> dict[str, object]:
    # A party's code says no more than the reason does; a name does.
    return {"pause": str(reason or ""), "who": f" ({who})" if who and who not in _CODES else ""}


_CODES = frozenset({"customer", "third_party", *PauseReason})


def _stops_without_effect(teller: _Teller) -> Iterator[Line]:
    """Stops that moved nothing: within a day of a day clock, or after the due time."""
    for pause in teller.reading.pauses:
        params = {"since": teller.at(pause.since), "until": teller.at(pause.until, end=True)}
        if pause.since >= teller.reading.due_at:
            yield Line("clock.line.paused_late", {**params, **_whom(pause.reason, pause.who)})
        elif teller.in_days and not _took_days(teller.reading, pause):
            yield Line("clock.line.paused_within", {**params, **_whom(pause.reason, pause.who)})


def _took_days(reading: Reading, pause: Pause) -> bool:
    return any(
        segment.kind is SegmentKind.PAUSED and pause.since < segment.end and segment.start < pause.until
        for segment in reading.segments
    )


def _sum(teller: _Teller) -> Iterator[Line]:
    reading = teller.reading
    counted = sum(segment.counted for segment in reading.segments)
    first = reading.extended or reading.due_at
    params = {"counted": teller.much(counted, in_days=teller.in_days), "due": teller.at(first, end=True)}
    yield Line("clock.line.given" if teller.given else "clock.line.sum", params)
    if reading.extended is not None:
        due = teller.at(reading.due_at, end=True)
        yield Line("clock.line.moved_on", {"due": due, "first": params["due"], "times": reading.extensions})
    for move in reading.moves if reading.extended is not None else ():
        moved = {"at": teller.at(move.at), "due": teller.at(move.due_at, end=True), "role": move.by_role}
        yield Line("clock.line.extension", moved)
    if reading.provisional:
        yield Line("clock.line.provisional", {"published": str(teller.calendar.published_until)})


def _standing(teller: _Teller) -> Iterator[Line]:
    reading = teller.reading
    if reading.drives is Drives.FACT:
        # A fact clock that has run out makes nobody here late (SLA.md, Whose clock).
        if reading.breached_at is not None:
            yield Line("clock.line.past", {"at": teller.at(reading.breached_at, end=True)})
        yield from _ending(teller)
        return
    if reading.breached_at is not None:
        yield Line("clock.line.breached", {"at": teller.at(reading.breached_at, end=True)})
    late = reading.lateness(teller.now)
    if late > timedelta(0):
        yield Line("clock.line.late", {"late": teller.time(late)})
    if reading.excused is not None:
        excuse = reading.excused
        marked = {"reason": excuse.reason, "by": excuse.who, "at": teller.at(excuse.at)}
        yield Line("clock.line.excused", marked)
    yield from _ending(teller)


def _ending(teller: _Teller) -> Iterator[Line]:
    reading = teller.reading
    if reading.stopped_at is not None:
        params: dict[str, object] = {"at": teller.at(reading.stopped_at)}
        if reading.ended is EndReason.FULFILLED:
            met = reading.outcome is Outcome.MET
            yield Line("clock.line.met" if met else "clock.line.met_late", params)
        else:
            yield Line("clock.line.ended", {**params, "end": str(reading.ended)})
    elif reading.paused is not None:
        paused = reading.paused
        asked = next(pause.ended_by for pause in reading.pauses if pause.since == paused.since)
        code = "clock.line.stands_cap" if asked is ResumeReason.PAUSE_CAP else "clock.line.stands"
        whom = _whom(paused.reason, paused.who)
        yield Line(code, {"since": teller.at(paused.since), "until": teller.at(paused.until), **whom})
    elif reading.remaining(teller.now) >= timedelta(0):
        yield Line("clock.line.left", {"left": teller.time(reading.remaining(teller.now))})


def _versions(teller: _Teller) -> dict[str, object]:
    return {
        "policy": teller.reading.policy or teller.kind.policy,
        "desk_calendar": teller.calendar.code,
        "version": teller.calendar.version,
    }
