"""Files as a firm hands them over, and a store to bring them into; for the tests of importing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, col, select

from bdesk.clock import to_local_iso
from bdesk.data import journal
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.kinds import Role, Stream
from bdesk.models.views.journal import Event
from bdesk.operations.context import Context
from bdesk.operations.importing.upsert import Imported, Pace, Reject, run_import
from tests.builders import T0, context, make_store, person

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
QUICK = Pace(rest=0)


def at(hours: float = 0) -> str:
    """An instant so many hours before the store's present."""
    return to_local_iso(T0 - timedelta(hours=hours))


def order(number: str = "BT20261114000101", **more: Any) -> dict[str, Any]:
    """An order document: a kettle for 128.00, paid from the wallet, on its way."""
    return {
        "order_no": number,
        "customer": {"account": "wangli", "name": "王丽", "phone": "15400000037"},
        "status": "shipped",
        "placed_at": at(72),
        "items": [{"line": 1, "sku": "K1", "name": "电热水壶", "price_fen": 12800}],
        "payments": [payment(f"PAY-{number[-4:]}")],
        "parcels": [
            {"waybill": f"SF{number[-6:]}", "carrier": "顺丰", "state": "in_transit", "shipped_at": at(48)}
        ],
        "as_of": at(1),
    } | more


def payment(number: str = "PAY-0101", amount_fen: Any = 12800, **more: Any) -> dict[str, Any]:
    paid = {"payment_no": number, "method": "wallet", "state": "success", "amount_fen": amount_fen}
    return paid | {"paid_at": at(71)} | more


def refund(number: str = "R1", amount_fen: int = 5000, state: str = "arrived", **more: Any) -> dict[str, Any]:
    return {"refund_no": number, "amount_fen": amount_fen, "state": state, "committed_at": at(20)} | more


@dataclass(slots=True)
class Firm:
    """A store with an administrator who imports. `rejects` are those of the last import."""

    ctx: Context
    folder: Path
    rejects: list[Reject] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.ctx.store

    def bring(self, kind: str, *rows: Mapping[str, Any] | str, pace: Pace = QUICK) -> Imported:
        """Import rows given as objects or as lines."""
        return self.file(kind, self.write(rows), pace=pace)

    def write(self, rows: Iterable[Mapping[str, Any] | str], name: str = "rows.jsonl") -> Path:
        path = self.folder / name
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    def file(self, kind: str, path: Path, *, pace: Pace = QUICK) -> Imported:
        self.rejects = []
        return run_import(self.ctx, kind, path, on_reject=self.rejects.append, pace=pace)

    def codes(self) -> list[tuple[int, str]]:
        """Lines and codes of what was rejected."""
        return [(one.line, one.error.code) for one in self.rejects]

    def all(self, model: type[SQLModel]) -> list[Any]:
        """Every row of a table, in order."""
        with self.store.read() as session:
            found: list[Any] = list(session.exec(select(model).order_by(col(model.id))))  # type: ignore[attr-defined]
            session.expunge_all()
            return found

    def one(self, model: type[SQLModel]) -> Any:
        (row,) = self.all(model)
        return row

    def events(self, kind: str) -> list[Event]:
        with self.store.read() as session:
            return [one for one in journal.events(session, Stream.STORE, "store") if one.kind == kind]

    def sound(self) -> bool:
        """Whether the journal and all that follows from it fit together."""
        return verify(self.store, self.ctx.book).ok


def make_firm(folder: Path, role: Role = Role.ADMIN, when: datetime = T0) -> Firm:
    store = make_store(folder, at=when)
    return Firm(context(store, person(store, "9001", role)), folder)
