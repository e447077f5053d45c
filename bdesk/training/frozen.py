"""A wallet that a scenario freezes, with the transfers that led to it (training.md D7, S7)."""

from datetime import datetime, timedelta

from bdesk.models.kinds import WalletState, WalletTxKind
from bdesk.models.tables import Freeze
from bdesk.training.rows import Row
from bdesk.training.scenario_file import RawFreeze
from bdesk.training.wallets import add_tx
from bdesk.training.world import World


def freeze_as_told(world: World, wallet: Row, raw: RawFreeze, at: datetime) -> None:
    """Freeze the wallet at `at`, and write what went out before it."""
    wallet["state"] = WalletState.FROZEN
    row = world.rows.add(
        Freeze,
        wallet_id=wallet["id"],
        reason=raw.reason,
        source=raw.source,
        trigger=raw.trigger,
        amount_fen=wallet["balance_fen"],
        frozen_at=at,
    )
    world.frozen.append(row)
    if raw.transfers is None:
        return
    apart = timedelta(minutes=raw.transfers.minutes) / raw.transfers.count
    for number in range(raw.transfers.count):
        add_tx(
            world,
            wallet,
            WalletTxKind.TRANSFER,
            raw.transfers.amount_fen,
            at=at - timedelta(minutes=raw.transfers.minutes) + apart * number,
            counterparty=f"训练收款人{number % raw.transfers.payees + 1:02d}",
        )
