"""Wallets with what went through them, and freezes with their reasons (training.md D4)."""

from datetime import datetime, timedelta

from bdesk.models.kinds import (
    FreezeReason,
    FreezeSource,
    PaymentMethod,
    PaymentState,
    WalletState,
    WalletTxKind,
)
from bdesk.models.tables import Freeze, Wallet, WalletTx
from bdesk.training.draw import Draw, spread
from bdesk.training.rows import Row
from bdesk.training.world import World, local_day

_FREEZES: dict[FreezeReason, float] = {
    FreezeReason.FREQUENT_TRANSFERS: 30,
    FreezeReason.ABNORMAL_LOGIN: 30,
    FreezeReason.ABNORMAL_FREQUENCY: 20,
    FreezeReason.FRAUD_RISK: 8,
    FreezeReason.USER_LOCK: 6,
    FreezeReason.ID_EXPIRED: 3,
    FreezeReason.JUDICIAL: 2,
    FreezeReason.MINOR: 1,
}
_SOURCES = {
    FreezeReason.USER_LOCK: FreezeSource.USER,
    FreezeReason.JUDICIAL: FreezeSource.JUDICIAL,
    FreezeReason.FRAUD_RISK: FreezeSource.MANUAL,
}
_TRIGGERS = {
    FreezeReason.FREQUENT_TRANSFERS: "1小时内向20个账户转账20笔",
    FreezeReason.ABNORMAL_LOGIN: "新设备异地登录",
    FreezeReason.ABNORMAL_FREQUENCY: "10分钟内支付失败8次",
    FreezeReason.FRAUD_RISK: "收款方被多人举报",
    FreezeReason.USER_LOCK: "用户自助锁定",
    FreezeReason.ID_EXPIRED: "证件已过有效期",
    FreezeReason.JUDICIAL: "司法协助冻结",
    FreezeReason.MINOR: "账户人未满18岁",
}
_OTHER_KINDS: dict[WalletTxKind, float] = {
    WalletTxKind.TRANSFER: 50,
    WalletTxKind.TOP_UP: 25,
    WalletTxKind.WITHDRAWAL: 15,
    WalletTxKind.RED_PACKET: 10,
}


def add_wallet(world: World, customer: Row, balance_fen: int, *, two_factor: bool = False) -> Row:
    wallet = world.rows.add(
        Wallet,
        wallet_no=f"QB{customer['id']:08d}",
        customer_id=customer["id"],
        balance_fen=balance_fen,
        two_factor=two_factor,
        region="HK" if customer["province"] == "香港" else "CN",
        as_of=world.now - timedelta(minutes=2),
    )
    world.wallets[customer["id"]] = wallet
    return wallet


def add_tx(
    world: World, wallet: Row, kind: WalletTxKind, amount_fen: int, *, at: datetime, **more: object
) -> Row:
    """One transaction; `more` holds `counterparty` and `order_id` where there are any."""
    number = len(world.rows.of(WalletTx)) + 1
    return world.rows.add(
        WalletTx,
        tx_no=f"WX{local_day(at)}{number:08d}",
        wallet_id=wallet["id"],
        kind=kind,
        amount_fen=amount_fen,
        at=at,
        **more,
    )


def _balance(draw: Draw) -> int:
    band = draw.weighted({"low": 60, "middle": 30, "high": 10})
    bounds = {"low": (0, 20_000), "middle": (20_000, 500_000), "high": (500_000, 20_000_000)}[band]
    return draw.between(*bounds)


def _purchases(world: World) -> None:
    for deal in world.deals:
        wallet = world.wallets.get(deal.customer["id"])
        if wallet is None or deal.tx is not None:
            continue
        for payment in deal.payments:
            if payment["method"] is PaymentMethod.WALLET and payment["state"] is PaymentState.SUCCESS:
                shop = deal.order["merchant"] or "B特派自营(训练)"
                deal.tx = add_tx(
                    world,
                    wallet,
                    WalletTxKind.PURCHASE,
                    payment["amount_fen"],
                    at=payment["paid_at"],
                    counterparty=shop,
                    order_id=deal.order["id"],
                )
        for refund in deal.refunds:
            if refund["method"] is PaymentMethod.WALLET and refund["arrived_at"] is not None:
                add_tx(
                    world,
                    wallet,
                    WalletTxKind.REFUND,
                    refund["amount_fen"],
                    at=refund["arrived_at"],
                    counterparty="B特派退款(训练)",
                    order_id=deal.order["id"],
                )


def freeze(world: World, draw: Draw, wallet: Row, reason: FreezeReason, hours: int = 2) -> None:
    """Freeze a wallet at least these hours ago, and at most two days ago or a day before them, with what led
    to it."""
    wallet["state"] = WalletState.LIMITED if reason is FreezeReason.ID_EXPIRED else WalletState.FROZEN
    least = timedelta(hours=hours)
    at = world.now - draw.span(least, max(timedelta(days=2), least + timedelta(days=1)))
    row = world.rows.add(
        Freeze,
        wallet_id=wallet["id"],
        reason=reason,
        source=_SOURCES.get(reason, FreezeSource.SYSTEM),
        trigger=_TRIGGERS[reason],
        amount_fen=wallet["balance_fen"],
        frozen_at=at,
    )
    world.frozen.append(row)
    if reason is FreezeReason.FREQUENT_TRANSFERS:
        start = at - timedelta(minutes=55)
        for number in range(20):
            moment = start + timedelta(minutes=number * 2, seconds=draw.between(1, 59))
            payee = f"训练收款人{number + 1:02d}"
            add_tx(world, wallet, WalletTxKind.TRANSFER, 100_000, at=moment, counterparty=payee)


def make_wallets(world: World) -> None:
    """A wallet for most customers; a few are frozen, for every reason once there is room."""
    draw = world.draw("wallets")
    for customer in world.customers:
        if customer["id"] not in world.wallets and draw.chance(88):
            wallet = add_wallet(world, customer, _balance(draw), two_factor=draw.chance(40))
            for _ in range(draw.between(0, 2)):
                kind = draw.weighted(_OTHER_KINDS)
                at = world.now - draw.span(timedelta(hours=6), timedelta(days=40))
                amount = draw.between(5, 800) * 100
                row = add_tx(world, wallet, kind, amount, at=at, counterparty="训练好友")
                if kind is WalletTxKind.TRANSFER:
                    world.transfers.append(row)
    _purchases(world)
    free = [
        world.wallets[customer["id"]]
        for customer in world.customers
        if customer["id"] in world.wallets and customer["id"] not in world.kept
    ]
    count = max(2, len(free) // 18)
    chosen = draw.some(free, count)
    for wallet, reason in zip(chosen, spread(_FREEZES, len(chosen)), strict=True):
        freeze(world, draw, wallet, reason)
