"""Causes of delay as the desk learnt them (`operations.effects.delays`): the order's row, and who said so."""

from datetime import timedelta

from bdesk.clock import to_iso
from bdesk.models.kinds import DelayCause
from bdesk.models.tables import OrderDelay
from bdesk.training.ledger import Work
from bdesk.training.world import at_local, local_date


def recorded(work: Work, cause: DelayCause, source: str, within: int) -> None:
    """Whoever works the case writes down the cause, and that it is shipped `within` days from now."""
    day = local_date(work.at) + timedelta(days=within)
    eta = at_local(day + timedelta(days=1), 0)
    row = work.world.rows.add(
        OrderDelay,
        order_id=work.row["order_id"],
        case_id=work.row["id"],
        cause=cause,
        eta=eta,
        source=source,
        by=work.actor,
        at=work.at,
    )
    work.add(
        "delay.recorded",
        {"delay": row["id"], "why": cause.value, "source": source, "eta": to_iso(eta)},
    )
