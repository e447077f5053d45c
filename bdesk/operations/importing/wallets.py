"""Wallets, by number, with their freezes and transactions as the wallet side reports them."""

from sqlmodel import col, select

from bdesk.data.verify_wallets import freeze_digest
from bdesk.errors import BadInput
from bdesk.models.kinds import FreezeReason, FreezeSource, WalletState, WalletTxKind
from bdesk.models.tables import Freeze, Order, Wallet, WalletTx
from bdesk.operations.importing import customers
from bdesk.operations.importing.change import Change, Job, newer, only_once, row_id, without
from bdesk.operations.importing.columns import (
    Shape,
    Values,
    choice,
    fen,
    flag,
    instant,
    key,
    several,
    text,
)

_FREEZE = Shape(
    "freezes",
    (
        choice("reason", FreezeReason, required=True),
        choice("source", FreezeSource, required=True),
        text("trigger", 200),
        fen("amount_fen"),
        instant("frozen_at", required=True),
        instant("released_at"),
    ),
)
_TRANSACTION = Shape(
    "transactions",
    (
        text("tx_no", 40, required=True),
        choice("kind", WalletTxKind, required=True),
        fen("amount_fen", required=True),
        instant("at", required=True),
        text("counterparty", 128),
        key("order_no", 32),
    ),
)
SHAPE = Shape(
    "wallets",
    (
        text("wallet_no", 40, required=True),
        text("account", 64, required=True),
        choice("state", WalletState, default=WalletState.NORMAL),
        fen("balance_fen", negative=True),
        flag("two_factor"),
        text("region", 8),
        choice("freeze_reason", FreezeReason),
        several("freezes", _FREEZE),
        several("transactions", _TRANSACTION),
        instant("as_of", required=True),
    ),
)

_HELD = (WalletState.FROZEN, WalletState.LIMITED)

UNNAMED = "导入时已冻结，文件未列明 · imported frozen, not named"
"""What set off a freeze that a file knows of only by the wallet's state."""

_BY = {FreezeReason.JUDICIAL: FreezeSource.JUDICIAL, FreezeReason.USER_LOCK: FreezeSource.USER}


def apply(job: Job, values: Values) -> Change:
    """Add or update a wallet; freezes and transactions are added and corrected, never taken away.

    A file freezes and never releases: a wallet is let go at the desk, by two people, and one that an
    authority froze by nobody (B0.7, docs/decisions/0031).

    Raises BadInput: import.no_customer, import.other_customer, import.elsewhere, import.no_order,
    import.frozen, import.freeze_stays.
    """
    change = Change(key=values["wallet_no"])
    session = job.unit.session
    owner = customers.find(job, values["account"])
    if owner is None:
        raise BadInput("import.no_customer", account=values["account"])
    plain = without(values, "account", "freeze_reason", "freezes", "transactions")
    row = session.scalars(select(Wallet).where(Wallet.wallet_no == values["wallet_no"])).first()
    if row is not None and row.customer_id != owner.id:
        raise BadInput("import.other_customer", key=values["wallet_no"])
    if row is None:
        newer(job, None, values)
        other = session.scalars(select(Wallet).where(Wallet.customer_id == owner.id)).first()
        if other is not None:
            raise BadInput("import.second_wallet", account=values["account"], key=other.wallet_no)
        row = Wallet(**plain, customer_id=row_id(owner))
        session.add(row)
        session.flush()
        change.new, change.columns = True, set(plain)
    elif newer(job, row.as_of, values):
        _must_stay_held(row, plain)
        change.put(row, plain)
    else:
        change.row_id = row_id(row)
        return change
    change.row_id = row_id(row)
    _freezes(job, row_id(row), values.get("freezes", ()), change)
    if row.state in _HELD:
        _must_have_a_freeze(job, row_id(row), values, change)
    _transactions(job, row_id(row), values.get("transactions", ()), change)
    change.wallet = _told(job, row)
    return change


