"""Which stops a clock has, each with an end. Pauses belong to the case and are laid over its clocks.

Every pause ends: with the customer's next event, an agent's resume, the `resume_at` that was asked
for, the kind's cap of total pause, the next pause, or the end of the clock, whichever is first
(SLA.md, "resume"). So a due time is always known, and a sweep's event only records what was so.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bdesk.models.clock_kinds import PauseReason, ResumeReason
from bdesk.models.views.journal import Event
from bdesk.rules.clock import known
from bdesk.rules.clock.count import Pause
from bdesk.rules.clock.track import Track
from bdesk.rules.urgency import resumes_at

_RECORDS_ONLY = frozenset({ResumeReason.RESUME_AT, ResumeReason.PAUSE_CAP})

Timed = tuple[datetime, Event]


def stops_in_order(force: Sequence[Event]) -> list[Timed]:
    """The events that stop clocks or set them going, with the instants at which they take effect.

    A desk's own stops and resumes keep the order of the journal: after the host's clock was set back,
    a resume would otherwise come before the stop it ends.
    """
    timed: list[Timed] = []
    last: datetime | None = None
    for event in force:
        if known.is_customer(event):
            timed.append((event.occurred_at, event))
        elif event.kind == known.PAUSED or (event.kind == known.RESUMED and _by_agent(event)):
            last = event.occurred_at if last is None else max(last, event.occurred_at)
            timed.append((last, event))
        elif event.kind == known.RESUMED and not _record_only(event):
            timed.append((event.occurred_at, event))
    return sorted(timed, key=lambda each: (each[0], each[1].id))


def _by_agent(event: Event) -> bool:
    return known.text(event, "reason") in ("", ResumeReason.AGENT)


def _record_only(event: Event) -> bool:
    return known.text(event, "reason") in _RECORDS_ONLY


def pauses_of(track: Track, stops: Sequence[Timed]) -> list[Pause]:
    """The stops of one clock, in order, without overlap, the last one perhaps still open."""
    pauses = list(track.brought)
    for at, event in stops:
        if event.id < track.id and pauses and pauses[-1].event_id == track.id and at < pauses[-1].until:
            continue  # what a clock brings along from another case, nothing from before it came ends
        if at < track.start_at or (track.ended_at is not None and at >= track.ended_at):
            continue
        if event.kind == known.PAUSED:
            _stop(track, pauses, at, event)
        elif known.is_customer(event):
            _resume(pauses, at, ResumeReason.CUSTOMER)
        elif _names(track, event):
            _resume(pauses, at, ResumeReason.CUSTOMER if not _by_agent(event) else ResumeReason.AGENT)
    if track.ended_at is not None:
        # An open stop is closed before the clock ends, in whatever save that was.
        _resume(pauses, track.ended_at, ResumeReason.ENDED)
    return [pause for pause in pauses if pause.since < pause.until]


def brought(pause: Pause) -> dict[str, str]:
    """A stop as `clock.attached` tells it of a clock that goes on from another case."""
    return {
        "since": pause.since.isoformat(),
        "until": pause.until.isoformat(),
        "reason": pause.reason.value,
        "who": pause.who,
    }


def _stop(track: Track, pauses: list[Pause], at: datetime, event: Event) -> None:
    reason = known.text(event, "reason")
    cap = track.kind.pause_cap
    if reason not in track.kind.pauses or cap is None or not _names(track, event):
        return
    if event.id < track.id and not track.ancestors:
        return  # only a clock that replaces another takes over stops from before it was attached
    _resume(pauses, at, ResumeReason.REPLACED)
    used = sum((pause.until - pause.since for pause in pauses), timedelta(0))
    wanted = known.instant(event, "resume_at")
    until, capped = resumes_at(at, at + max(cap - used, timedelta(0)), wanted)
    why = ResumeReason.PAUSE_CAP if capped else ResumeReason.RESUME_AT
    if until > at:
        who = known.text(event, "who")
        pauses.append(Pause(at, until, PauseReason(reason), who, wanted, why, event.id))


def _resume(pauses: list[Pause], at: datetime, why: ResumeReason) -> None:
    if pauses and pauses[-1].since <= at < pauses[-1].until:
        pauses[-1] = replace(pauses[-1], until=at, ended_by=why)


def _names(track: Track, event: Event) -> bool:
    named = event.payload.get("clocks")
    if not isinstance(named, Sequence) or isinstance(named, str):
        return True
    return bool(track.names.intersection(str(each) for each in named))
