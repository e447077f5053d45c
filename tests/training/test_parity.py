"""What is composed here must read as if people had done it: the same kinds, payloads and columns."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bdesk.data import journal
from bdesk.data.book.book import load_book
from bdesk.data.core import CASE
from bdesk.data.store import Store, open_store
from bdesk.models.kinds import CaseKind, Channel, EvidenceKind, RefundReason, Stream
from bdesk.models.tables import Case
from bdesk.models.views.journal import Event
from bdesk.operations.context import Context
from bdesk.operations.evidence import add_evidence
from bdesk.operations.notes import add_note
from bdesk.operations.opening import NewCase, open_case
from bdesk.operations.parking import put_aside
from bdesk.operations.queue import claim, release
from bdesk.operations.raising import raise_case
from bdesk.operations.staff.people import find_actor
from bdesk.operations.walking import standing
from bdesk.training.cases import Maker
from bdesk.training.ledger import Said
from bdesk.training.report import Report
from bdesk.training.seed import Seeded, seed_store
from bdesk.training.sizes import Size
from tests.training.conftest import NOW, copied

OWN = {"id", "version", "case_no", "case_tail", "opened_at", "folded_at"}


@pytest.fixture
def store(demo_report: Report, tmp_path: Path) -> Iterator[Store]:
    with open_store(copied(demo_report, tmp_path)) as found:
        yield found


def told(store: Store, case_id: int) -> tuple[Event, ...]:
    with store.read() as session:
        return journal.events(session, Stream.CASE, case_id)


def shapes(events: Sequence[Event | Said]) -> dict[str, set[str]]:
    """Which names the payloads of each kind use; `before` and `cause` depend on what came first."""
    found: dict[str, set[str]] = {}
    for event in events:
        found.setdefault(event.kind, set()).update(set(event.payload) - {"before", "cause"})
    return found


def a_raised_complaint() -> list[Said]:
    """How a case that goes to a supervisor is composed; not every demo has one."""
    book = load_book()
    seeded = Seeded(Size.DEMO, 7, NOW, (), book)
    seeded.make()
    letters = {code: book.version("letter", code) for code in book.letters}
    maker = Maker(seeded.world, seeded.ledger, seeded.pins, book.clock_kinds, book.calendars, letters)
    return maker.case(0, CaseKind.COMPLAINT, "waiting_approval", "fine").said


def test_s1_opened_by_the_operation_gives_the_same_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    seed_store(url, size="empty", scenario="S1")
    with open_store(url) as store:
        with store.read() as session:
            seeded = session.execute(select(CASE)).mappings().one()
        new = NewCase(
            kind=CaseKind.REFUND,
            channel=Channel.REFUND_FORM,
            order_id=seeded["order_id"],
            subject=seeded["subject"],
            desired=seeded["desired"],
            description="电热水壶收到打开就是坏的。",
            reason=RefundReason.QUALITY,
            received_at=seeded["received_at"],
            take=False,
            filed=True,
        )
        changed = open_case(Context(store, load_book(), find_actor(store, "1001")), new)
        with store.read() as session:
            opened = session.execute(select(CASE).where(CASE.c.id == changed.case_id)).mappings().one()
        first, second = told(store, seeded["id"]), told(store, opened["id"])
    assert {name: seeded[name] for name in seeded if name not in OWN} == {
        name: opened[name] for name in opened if name not in OWN
    }
    kinds = [event.kind for event in second]
    assert [event.kind for event in first][: len(kinds)] == kinds
    assert {kind: shapes(first)[kind] for kind in kinds} == shapes(second)
    assert first[1].payload["start_at"] == second[1].payload["start_at"]


def test_what_people_do_reads_the_same_as_what_was_composed(store: Store) -> None:
    ctx = Context(store, load_book(), find_actor(store, "1003"))
    new = NewCase(kind=CaseKind.REFUND, channel=Channel.REFUND_FORM, order_id=1, take=False, filed=True)
    case_id = open_case(ctx, new).case_id or 0
    claim(ctx, case_id)
    add_note(ctx, case_id, "客户下午方便接电话")
    add_evidence(ctx, case_id, EvidenceKind.PHOTO, "a.jpg", "https://evidence.example.com/a.jpg")
    put_aside(ctx, case_id, NOW + timedelta(hours=3))
    claim(ctx, case_id)
    raise_case(ctx, case_id, "supervisor", "超出权限")
    release(ctx, case_id)
    by_hand = shapes(told(store, case_id))
    composed = shapes(a_raised_complaint())
    with store.read() as session:
        ids = session.scalars(select(CASE.c.id).where(CASE.c.id != case_id)).all()
    for number in ids:
        for kind, names in shapes(told(store, number)).items():
            composed.setdefault(kind, set()).update(names)
    common = set(by_hand) & set(composed)
    assert {"case.claimed", "note.added", "case.put_aside", "case.raised", "customer.evidence"} <= common
    for kind in common - {"case.opened", "clock.attached"}:
        assert composed[kind] == by_hand[kind], kind


def test_every_seeded_case_can_be_stood_on(store: Store) -> None:
    ctx = Context(store, load_book(), find_actor(store, "1001"))
    with store.read() as session:
        for case in session.scalars(select(Case)).all():
            stand = standing(session, ctx, case.id or 0, NOW)
            assert stand.walk.current is not None, case.case_no
