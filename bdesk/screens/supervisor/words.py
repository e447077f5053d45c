"""The board's rows and lines as pieces: values in, words out. Sums and reasons are stars where they must not
be seen now; who asked is a number in 80 columns and a name where there is room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bdesk.i18n import _, language, pick
from bdesk.models.kinds import CaseKind, Channel, PersonState, Role
from bdesk.models.labels import label, label_of
from bdesk.models.views.queue import COUNT_CAP, QueueRow
from bdesk.models.views.supervision import PersonLoad, PressedCase, TeamFigures, WaitingRequest
from bdesk.rules.masking import HIDDEN
from bdesk.rules.requests import pressing
from bdesk.screens.queue.words import whom
from bdesk.speech import MESSAGES, speak
from bdesk.text import yuan
from bdesk.widgets.board_list import Look
from bdesk.widgets.cells import pad, shown, width
from bdesk.widgets.chip import Chip, chip_cells, make_chip, row_chip
from bdesk.widgets.lines import Piece
from bdesk.widgets.queue_columns import age_text

REQUESTS, RAISED, SOON, TEAM, HELD = "requests", "raised", "soon", "team", "held"
LISTS = (REQUESTS, RAISED, SOON, TEAM)
"""The lists, in the order of Tab. After them comes what one person holds, once somebody was chosen."""

ROOMY = 96
"""From so many cells on a list has room for names and for what is said in more than a word."""


@dataclass(frozen=True, slots=True)
class Names:
    """What people, clocks and groups are called: by staff number, by code."""

    person: Callable[[str], str]
    clock: Callable[[str], str]
    group: Callable[[str], str] = str


# The line of figures, and the line of lists


def figures(found: TeamFigures, cells: int) -> tuple[list[Piece], list[Piece]]:
    """What presses on the left; who is there on the right."""
    left: list[Piece] = [("  ", "text")]
    for name, value, role in (
        (_("Raised"), found.raised, "warn"),
        (_("Requests"), found.requests, "warn"),
        (_("late in 30 min"), found.soon, "bad"),
    ):
        left += [(f"{name} ", "soft"), (_count(value), role if value else "strong"), ("   ", "text")]
    if found.met_percent is not None:
        left += [(f"{_('In time')} ", "soft"), (f"{found.met_percent:.1f}%", "good")]
    if found.late and cells >= ROOMY:
        left += [("   ", "text"), *late_pieces(found.late, found.excused)]
    right: list[Piece] = []
    for state, count in found.states.items():
        right += [(f" {label(state)} ", "soft"), (str(count), _state_role(state))]
    return left, [*right, (" ", "text")]


def late_pieces(late: int, excused: int) -> list[Piece]:
    """How many clocks were missed; an excuse is told beside them and takes none away."""
    pieces: list[Piece] = [(f"{_('missed')} ", "soft"), (str(late), "bad")]
    return [*pieces, (f"  {_('excused')} ", "soft"), (str(excused), "strong")] if excused else pieces


def _count(value: int) -> str:
    return f"{COUNT_CAP - 1}+" if value >= COUNT_CAP else str(value)


def _state_role(state: PersonState) -> str:
    return "good" if state is PersonState.ONLINE else "strong"


def list_title(code: str, holder: str = "") -> str:
    """The name of a list; `holder`: whose cases the last one shows."""
    return {
        HELD: holder,
        REQUESTS: _("Requests"),
        RAISED: _("Raised"),
        SOON: _("Late or soon late"),
        TEAM: _("Team"),
    }[code]


def list_tabs(current: str, codes: Sequence[str], holder: str = "") -> list[Piece]:
    """The lists, the one that is shown marked; how many each has stands in the figures above."""
    pieces: list[Piece] = [("  ", "text")]
    for code in codes:
        pieces += [(f" {list_title(code, holder)} ", "tab.now" if code == current else "soft"), (" ", "text")]
    return [*pieces, ("  Tab ", "key"), (_("next list"), "dim")]


def nothing(code: str) -> str:
    """What an empty list says."""
    return {
        REQUESTS: _("Nothing waits for a decision. New requests come here by themselves."),
        RAISED: _("No case is raised to you."),
        SOON: _("No clock of the team is late or runs out in the next 30 minutes."),
        TEAM: _("Nobody is in your group."),
        HELD: _("Holds no open case."),
    }[code]


# Requests


def request_chip(one: WaitingRequest, now: datetime) -> Chip:
    """What presses more: the clock that leads its case, or the end of the request."""
    row = request_case(one, now)
    if row is None:
        return make_chip(now, one.row.approval.lapses_at, one.due_from_at, one.now_from_at)
    return row_chip(row, now, whom)


def request_case(one: WaitingRequest, now: datetime) -> QueueRow | None:
    """The case of a request where its own clock presses before the request lapses; else None."""
    return pressing(one, now)[0]


def action_words(one: WaitingRequest, cells: int = 0) -> str:
    """What is asked for; in a word where its name is wider than `cells`, if any are given."""
    name, short = speak(f"action.{one.row.approval.action}"), f"action.short.{one.row.approval.action}"
    return speak(short) if 0 < cells < width(name) and short in MESSAGES else name


def amount_words(one: WaitingRequest, seen: bool) -> str:
    """The sum; stars while it must not be seen, nothing where there is none."""
    amount = one.row.approval.amount_fen
    if amount is None:
        return "" if seen else HIDDEN
    return yuan(amount)


def why_words(one: WaitingRequest) -> tuple[str, str]:
    """In a word why it takes somebody else, or where it stands; and its role."""
    if one.hindrance == "approval.own":
        return _("yours"), "dim"
    if one.moved:
        return pick("情况已变", "changed"), "warn"
    if one.waits_for_risk:
        return _("risk asked"), "accent"
    if one.raised_to:
        return pick(f"转{level_words(one.raised_to)}", "passed on"), "accent"
    if one.answer is not None:
        return _("risk said"), "good"
    return speak(f"why.{one.why.removeprefix('limits.')}"), "warn"


def level_words(level: str) -> str:
    """A level that decides, in a word."""
    return label_of(Role, level)


def evidence_words(one: WaitingRequest) -> tuple[str, str]:
    """How many pieces there are, and how many nobody has looked at."""
    if not one.row.evidence:
        return _("no evidence"), "dim"
    if one.row.unseen:
        return _("{count} ev., {unseen} new", count=one.row.evidence, unseen=one.row.unseen), "warn"
    return _("{count} ev.", count=one.row.evidence), "soft"


@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells of each column of the requests; `matter` is 0 where only the row's panel tells it."""

    action: int
    whose: int
    who: int
    why: int
    evidence: int
    read: int
    matter: int = 0


