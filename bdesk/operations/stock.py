"""Pieces in stock, as the shop told them last: what the desk sends in place of other goods is taken off."""

from sqlmodel import col, update

from bdesk.data.unit import Unit
from bdesk.models.tables import Product, Substitution
from bdesk.operations.change import rows_changed


def take_stock(unit: Unit, sku: str, pieces: int) -> bool:
    """Take pieces off in one guarded update: of two desks that want the last one, one gets it."""
    done = unit.session.exec(
        update(Product)
        .where(col(Product.sku) == sku, col(Product.stock) >= pieces)
        .values(stock=Product.stock - pieces, version=Product.version + 1)
    )
    return bool(rows_changed(done))


def give_back_stock(unit: Unit, row: Substitution) -> None:
    """The pieces are free again: the substitute was taken back or could not be sent."""
    unit.session.flush()
    unit.session.exec(
        update(Product)
        .where(col(Product.sku) == row.sku)
        .values(stock=Product.stock + row.quantity, version=Product.version + 1)
    )
