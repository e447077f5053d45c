"""Items and parcels of an order. A list that is given is the whole list: what it lacks is taken away, unless
a case or a refund speaks of it. Scans only grow."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, delete, func, select

from bdesk.errors import BadInput
from bdesk.models.kinds import REFUND_LIVE
from bdesk.models.tables import CaseItem, OrderItem, Parcel, Product, Refund, RefundItem, Scan
from bdesk.operations.importing.change import Change, Job, only_once, row_id, without
from bdesk.operations.importing.columns import Values


def put_parcels(job: Job, order_id: int, given: list[Values] | None, change: Change) -> None:
    """Add, change and take away parcels; `None` leaves them alone. Raises BadInput("import.twice")."""
    if given is None:
        return
    only_once((one["waybill"] for one in given), "parcels")
    session = job.unit.session
    rows = () if change.new else session.scalars(select(Parcel).where(Parcel.order_id == order_id))
    there = {row.waybill: row for row in rows}
    for one in given:
        row = there.pop(one["waybill"], None)
        plain = without(one, "scans")
        if row is None:
            row = Parcel(**plain, order_id=order_id)
            session.add(row)
            session.flush()
            change.columns.add("parcels")
            _scans(job, row, set(), one.get("scans", ()), change)
        else:
            change.put(row, plain, under="parcels.")
            _scans(job, row, _known_scans(job, row), one.get("scans", ()), change)
    for gone in there.values():
        _drop_parcel(job, gone)
        change.columns.add("parcels")


def _known_scans(job: Job, parcel: Parcel) -> set[tuple[datetime, str]]:
    found = job.unit.session.execute(select(Scan.at, Scan.text).where(Scan.parcel_id == parcel.id))
    return {(at, text) for at, text in found}


def _scans(
    job: Job, parcel: Parcel, there: set[tuple[datetime, str]], given: Iterable[Values], change: Change
) -> None:
    for one in given:
        if (one["at"], one["text"]) not in there:
            there.add((one["at"], one["text"]))
            job.unit.session.add(Scan(**one, parcel_id=row_id(parcel)))
            change.columns.add("parcels.scans")
    newest = max((at for at, _ in there), default=None)
    if newest != parcel.last_scan_at:
        parcel.last_scan_at = newest


def _drop_parcel(job: Job, parcel: Parcel) -> None:
    session = job.unit.session
    for item in session.scalars(select(OrderItem).where(OrderItem.parcel_id == parcel.id)):
        item.parcel_id = None
    session.flush()
    session.execute(delete(Scan).where(col(Scan.parcel_id) == parcel.id))
    session.delete(parcel)
    session.flush()


def put_items(job: Job, order_id: int, given: list[Values] | None, change: Change) -> None:
    """Add, change and take away items; `None` leaves them alone.

    Raises BadInput: import.twice, import.no_items, import.waybill, and import.item_in_use where a case or
    a refund holds more of an item than would be left.
    """
    session = job.unit.session
    if given is not None:
        if not given:
            raise BadInput("import.no_items", key=change.key or "")
        only_once((one["line"] for one in given), "items")
        rows = () if change.new else session.scalars(select(OrderItem).where(OrderItem.order_id == order_id))
        there = {row.line: row for row in rows}
        for one in given:
            _put_item(job, order_id, there.pop(one["line"], None), one, change)
        for gone in there.values():
            _must_be_free(job, gone, 0)
            session.delete(gone)
            change.columns.add("items")
    session.flush()
    _only_parcel(job, order_id)


def _put_item(job: Job, order_id: int, row: OrderItem | None, one: Values, change: Change) -> None:
    session = job.unit.session
    plain = without(one, "waybill")
    if "waybill" in one:
        plain["parcel_id"] = None
    if one.get("waybill") is not None:
        parcel = select(Parcel.id).where(Parcel.order_id == order_id, Parcel.waybill == one["waybill"])
        plain["parcel_id"] = session.scalars(parcel).first()
        if plain["parcel_id"] is None:
            raise BadInput("import.waybill", line=one["line"], waybill=one["waybill"])
    if row is None:
        session.add(OrderItem(**{**_from_product(job, one["sku"]), **plain}, order_id=order_id))
        change.columns.add("items")
        return
    if plain.get("quantity", row.quantity) < row.quantity:
        _must_be_free(job, row, plain["quantity"])
    change.put(row, plain, under="items.")


def _from_product(job: Job, sku: str) -> Values:
    """What an item takes from its product where the order does not say it."""
    product = job.unit.session.scalars(select(Product).where(Product.sku == sku)).first()
    if product is None:
        return {}
    return {"return_class": product.return_class, "window_days": product.window_days}


def _must_be_free(job: Job, item: OrderItem, left: int) -> None:
    session = job.unit.session
    refunded = session.scalars(
        select(func.coalesce(func.sum(RefundItem.quantity), 0))
        .join(Refund, col(Refund.id) == col(RefundItem.refund_id))
        .where(RefundItem.item_id == item.id, col(Refund.state).in_(REFUND_LIVE))
    ).one()
    asked = session.scalars(select(CaseItem.id).where(CaseItem.item_id == item.id).limit(1)).first()
    spoken_of = session.scalars(select(RefundItem.id).where(RefundItem.item_id == item.id).limit(1)).first()
    if refunded > left or (left == 0 and (asked is not None or spoken_of is not None)):
        raise BadInput("import.item_in_use", line=item.line)


def _only_parcel(job: Job, order_id: int) -> None:
    """Where there is one parcel, everything that nothing else is said of is in it."""
    session = job.unit.session
    parcels = session.scalars(select(Parcel.id).where(Parcel.order_id == order_id).limit(2)).all()
    if len(parcels) != 1:
        return
    loose = select(OrderItem).where(OrderItem.order_id == order_id, col(OrderItem.parcel_id).is_(None))
    for item in session.scalars(loose):
        item.parcel_id = parcels[0]
