"""What the queue says about a case: labels for the list's codes, and the preview beside it."""

from collections.abc import Callable
from datetime import datetime

from bdesk.clock import LOCAL
from bdesk.i18n import _, language, pick
from bdesk.models.kinds import CaseKind, CaseState, Channel
from bdesk.models.labels import label_of
from bdesk.models.views.queue import QueueFigures, QueueRow
from bdesk.rules.clock.display import moment
from bdesk.speech import speak
from bdesk.widgets.chip import row_chip
from bdesk.widgets.lines import Piece
from bdesk.widgets.panel import ClockBar, Field, Gap, Row, Words
from bdesk.widgets.queue_columns import QueueWords

WHOM = {
    "customer": ("客户", "cust"),
    "third_party": ("外部", "outs"),
    "courier": ("快递", "cour"),
    "bank": ("银行", "bank"),
    "warehouse": ("仓库", "ware"),
    "judicial": ("司法", "court"),
}


def whom(code: str) -> str:
    """Whom a stopped clock waits for, in five cells."""
    zh, en = WHOM.get(code, (code[:2], code[:5]))
    return pick(zh, en)


def queue_words(group_names: Callable[[str], str], person: Callable[[str], str]) -> QueueWords:
    """The list's words in the language in use."""
    return QueueWords(
        kind=lambda code: label_of(CaseKind, code),
        whom=whom,
        group=group_names,
        person=person,
        channel=lambda code: label_of(Channel, code),
    )


def figure_pieces(figures: QueueFigures, cells: int) -> tuple[list[Piece], list[Piece]]:
    """The line of today's figures: what presses on the left, what was done on the right."""

    def count(name: str, value: int, role: str) -> list[Piece]:
        shown = "999+" if value >= 1000 else str(value)
        return [(f"{name} ", "soft"), (shown, role if value else "strong"), ("   ", "text")]

    left = [
        *count(_("Over"), figures.over, "bad"),
        *count(_("in 5 min"), figures.soon5, "warn"),
        *count(_("in 15 min"), figures.soon15, "warn"),
        *count(_("Waiting"), figures.waiting, "strong"),
        *count(_("Aside"), figures.aside, "strong"),
    ]
    right: list[Piece] = []
    if figures.met_percent is not None:
        right += [(f"{_('Met today')} ", "soft"), (f"{figures.met_percent:.1f}%", "good"), ("   ", "text")]
    if cells >= 100:
        if figures.late:
            right += [(f"{_('missed')} ", "soft"), (str(figures.late), "bad"), ("   ", "text")]
        if figures.excused:
            right += [(f"{_('excused')} ", "soft"), (str(figures.excused), "strong"), ("   ", "text")]
        if figures.avg_seconds is not None:
            minutes, seconds = divmod(figures.avg_seconds, 60)
            right += [(f"{_('Average')} ", "soft"), (f"{minutes}:{seconds:02d}", "strong"), ("   ", "text")]
        right += [(f"{_('Closed')} ", "soft"), (str(figures.handled), "strong"), (" ", "text")]
    return left, right


def preview_rows(row: QueueRow, now: datetime, words: QueueWords, clock_name: str) -> list[Row]:
    """The preview of the selected case, for the panel beside the list."""
    rows: list[Row] = [Gap(), Words(((words.kind(row.kind), "strong"), (f"   {row.case_no}", "dim"))), Gap()]
    chip = row_chip(row, now, words.whom)
    if row.due_at is not None:
        rows += [ClockBar(chip, clock_name, _share(row, now), due_words(row.due_at, now)), Gap()]
    tags = " ".join(words.tag(tag) for tag in row.tags)
    rows.append(Field(_("Customer"), row.customer, "strong", tags, "vip"))
    channel = words.channel(row.channel or "")
    opened = row.opened_at.astimezone(LOCAL)
    rows.append(Field(_("Channel"), channel, "text", f"{opened.month}/{opened.day} {opened:%H:%M}"))
    rows.append(Field(_("State"), label_of(CaseState, row.state)))
    if row.group:
        rows.append(Field(_("Group"), words.group(row.group)))
    if row.owner:
        rows.append(Field(_("Owner"), words.person(row.owner)))
    rows += [Gap(), Field(_("Matter"), row.summary)]
    rows += [
        Gap(),
        Words((("Enter ", "key"), (_("Open"), "text"), ("   F4 ", "key"), (_("Customer"), "text"))),
    ]
    return rows


def due_words(due_at: datetime, now: datetime) -> str:
    """A due time as a person says it: the end of a day is 24:00 (SLA.md, Shape)."""
    return moment(due_at, now, language(), end=True)


def _share(row: QueueRow, now: datetime) -> float:
    if row.due_at is None or row.due_from is None or row.due_at <= row.due_from:
        return 0.0
    return (now - row.due_from).total_seconds() / (row.due_at - row.due_from).total_seconds()


def short_preview(row: QueueRow, now: datetime, words: QueueWords) -> tuple[list[Piece], list[Piece]]:
    """The preview in two lines, for 80 columns."""
    first: list[Piece] = [("    ", "text"), (row.customer, "strong")]
    if row.tags:
        first.append((f" {words.tag(row.tags[0])}", "vip"))
    first += [(f"  {row.case_no}", "text"), (f"  {words.channel(row.channel or '')}", "soft")]
    if row.due_at is not None:
        first.append((f"  {due_words(row.due_at, now)}", "soft"))
    second: list[Piece] = [
        ("    ", "text"),
        (f"{label_of(CaseState, row.state)}  ", "dim"),
        ("Enter ", "key"),
        (f"{_('Open')}  ", "text"),
        ("F4 ", "key"),
        (_("Customer"), "text"),
    ]
    return first, second


def next_words(reason: str, touched: int = 0) -> str:
    """Why a case is next, by the rule's code, and how many appeals before it are not for this person."""
    why = speak(f"next.{reason}", {})
    if touched:
        return _("Next: {why} (passed over, I had a hand in it: {count})", why=why, count=touched)
    return _("Next: {why}", why=why)
