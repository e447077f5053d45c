"""Effects around a customer's wallet: the transaction a refund is about, a case about the wallet itself."""

from datetime import date

from sqlmodel import Session, col, select

from bdesk.clock import LOCAL
from bdesk.errors import NotAllowed
from bdesk.models.kinds import OPEN_STATES, CaseKind
from bdesk.models.tables import Case, Order, Wallet, WalletTx
from bdesk.operations.answering import set_items
from bdesk.operations.appealing import must_stay_about_it
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.limits import must_be_verified
from bdesk.operations.opening import NewCase, open_event
from bdesk.operations.returns import must_not_come_back
from bdesk.text import normalise_key


def attach_tx(call: EffectCall) -> None:
    """Attach the transaction found by number, or by amount and day, and the order it paid (S3:42, S3:44).

    Amounts and days are what people are verified by: only in the wallet of a verified customer are they
    looked for. Raises NotAllowed("wallet_tx.not_found", "wallet_tx.several", "wallet_tx.other_customer"),
    ("limits.verification"), ("return.already") once the goods of another order may come back, and what
    `must_stay_about_it` raises of an appeal.
    """
    session, case = call.act.unit.session, call.act.case
    tx = _find(call)
    owner = session.get_one(Wallet, tx.wallet_id).customer_id
    order = session.get(Order, tx.order_id) if tx.order_id is not None else None
    # Who pays for somebody else's order is verified as the payer, and hears nothing of that order.
    strange = order is not None and order.customer_id != owner
    if strange or (case.customer_id is not None and owner != case.customer_id):
        raise NotAllowed("wallet_tx.other_customer", tx_no=tx.tx_no)
    if tx.id == case.wallet_tx_id and tx.order_id == case.order_id:
        return
    if tx.order_id != case.order_id:
        must_not_come_back(call.act)
        must_stay_about_it(call.act, call.ctx)
    set_items(call.act, {})
    call.act.add(
        "case.wallet_tx_attached",
        {"tx": tx.tx_no, "kind": tx.kind.value},
        wallet_tx_id=tx.id,
        order_id=tx.order_id,
        customer_id=owner,
    )


def _find(call: EffectCall) -> WalletTx:
    session, case = call.act.unit.session, call.act.case
    if number := normalise_key(call.text("tx_no")):
        found = session.scalars(select(WalletTx).where(WalletTx.tx_no == number)).all()
    else:
        if case.customer_id is None:
            raise NotAllowed("verification.no_customer")
        must_be_verified(call)
        found = _by_sum(session, case.customer_id, call.fen(), call.params.get("date"))
    if not found:
        raise NotAllowed("wallet_tx.not_found")
    if len(found) > 1:
        raise NotAllowed("wallet_tx.several", count=len(found))
    return found[0]


def _by_sum(session: Session, customer_id: int, amount_fen: int, day: object) -> list[WalletTx]:
    rows = session.scalars(
        select(WalletTx)
        .join(Wallet, col(Wallet.id) == col(WalletTx.wallet_id))
        .where(Wallet.customer_id == customer_id, WalletTx.amount_fen == amount_fen)
        .order_by(col(WalletTx.id))
    )
    return [row for row in rows if not isinstance(day, date) or row.at.astimezone(LOCAL).date() == day]


def open_beside(call: EffectCall) -> None:
    """Open a case of another kind for the same customer beside this one, for whoever is free; this one goes
    on as it is, and each names the other on its timeline (WR-c).

    Raises NotAllowed("case.open_beside", case_no=) when the customer has an open one of that kind, and
    ("verification.no_customer").
    """
    session, case, kind = call.act.unit.session, call.act.case, CaseKind(call.text("kind"))
    if case.customer_id is None:
        raise NotAllowed("verification.no_customer")
    already = session.scalars(
        select(Case.case_no).where(
            Case.customer_id == case.customer_id, Case.kind == kind, col(Case.state).in_(OPEN_STATES)
        )
    ).first()
    if already is not None:
        raise NotAllowed("case.open_beside", case_no=already)
    new = NewCase(kind, case.channel, customer_id=case.customer_id, subject=case.subject, take=False)
    other = open_event(call.act.unit, call.ctx, new)
    other.add("case.opened_from", {"case": case.case_no})
    call.act.add("case.opened_beside", {"case": other.case.case_no, "kind": kind.value})
    call.act.touched.append(other.case)