def _request_cells(cells: int) -> _Cells:
    zh = language() == "zh"
    left = cells - chip_cells() - 1 - 12
    if cells >= ROOMY:
        action, whose, who, why, evidence, read = (20, 9, 10, 12, 15, 7) if zh else (26, 9, 10, 14, 15, 7)
        matter = left - action - whose - who - why - evidence - read
        return _Cells(action + min(0, matter), whose, who, why, evidence, read, max(0, matter))
    whose, who = 7, 5
    why, evidence, read = (9, 14, 6) if zh else (12, 13, 4)
    return _Cells(max(7, left - whose - who - why - evidence - read), whose, who, why, evidence, read)


def request_pieces(
    names: Names, seen: bool, one: WaitingRequest, now: datetime, cells: int, look: Look
) -> list[Piece]:
    """One request: what presses more, what, how much, whose, who asked, why, evidence, if it was read."""
    quiet = look.gone or bool(one.hindrance)
    plain = "off" if quiet else "row"
    wide = _request_cells(cells)
    why, why_role = why_words(one)
    evidence, evidence_role = evidence_words(one)
    asked = one.row.approval.requested_by
    read = _("gone") if look.gone else _("read") if one.read else ""
    return [
        request_chip(one, now).piece,
        (" ", plain),
        (pad(shown(action_words(one, wide.action - 1)), wide.action - 1) + " ", plain),
        (pad(amount_words(one, seen), 11, "right") + " ", "off" if quiet else "strong"),
        (pad(shown(one.row.customer), wide.whose), plain),
        (pad(shown(names.person(asked) if wide.who > 5 else asked), wide.who), "off" if quiet else "soft"),
        (pad(shown(why), wide.why - 1) + " ", "off" if quiet else why_role),
        (pad(shown(evidence), wide.evidence - 1) + " ", "off" if quiet else evidence_role),
        (pad(read, wide.read), "good" if one.read and not look.gone else "dim"),
        (pad(shown(one.row.subject), wide.matter), "off" if quiet else "summary"),
    ]


