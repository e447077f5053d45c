"""Wallets of b特派钱包: balance, freezes and transactions, as the wallet side reports them."""

from datetime import datetime

from sqlmodel import Field

from bdesk.models.kinds import FreezeReason, FreezeSource, WalletState, WalletTxKind
from bdesk.models.tables.base import Row, VersionedRow, enum_field


class Wallet(VersionedRow, table=True):
    __tablename__ = "wallet"
    wallet_no: str = Field(max_length=40, unique=True)
    customer_id: int = Field(foreign_key="customer.id", unique=True)
    state: WalletState = enum_field(WalletState, WalletState.NORMAL)
    balance_fen: int = 0
    two_factor: bool = False
    region: str = Field(default="CN", max_length=8)
    as_of: datetime | None = None
    # Nothing is sent out of it before then (P8, AC5)
    outgoing_limited_until: datetime | None = None


class Freeze(VersionedRow, table=True):
    """WU-01: a freeze always has a reason. `trigger` is for staff and is never read out."""

    __tablename__ = "wallet_freeze"
    wallet_id: int = Field(foreign_key="wallet.id", index=True)
    reason: FreezeReason = enum_field(FreezeReason)
    source: FreezeSource = enum_field(FreezeSource)
    trigger: str = Field(default="", max_length=200)
    amount_fen: int = 0
    frozen_at: datetime
    released_at: datetime | None = None


class WalletTx(Row, table=True):
    __tablename__ = "wallet_tx"
    tx_no: str = Field(max_length=40, unique=True)
    wallet_id: int = Field(foreign_key="wallet.id", index=True)
    kind: WalletTxKind = enum_field(WalletTxKind)
    amount_fen: int
    at: datetime = Field(index=True)
    counterparty: str = Field(default="", max_length=128)
    order_id: int | None = Field(default=None, foreign_key="shop_order.id")
