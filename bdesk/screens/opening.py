"""Opening a case on the screen: a tab, the case screen over whatever was there. Claims nothing."""

from typing import TYPE_CHECKING, Any

from bdesk.models.views.queue import QueueRow
from bdesk.screens.place import OpenCase

if TYPE_CHECKING:
    from bdesk.screens.base import DeskScreen


def open_case_screen(
    screen: "DeskScreen", case_id: int, *, row: QueueRow | None = None, case_no: str = "", then: str = ""
) -> None:
    """Open a case on a tab and show it; the case screen reads what it needs. `then` as in `show_case`."""
    place = screen.place
    known = next((one for one in place.open_cases if one.case_id == case_id), None)
    if row is not None:
        known = OpenCase(case_id, row.case_no, row.customer, row.kind, row)
    place.open(known or OpenCase(case_id, case_no, "", ""))
    app: Any = screen.app
    app.show_case(then)