def request_heading(cells: int) -> list[Piece]:
    """The names of its columns."""
    wide = _request_cells(cells)
    return [
        ("    " + pad(_("Due"), chip_cells() + 1), "dim"),
        (pad(_("Asked for"), wide.action), "dim"),
        (pad(_("Amount"), 11, "right") + " ", "dim"),
        (pad(_("Whose"), wide.whose), "dim"),
        (pad(_("Asked by") if wide.who > 5 else _("By"), wide.who), "dim"),
        (pad(_("Why"), wide.why), "dim"),
        (pad(_("Evidence"), wide.evidence + wide.read), "dim"),
        (pad(_("Matter"), wide.matter), "dim"),
    ]


# Cases


def case_chip(one: PressedCase, now: datetime) -> Chip:
    """The clock that presses; of a case whose own is stopped, whom it waits for."""
    row = one.row
    if one.clock == row.clock and row.stopped:
        return make_chip(now, one.due_at, stopped=True, whom=whom(row.waiting_for or ""))
    return make_chip(now, one.due_at, one.due_from_at, one.now_from_at, provisional=row.provisional)


@dataclass(frozen=True, slots=True)
class _CaseCells:
    """Cells of each column of the cases; the last three are 0 where there is no room for them."""

    kind: int
    customer: int
    matter: int
    clock: int
    owner: int
    group: int = 0
    channel: int = 0
    age: int = 0


def _case_cells(cells: int) -> _CaseCells:
    kind, clock = (9, 7) if language() == "zh" else (15, 9)
    left = cells - chip_cells() - 2 - kind - clock
    if cells >= ROOMY:
        customer, owner, group, channel, age = 10, 11, 13, 13 if language() == "zh" else 18, 6
        matter = left - customer - owner - group - channel - age
        if matter >= 24:
            return _CaseCells(kind, customer, matter, clock, owner, group, channel, age)
    return _CaseCells(kind, 8, max(6, left - 8 - 9), clock, 9)


def case_pieces(names: Names, one: PressedCase, now: datetime, cells: int, look: Look) -> list[Piece]:
    """One case: its clock, kind, customer, why it was raised or what it is about, who holds it; where there
    is room, its group, how it came in and how long ago."""
    plain, quiet, soft = ("off", "off", "off") if look.gone else ("row", "summary", "soft")
    wide = _case_cells(cells)
    said = one.raised.words if one.raised is not None and one.raised.words else one.row.summary
    holds = names.person(one.row.owner) if one.row.owner else _("nobody")
    pieces: list[Piece] = [
        case_chip(one, now).piece,
        ("  ", plain),
        (pad(shown(label_of(CaseKind, one.row.kind)), wide.kind - 1) + " ", plain),
        (pad(shown(one.row.customer), wide.customer), plain),
        (pad(shown(said), wide.matter - 1) + " ", quiet),
        (pad(shown(names.clock(one.clock or "")), wide.clock - 1) + " ", soft),
        (pad(_("gone") if look.gone else shown(holds), wide.owner), "soft" if one.row.owner else "warn"),
    ]
    if wide.age:
        group = names.group(one.row.group) if one.row.group else ""
        channel = label_of(Channel, one.row.channel) if one.row.channel else ""
        pieces += [(pad(shown(group), wide.group - 1) + " ", soft)]
        pieces += [(pad(shown(channel), wide.channel - 1) + " ", soft)]
        pieces += [(pad(age_text(one.row.opened_at, now), wide.age), soft)]
    return pieces


