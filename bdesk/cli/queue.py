"""`bdesk queue`: what waits, by section, as the desk sorts it."""

from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.output import examples, new_app, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.models.kinds import CaseKind
    from bdesk.models.views.queue import QueueRow
    from bdesk.operations.looking.queue import QueueView

app = new_app()

SECTIONS = ("mine", "waiting", "aside")
MOST = 500

OWN_TAGS = frozenset({"raised", "reopened"})
"""Tags that are no flag of the case."""


@app.command(
    help=_("Show the queue: your cases, those that wait, those put aside; the most urgent first."),
    epilog=examples(
        "bdesk queue --as 1001",
        "bdesk queue --section waiting --limit 10 --as 1001",
        "bdesk queue --filter refund --json --as 1001",
    ),
)
def show(
    section: Annotated[
        str | None, typer.Option(metavar="NAME", help=_("Only this one: mine, waiting or aside."))
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help=_("At most so many cases of a section."))] = 20,
    filters: Annotated[
        str, typer.Option("--filter", metavar="WORDS", help=_("Kinds, a group, the end of a number."))
    ] = "",
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.errors import BadInput
    from bdesk.operations.looking import queue as looking

    if section is not None and section not in SECTIONS:
        raise BadInput("queue.section", section=section, allowed=SECTIONS)
    with acting(as_) as ctx:
        wanted = looking.parse_filters(filters, _kind_by_word)
        view = looking.first_page(ctx, wanted, limit=limit)
    codes = (section,) if section is not None else SECTIONS
    if as_json:
        write_json(_document(view, codes))
    else:
        _write(view, codes)


def _kind_by_word(word: str) -> "CaseKind | None":
    from bdesk.models.kinds import CaseKind
    from bdesk.models.labels import label

    said = word.casefold()
    return next((kind for kind in CaseKind if said in (kind.value, label(kind).casefold())), None)


def _document(view: "QueueView", codes: tuple[str, ...]) -> dict[str, object]:
    """Instants with offset, codes as they are kept; customers are masked. `total` stops at 1000."""
    following = view.why_next
    return {
        "at": view.now,
        "sections": [
            {
                "section": one.code,
                "total": one.total,
                "cases": [_row_document(row, view) for row in view.rows[one.code]],
            }
            for one in view.sections
            if one.code in codes
        ],
        "figures": view.figures,
        "next": None
        if following is None
        else {
            "case_id": following.case_id,
            "why": following.reason,
            "due_at": following.due_at,
            "touched": following.touched,
        },
    }


def _row_document(row: "QueueRow", view: "QueueView") -> dict[str, object]:
    from bdesk.operations.looking.queue import sla_state

    return {
        "case_no": row.case_no,
        "case_id": row.case_id,
        "kind": row.kind,
        "priority": row.priority,
        "sla": sla_state(row, view.now),
        "due_at": row.due_at,
        "clock": row.clock,
        "provisional": row.provisional,
        "stopped": row.stopped,
        "waiting_for": row.waiting_for,
        "state": row.state,
        "customer": row.customer,
        "summary": row.summary,
        "tags": row.tags,
        "owner": row.owner,
        "group": row.group,
        "channel": row.channel,
        "opened_at": row.opened_at,
        "version": row.version,
    }


def _write(view: "QueueView", codes: tuple[str, ...]) -> None:
    from bdesk.operations.looking.queue import COUNT_CAP
    from bdesk.speech import speak

    titles = {"mine": _("Mine"), "waiting": _("Waiting"), "aside": _("Put aside")}
    headings = (_("Due"), _("Case"), _("Kind"), _("Customer"), _("Matter"), _("Owner"), _("Tags"))
    for one in view.sections:
        if one.code not in codes:
            continue
        rows = view.rows[one.code]
        total = f"{COUNT_CAP - 1}+" if one.total >= COUNT_CAP else str(one.total)
        write_line(f"{titles[one.code]}  {total}")
        if rows:
            write_table(headings, [_cells(row, view) for row in rows])
        write_line("")
    if view.figures.late:
        write_line(
            _("Missed today: {late}, of which excused: {excused}.",
              late=view.figures.late, excused=view.figures.excused)
        )  # fmt: skip
    if view.why_next is not None:
        write_line(_("Next: {why}", why=speak(f"next.{view.why_next.reason}")))
        if view.why_next.touched:
            write_line(_("Passed over, I had a hand in it: {count}.", count=view.why_next.touched))


def _cells(row: "QueueRow", view: "QueueView") -> tuple[str, ...]:
    from bdesk.models.kinds import CaseFlag, CaseKind
    from bdesk.models.labels import label_of
    from bdesk.speech import speak

    tags = " ".join(speak(f"tag.{tag}") if tag in OWN_TAGS else label_of(CaseFlag, tag) for tag in row.tags)
    kind = label_of(CaseKind, row.kind)
    return due_words(row, view), row.case_no, kind, row.customer, row.summary, row.owner or "", tags


def due_words(row: "QueueRow", view: "QueueView") -> str:
    """The chip in words: its state, and what is left or whom we wait for."""
    from bdesk.i18n import language
    from bdesk.models.clock_kinds import SlaState
    from bdesk.models.labels import label
    from bdesk.operations.looking.queue import sla_state
    from bdesk.rules.clock.display import short_time
    from bdesk.speech import speak

    state = sla_state(row, view.now)
    if state is SlaState.STOPPED:
        whom = speak(f"waits_for.{row.waiting_for}") if row.waiting_for else ""
        return f"{label(state)} {whom}".rstrip()
    left = short_time(row.due_at, view.now, language()) if row.due_at is not None else ""
    return f"{label(state)} {left}{'?' if row.provisional and left else ''}".rstrip()