def _must_have_a_freeze(job: Job, wallet_id: int, values: Values, change: Change) -> None:
    """A held wallet without a freeze could be released by nobody: what is decided, and by whom, goes by the
    freeze. One whose reason the file does not say is risk's to look into (B0.7)."""
    session = job.unit.session
    open_ones = select(Freeze.id).where(Freeze.wallet_id == wallet_id, col(Freeze.released_at).is_(None))
    if session.scalars(open_ones.limit(1)).first() is not None:
        return
    reason = values.get("freeze_reason") or FreezeReason.FRAUD_RISK
    made = Freeze(
        wallet_id=wallet_id,
        reason=reason,
        source=_BY.get(reason, FreezeSource.SYSTEM),
        trigger=UNNAMED,
        frozen_at=values["as_of"],
    )
    session.add(made)
    session.flush()
    change.columns.add("freezes")


def _told(job: Job, row: Wallet) -> dict[str, object]:
    """The state and the freezes as the store has them now; freezes as digests (they are a person's)."""
    job.unit.session.flush()
    found = job.unit.session.scalars(
        select(Freeze).where(Freeze.wallet_id == row_id(row)).order_by(col(Freeze.id))
    )
    return {"state": row.state, "freezes": [[one.id, freeze_digest(one.model_dump())] for one in found]}


def _must_stay_held(row: Wallet, plain: Values) -> None:
    """Raises BadInput("import.frozen") for a state that would let go of a wallet that is held."""
    state = plain.get("state", row.state)
    if row.state in _HELD and state not in (row.state, WalletState.FROZEN):
        raise BadInput("import.frozen", key=row.wallet_no, state=row.state, to=state)


def _must_stay_as_it_is(row: Freeze, given: Values) -> None:
    """Of a freeze that is there a file corrects what set it off and how much it holds; of one by an authority
    nothing, and its end never: who released it, and when, is the desk's own record.

    Raises BadInput("import.freeze_stays").
    """
    fixed = set(given) if _is_judicial(row) else set(given) & {"source", "released_at"}
    if row.released_at is not None and given.get("released_at") is not None:
        fixed.discard("released_at")  # both say that it is over: ours is kept
    if any(getattr(row, name) != given[name] for name in fixed):
        raise BadInput("import.freeze_stays", at=row.frozen_at, reason=row.reason)


def _is_judicial(row: Freeze) -> bool:
    return row.source is FreezeSource.JUDICIAL or row.reason is FreezeReason.JUDICIAL


def _freezes(job: Job, wallet_id: int, given: list[Values] | tuple[()], change: Change) -> None:
    only_once(((one["frozen_at"], one["reason"]) for one in given), "freezes")
    session = job.unit.session
    there = {
        (row.frozen_at, row.reason): row
        for row in session.scalars(select(Freeze).where(Freeze.wallet_id == wallet_id))
    }
    unnamed = next((row for row in there.values() if row.trigger == UNNAMED and not row.released_at), None)
    for one in given:
        row = there.get((one["frozen_at"], one["reason"]))
        if row is None and unnamed is not None and one.get("released_at") is None:
            # What the store knew by the wallet's state alone is said now.
            change.put(unnamed, {"trigger": "", "amount_fen": 0, **one}, under="freezes.")
            unnamed = None
        elif row is None:
            session.add(Freeze(**one, wallet_id=wallet_id))
            change.columns.add("freezes")
        else:
            _must_stay_as_it_is(row, one)
            change.put(row, without(one, "released_at"), under="freezes.")


def _transactions(job: Job, wallet_id: int, given: list[Values] | tuple[()], change: Change) -> None:
    only_once((one["tx_no"] for one in given), "transactions")
    session = job.unit.session
    for one in given:
        row = session.scalars(select(WalletTx).where(WalletTx.tx_no == one["tx_no"])).first()
        plain = without(one, "order_no")
        if one.get("order_no") is not None:
            order_id = session.scalars(select(Order.id).where(Order.order_no == one["order_no"])).first()
            if order_id is None:
                raise BadInput("import.no_order", key=one["order_no"])
            plain["order_id"] = order_id
        if row is None:
            session.add(WalletTx(**plain, wallet_id=wallet_id))
            change.columns.add("transactions")
        elif row.wallet_id != wallet_id:
            raise BadInput("import.elsewhere", key=one["tx_no"])
        else:
            change.put(row, plain, under="transactions.")