def case_heading(cells: int) -> list[Piece]:
    """The names of its columns."""
    wide = _case_cells(cells)
    return [
        ("    " + pad(_("Due"), chip_cells() + 2), "dim"),
        (pad(_("Kind"), wide.kind), "dim"),
        (pad(_("Whose"), wide.customer), "dim"),
        (pad(_("Matter"), wide.matter), "dim"),
        (pad(_("Clock"), wide.clock), "dim"),
        (pad(_("Owner"), wide.owner), "dim"),
        (pad(_("Group"), wide.group), "dim"),
        (pad(_("Channel"), wide.channel), "dim"),
        (pad(_("Age"), wide.age), "dim"),
    ]


# The team


def load_pieces(one: PersonLoad, now: datetime, cells: int, look: Look) -> list[Piece]:
    """Somebody: name, role, state and since when, open and urgent cases."""
    plain = "off" if look.gone or one.state is PersonState.OFFLINE else "row"
    return [
        (pad(shown(one.name), 12), plain),
        (pad(one.number, 6), "dim"),
        (pad(label(one.role), 12), "soft"),
        (pad(label(one.state), 11), "good" if one.state is PersonState.ONLINE else "soft"),
        (pad(age_text(one.since, now) if one.since is not None else "", 8), "dim"),
        (f"{_('In hand')} ", "dim"),
        (pad(str(one.open), 4, "right"), plain),
        (f"  {_('Urgent')} ", "dim"),
        (" " * max(0, 3 - width(str(one.urgent))), plain),
        # What presses is filled in mono: no more of it than the figure itself.
        (str(one.urgent), "bad" if one.urgent else "dim"),
    ]


def load_beside(people: Sequence[PersonLoad], cells: int, most: int) -> list[tuple[list[Piece], list[Piece]]]:
    """The team beside a list under its heading, the busiest with what is urgent first; as many as there is
    room for."""
    ordered = sorted(
        people, key=lambda one: (one.state is PersonState.OFFLINE, -one.urgent, -one.open, one.number)
    )
    of_open, of_urgent = pick("在办", "open"), pick("紧急", "urgent")
    open_cells, urgent_cells = width(of_open), width(of_urgent) + 2
    headed: list[Piece] = [(f"{of_open}  {of_urgent}  ", "dim")]
    rows: list[tuple[list[Piece], list[Piece]]] = [([(f"  {list_title(TEAM)}", "title")], headed)]
    for one in ordered[:most]:
        plain = "off" if one.state is PersonState.OFFLINE else "text"
        left: list[Piece] = [("  ", "text"), (pad(shown(one.name), 12 if cells >= 36 else 8), plain)]
        left.append((label(one.state), "good" if one.state is PersonState.ONLINE else "soft"))
        urgent = str(one.urgent)
        right: list[Piece] = [
            (pad(str(one.open), open_cells, "right"), plain),
            (" " * (urgent_cells - width(urgent)), "text"),
            # What presses is filled in mono: no more of it than the figure itself.
            (urgent, "bad" if one.urgent else "dim"),
        ]
        rows.append((left, [*right, ("  ", "text")]))
    if len(ordered) > most:
        rows[-1] = ([(f"  {_('{count} more', count=len(ordered) - most + 1)}", "dim")], [])
    return rows
