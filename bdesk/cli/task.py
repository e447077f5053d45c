"""`bdesk task`: what other departments were asked, and their answers."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.find import shown_at
from bdesk.cli.output import examples, new_app, write_changed, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.models.views.pages import TaskRow

app = new_app()

AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON document."))]


@app.command(
    "list",
    help=_("List the questions that wait for an answer, the earliest due at the top."),
    epilog=examples("bdesk task list --as 1001", "bdesk task list --department courier --json --as 1001"),
)
def list_waiting(
    department: Annotated[
        str | None, typer.Option(metavar="CODE", help=_("One department only: courier, warehouse ..."))
    ] = None,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.models.labels import label
    from bdesk.operations.looking import tasks
    from bdesk.speech import speak

    with acting(as_) as ctx:
        found = tasks.waiting(ctx, department)
    if as_json:
        write_json({"tasks": [_document(one) for one in found]})
    elif not found:
        write_line(_("No question waits."))
    else:
        headings = ("ID", _("Case"), _("Department"), _("Question"), _("Due at"), "", _("Findings"))
        rows = [
            (
                row.task.id,
                row.case_no,
                label(row.task.department),
                row.task.question,
                shown_at(row.task.due_at) if row.task.due_at is not None else "",
                _("overdue") if row.overdue else "",
                ", ".join(f"{code} ({speak(f'finding.{code}')})" for code in row.findings),
            )
            for row in found
        ]
        write_table(headings, rows)


def _document(row: "TaskRow") -> dict[str, object]:
    one = row.task
    return {
        "id": one.id,
        "case_no": row.case_no,
        "department": one.department,
        "what": one.what,
        "question": one.question,
        "asked_at": one.asked_at,
        "due_at": one.due_at,
        "overdue": row.overdue,
        "findings": row.findings,
    }


@app.command(
    help=_("What departments are asked, who is asked for it, and what an answer may come to."),
    epilog=examples("bdesk task kinds", "bdesk task kinds --json"),
)
def kinds(as_json: AsJson = False) -> None:
    from bdesk.data.book.book import load_book
    from bdesk.i18n import language
    from bdesk.models.kinds import Department
    from bdesk.models.labels import label_of

    found = load_book().tasks.values()
    if as_json:
        write_json(
            {
                "kinds": [
                    {
                        "what": one.what,
                        "departments": one.to,
                        "due_hours": one.due_hours,
                        "finding": one.needs,
                        "findings": list(one.findings),
                        "with_a_day": one.dated,
                    }
                    for one in found
                ]
            }
        )
        return
    headings = (_("Question"), "", _("Departments"), _("Hours"), _("Findings"))
    rows = [
        (
            one.what,
            one.label.get(language()),
            _("any")
            if len(one.to) == len(Department)
            else ", ".join(label_of(Department, to) for to in one.to),
            one.due_hours,
            ", ".join(f"{code} ({name.get(language())})" for code, name in one.findings.items()),
        )
        for one in found
    ]
    write_table(headings, rows)


@app.command(
    help=_(
        "Keep a department's answer: the case that asked is woken. Some questions need a finding; "
        "`task list` and `task kinds` name those that fit."
    ),
    epilog=examples(
        'bdesk task answer 12 "快递员确认错投" --finding not_delivered --as 1001',
        'bdesk task answer 13 "周三补货" --finding ships_on --on 2026-11-25 --json --as 1001',
    ),
)
def answer(
    number: Annotated[int, typer.Argument(metavar="ID", help=_("The number that `task list` shows."))],
    words: Annotated[str, typer.Argument(metavar="WORDS", help=_("What the department said."))],
    finding: Annotated[
        str | None,
        typer.Option(metavar="CODE", help=_("What the answer comes to: found, in_stock, ok ...")),
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DATE", help=_("The day that a finding names (ships_on).")
        ),
    ] = None,
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations import tasks

    with acting(as_) as ctx:
        changed = tasks.answer_task(ctx, number, words, finding, on.date() if on is not None else None)
    said: dict[str, object] = {"id": number, "case_no": changed.case_no, "finding": finding}
    write_changed(changed, as_json, {**said, "on": on.date()} if on is not None else said)
