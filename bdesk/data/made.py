"""How a store was made, as its first event says it: for training, or not."""

from sqlalchemy import select
from sqlmodel import Session

from bdesk.data import journal
from bdesk.data.core import EVENT
from bdesk.models.kinds import Stream

MADE = "store.made"


def made_for_training(session: Session) -> bool | None:
    """None where the journal does not say, as a damaged one may."""
    here = (EVENT.c.stream == Stream.STORE, EVENT.c.stream_id == "store", EVENT.c.kind == MADE)
    row = session.execute(select(*journal.COLUMNS).where(*here).order_by(EVENT.c.sequence).limit(1)).first()
    said = None if row is None else journal.to_event(row).payload.get("training")
    return said if isinstance(said, bool) else None
