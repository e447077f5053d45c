"""The selected request or case, beside the list where there is room, in three lines under it where not."""

from datetime import datetime

from bdesk.i18n import _, language, pick
from bdesk.models.kinds import CaseKind, Role
from bdesk.models.labels import label
from bdesk.models.views.supervision import PressedCase, TextSaid, WaitingRequest
from bdesk.rules.clock.display import moment
from bdesk.screens.supervisor import words
from bdesk.screens.supervisor.words import Names
from bdesk.widgets.lines import Piece
from bdesk.widgets.panel import ClockBar, Field, Gap, Row, Words

Sides = tuple[list[Piece], list[Piece]]


def request_rows(one: WaitingRequest, names: Names, now: datetime, seen: bool) -> list[Row]:
    """A request in full, for the panel."""
    asked = one.row.approval
    lapses = moment(asked.lapses_at, now, language())
    rows: list[Row] = [
        Gap(),
        Words(((words.action_words(one), "strong"), (f"   {asked.case_no}", "dim"))),
        Gap(),
        _request_bar(one, names, now),
        Gap(),
    ]
    if words.request_case(one, now) is not None:
        rows.append(Field(_("Lapses"), lapses))
    amount = words.amount_words(one, seen)
    if amount:
        rows.append(Field(_("Amount"), amount, "strong"))
    rows += [
        Field(_("Customer"), one.row.customer, "strong", label(one.row.kind)),
        Field(_("Matter"), one.row.subject),
        Field(_("Asked by"), names.person(asked.requested_by), "text", asked.requested_by),
        Field(_("Asked because"), *_why(one)),
        Field(_("Reason"), asked.reason or _("none given"), "text"),
    ]
    evidence, role = words.evidence_words(one)
    rows.append(Field(_("Evidence"), evidence, role))
    rows += [Field(name, said.words, "accent", names.person(said.by)) for name, said in _said(one)]
    if one.moved:
        rows.append(Field(pick("情况已变", "Changed"), moved_words(), "warn"))
    if one.hindrance:
        rows += [Gap(), Field(_("Not yours"), hindrance_words(one), "warn")]
    rows += [Gap(), Words((("Enter ", "key"), (_("open and read"), "text")))]
    return rows


def _request_bar(one: WaitingRequest, names: Names, now: datetime) -> ClockBar:
    """The bar of what presses more: the clock that leads the case, or the end of the request."""
    asked, row = one.row.approval, words.request_case(one, now)
    since, due, name = asked.requested_at, asked.lapses_at, _("Lapses")
    if row is not None and row.due_at is not None:
        since, due, name = row.due_from or row.opened_at, row.due_at, names.clock(row.clock or "")
    whole = (due - since).total_seconds()
    share = (now - since).total_seconds() / whole if whole > 0 else 1.0
    until = moment(due, now, language(), end=row is not None)
    return ClockBar(words.request_chip(one, now), name, min(1.0, max(0.0, share)), until)


def _presses(one: WaitingRequest, names: Names, now: datetime) -> list[Piece]:
    """What the chip counts, in a word or two."""
    row = words.request_case(one, now)
    if row is None or row.due_at is None:
        until = moment(one.row.approval.lapses_at, now, language())
        return [(f"{_('Lapses')} {until} ", "soft")]
    return [(f"{names.clock(row.clock or '')} {moment(row.due_at, now, language(), end=True)} ", "soft")]


def _why(one: WaitingRequest) -> tuple[str, str]:
    found, role = words.why_words(one)
    return found, "text" if role == "dim" else role


def _said(one: WaitingRequest) -> list[tuple[str, TextSaid]]:
    """What was said about it, the newest last."""
    found = [(_("Passed on"), one.raised), (_("To risk"), one.question), (_("Risk department"), one.answer)]
    return [(name, said) for name, said in found if said is not None]


def moved_words() -> str:
    """What becomes of a request that stands on other facts than it was asked with."""
    return _("Not as it was when asked for: deciding lets it lapse, and they ask again")


