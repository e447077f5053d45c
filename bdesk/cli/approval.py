"""`bdesk approval`: what waits for a second person, and deciding it."""

from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.find import shown_at
from bdesk.cli.output import examples, new_app, write_changed, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.models.views.changed import Changed
    from bdesk.models.views.pages import ApprovalRow

app = new_app()

AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON document."))]


@app.command(
    "list",
    help=_("List the requests that wait, those that lapse first at the top."),
    epilog=examples("bdesk approval list --as 2001", "bdesk approval list --json --as 2001"),
)
def list_waiting(as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.operations.looking import approvals

    with acting(as_) as ctx:
        found = approvals.waiting(ctx)
    if as_json:
        write_json({"approvals": [_document(one) for one in found]})
        return
    if not found:
        write_line(_("No request waits."))
        return
    headings = (
        "ID",
        _("Case"),
        _("Action"),
        _("Amount"),
        _("Customer"),
        _("Asked by"),
        _("Reason"),
        _("Evidence"),
        _("Lapses"),
    )
    write_table(headings, [_cells(one) for one in found])


def _document(row: "ApprovalRow") -> dict[str, object]:
    one = row.approval
    return {
        "id": one.id,
        "case_no": one.case_no,
        "kind": row.kind,
        "action": one.action,
        "amount_fen": one.amount_fen,
        "state": one.state,
        "needs_role": one.needs_role,
        "flags": one.flags,
        "reason": one.reason,
        "requested_by": one.requested_by,
        "requested_at": one.requested_at,
        "lapses_at": one.lapses_at,
        "customer": row.customer,
        "subject": row.subject,
        "evidence": row.evidence,
        "unseen": row.unseen,
    }


def _cells(row: "ApprovalRow") -> tuple[object, ...]:
    from bdesk.speech import speak
    from bdesk.text import yuan

    one = row.approval
    amount = yuan(one.amount_fen) if one.amount_fen is not None else ""
    seen = _("{count}, {unseen} unseen", count=row.evidence, unseen=row.unseen)
    action = speak(f"action.{one.action}")
    return (
        one.id,
        one.case_no,
        action,
        amount,
        row.customer,
        one.requested_by,
        one.reason,
        seen,
        shown_at(one.lapses_at),
    )


@app.command(
    help=_("Decide a request. Refusing and sending back need words; nobody decides their own."),
    epilog=examples(
        "bdesk approval decide 12 --approve --as 2001",
        'bdesk approval decide 12 --refuse --note "凭证与订单不符" --as 2001',
        'bdesk approval decide 12 --return --note "请补充照片" --as 2001',
    ),
)
def decide(
    number: Annotated[int, typer.Argument(metavar="ID", help=_("The number that `approval list` shows."))],
    approve: Annotated[bool, typer.Option("--approve", help=_("Yes."))] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help=_("No, with a reason."))] = False,
    send_back: Annotated[bool, typer.Option("--return", help=_("Back with a question."))] = False,
    note: Annotated[str, typer.Option(help=_("The reason or the question."))] = "",
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.cli import passwords
    from bdesk.errors import BadInput
    from bdesk.operations import approvals

    chosen = [
        verdict
        for verdict, given in (("approve", approve), ("refuse", refuse), ("return", send_back))
        if given
    ]
    if len(chosen) != 1:
        raise BadInput("approval.one_verdict")
    with acting(as_) as ctx:
        own = None
        if approvals.needs_password(ctx, number):
            own = passwords.ask(passwords.PASSWORD, _("Password"))
        changed = approvals.decide(ctx, number, chosen[0], note, password=own)
    write_changed(
        changed, as_json, {"id": number, "state": changed.params["state"], "case_no": changed.case_no}
    )


Number = Annotated[int, typer.Argument(metavar="ID", help=_("The number that `approval list` shows."))]
Words = Annotated[str, typer.Option("--note", help=_("The words: the question, the answer or why."))]


@app.command(
    "ask-risk",
    help=_("Ask risk about a request before deciding it. It goes on waiting; no yes before the answer."),
    epilog=examples('bdesk approval ask-risk 12 --note "近期有异常登录吗" --as 2001'),
)
def ask_risk(number: Number, note: Words = "", as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.operations import approvals

    with acting(as_) as ctx:
        changed = approvals.ask_risk(ctx, number, note)
    _say(number, changed, as_json)


@app.command(
    "answer-risk",
    help=_("Answer what risk was asked about a request; who asked decides with it."),
    epilog=examples('bdesk approval answer-risk 12 --note "没有异常登录" --as 3001'),
)
def answer_risk(number: Number, note: Words = "", as_: As = None, as_json: AsJson = False) -> None:
    from bdesk.operations import approvals

    with acting(as_) as ctx:
        changed = approvals.answer_risk(ctx, number, note)
    _say(number, changed, as_json)


@app.command(
    "pass-on",
    help=_("Raise a request further: another supervisor, a manager or risk decides it from now on."),
    epilog=examples('bdesk approval pass-on 12 --to manager --note "金额大，请经理定" --as 2001'),
)
def pass_on(
    number: Number,
    to: Annotated[str, typer.Option(help=_("supervisor, manager or risk."))],
    note: Words = "",
    as_: As = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.operations import approvals

    with acting(as_) as ctx:
        changed = approvals.pass_on(ctx, number, to, note)
    _say(number, changed, as_json)


def _say(number: int, changed: "Changed", as_json: bool) -> None:
    write_changed(changed, as_json, {"id": number, "case_no": changed.case_no})
