"""Products, by SKU: return class, window and stock."""

from sqlmodel import select

from bdesk.models.kinds import ReturnClass
from bdesk.models.tables import Product
from bdesk.operations.importing.change import Change, Job, newer, row_id
from bdesk.operations.importing.columns import Shape, Values, choice, fen, instant, text, whole

LONGEST_WINDOW = 3650

SHAPE = Shape(
    "products",
    (
        text("sku", 64, required=True),
        text("name", 128, required=True),
        text("category", 32),
        choice("return_class", ReturnClass, default=ReturnClass.NORMAL),
        whole("window_days", 0, LONGEST_WINDOW, default=7),
        fen("price_fen"),
        whole("stock", 0, 1_000_000_000, default=0),
        whole("warranty_days", 0, 36_500, default=0),
        text("substitute_sku", 64, empty=True),
        instant("as_of", required=True),
    ),
)


def apply(job: Job, values: Values) -> Change:
    """Add or update a product. Raises BadInput("import.future")."""
    change = Change(key=values["sku"])
    session = job.unit.session
    row = session.scalars(select(Product).where(Product.sku == values["sku"]).with_for_update()).first()
    if row is None:
        newer(job, None, values)
        row = Product(**values)
        session.add(row)
        session.flush()
        change.new, change.columns = True, set(values)
    elif newer(job, row.as_of, values):
        change.put(row, values)
    change.row_id = row_id(row)
    return change
