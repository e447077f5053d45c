"""The floor of the filled queue: one model, one page of the same file in the same order, one list.

It has only the columns it shows, no sections, no joins, no figures and no clock.
"""

import sys
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, create_engine, select
from textual.app import App, ComposeResult
from textual.widgets import Static


class Case(SQLModel, table=True):
    __tablename__ = "work_case"
    id: int | None = Field(default=None, primary_key=True)
    case_no: str
    kind: str
    subject: str
    queue_at: datetime
    open: bool
    owner_id: int | None = None
    aside: bool
    stopped: bool


class Page(App[None]):
    CSS = "Static { height: 1; }"

    def compose(self) -> ComposeResult:
        engine = create_engine(sys.argv[1])
        waiting = (
            select(Case)
            .where(col(Case.open).is_(True), col(Case.owner_id).is_(None))
            .where(col(Case.aside).is_(False), col(Case.stopped).is_(False))
            .order_by(col(Case.queue_at), col(Case.id))
            .limit(64)
        )
        with Session(engine) as session:
            rows = list(session.exec(waiting))
        lines = [f"{row.queue_at:%H:%M}  {row.kind:<12} {row.case_no}  {row.subject}" for row in rows]
        yield Static("\n".join(lines), markup=False)


if __name__ == "__main__":
    Page().run()