def hindrance_words(one: WaitingRequest) -> str:
    """Why this person does not decide it."""
    if one.hindrance.startswith("limits.") and one.deciders == {Role.RISK.value}:
        return _("Risk decides it; F7 2 passes it on")
    return {
        "approval.own": _("You asked for it yourself; somebody else decides"),
        "approval.passed_on": _("Passed on to {level}", level=words.level_words(one.raised_to)),
    }.get(one.hindrance, _("Above what you may decide; F7 1 passes it on"))


def request_lines(one: WaitingRequest, names: Names, now: datetime) -> list[Sides]:
    """The same in three lines."""
    asked = one.row.approval
    first: list[Piece] = [
        ("    ", "text"),
        (one.row.customer, "strong"),
        (f"  {asked.case_no}  ", "soft"),
        (f"{one.row.subject}", "text"),
    ]
    asker = names.person(asked.requested_by)
    second: list[Piece] = [
        ("    ", "text"),
        (f"{_('Reason')} ", "dim"),
        (asked.reason or _("none given"), "text"),
        (f"  {asker}", "soft"),
    ]
    said = _said(one)
    if said:
        name, newest = said[-1]
        third: list[Piece] = [
            (f"{name} ", "dim"),
            (newest.words, "accent"),
            (f"  {names.person(newest.by)}", "soft"),
        ]
    elif one.moved:
        third = [(moved_words(), "warn")]
    elif one.hindrance:
        third = [(hindrance_words(one), "warn")]
    else:
        third = [
            ("Enter ", "key"),
            (f"{_('open and read')}  ", "soft"),
            ("F4 ", "key"),
            (_("Customer"), "soft"),
        ]
    return [(first, []), (second, _presses(one, names, now)), ([("    ", "text"), *third], [])]


def case_rows(one: PressedCase, names: Names, now: datetime) -> list[Row]:
    """A raised or pressed case in full, for the panel."""
    row = one.row
    rows: list[Row] = [
        Gap(),
        Words(((label(CaseKind(row.kind)), "strong"), (f"   {row.case_no}", "dim"))),
        Gap(),
    ]
    if one.due_at is not None:
        due = moment(one.due_at, now, language(), end=True)
        rows += [ClockBar(words.case_chip(one, now), names.clock(one.clock or ""), 0.0, due), Gap()]
    rows += [
        Field(_("Customer"), row.customer, "strong"),
        Field(_("Matter"), row.summary),
        Field(_("Owner"), names.person(row.owner) if row.owner else _("nobody"), "text", row.owner or ""),
    ]
    if one.raised is not None:
        rows.append(Field(_("Raised to"), words.level_words(one.level)))
        rows.append(Field(_("Why"), one.raised.words, "accent", names.person(one.raised.by)))
    rows += [
        Gap(),
        Words((("Enter ", "key"), (_("Open"), "text"), ("   F9 ", "key"), (_("take over"), "text"))),
    ]
    return rows


def case_lines(one: PressedCase, names: Names) -> list[Sides]:
    """The same in three lines."""
    row = one.row
    first: list[Piece] = [
        ("    ", "text"),
        (row.customer, "strong"),
        (f"  {row.case_no}  ", "soft"),
        (row.summary, "text"),
    ]
    holds = names.person(row.owner) if row.owner else _("nobody")
    second: list[Piece] = [("    ", "text"), (f"{_('Owner')} ", "dim"), (holds, "text")]
    if one.raised is not None:
        by = pick(f"{names.person(one.raised.by)} 升级到{words.level_words(one.level)}",
                  f"raised to {words.level_words(one.level)} by {names.person(one.raised.by)}")  # fmt: skip
        second += [("   ", "text"), (by, "soft")]
    third: list[Piece] = [("    ", "text"), ("Enter ", "key"), (f"{_('Open')}  ", "soft"), ("F4 ", "key")]
    third += [(f"{_('Customer')}  ", "soft"), ("F9 ", "key"), (_("take over"), "soft")]
    return [(first, []), (second, []), (third, [])]
