"""Whose limits count: an own limits.yaml sets nobody's, the store's adopted text sets everybody's."""

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bdesk.data import health
from bdesk.data.book import adopted
from bdesk.data.book import policies as reading
from bdesk.data.book.book import forget
from bdesk.data.book.policies import packaged_limits_text
from bdesk.data.book.texts import Source
from bdesk.data.store import Store, create_store, open_store
from bdesk.errors import BadInput, DeskError, NotAllowed, StoreProblem
from bdesk.models.kinds import Role, Stream
from bdesk.models.views.health import Health
from bdesk.operations import approvals, policies
from bdesk.operations.staff.founding import found
from bdesk.operations.staff.people import NewPerson
from tests.builders import Item, Placed, adopt_limits, order, person
from tests.operations.desk import Desk, refunded

GENEROUS = ("max_fen: 50000", "max_fen: 5000000")


def own_limits(home: Path, *changes: tuple[str, str]) -> Path:
    """An own limits.yaml, as somebody with a shell writes it."""
    folder = home / "book" / "policies"
    folder.mkdir(parents=True, exist_ok=True)
    text = packaged_limits_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "limits.yaml").write_text(text, "utf-8")
    forget()
    return folder / "limits.yaml"


@pytest.fixture
def admin(desk: Desk) -> Desk:
    return Desk(desk.store, person(desk.store, "9001", Role.ADMIN), desk.ports)


@pytest.fixture
def dear(store: Store, buyer: int) -> Placed:
    return order(store, buyer, items=[Item(price_fen=80000)])


def with_own_book(desk: Desk) -> Desk:
    """The same person at a desk that reads its own files."""
    return Desk(desk.store, desk.ctx.actor, desk.ports)


def test_an_own_file_sets_nobodys_limits(desk: Desk, dear: Placed, own_home: Path) -> None:
    own_limits(own_home, GENEROUS)
    mine = with_own_book(desk)
    assert mine.ctx.book.limits.rows["refund"].cells[Role.AGENT].ceiling.max_fen == 5_000_000  # type: ignore[union-attr]
    case_id = mine.to_decision(mine.opened(dear))
    assert mine.stand(case_id).facts["limits.refund_fen"] == 50000
    with pytest.raises(DeskError) as refused:
        mine.go(case_id, "approve")
    assert refused.value.code == "option.refused"
    assert refunded(desk.store, dear) == (0, 0)


def test_a_cache_of_the_book_sets_nobodys_limits(desk: Desk, dear: Placed) -> None:
    limits = desk.ctx.book.limits
    rows = {**limits.rows, "refund": replace(limits.rows["refund"], cells=limits.rows["reject"].cells)}
    book = replace(desk.ctx.book, limits=replace(limits, rows=rows))
    mine = Desk(desk.store, desk.ctx.actor, desk.ports)
    mine.ctx = replace(mine.ctx, book=book)
    case_id = mine.to_decision(mine.opened(dear))
    with pytest.raises(DeskError, match=r"option\.refused"):
        mine.go(case_id, "approve")


def test_an_own_file_neither_approves_nor_ends_a_request(
    desk: Desk, chief: Desk, buyer: int, own_home: Path
) -> None:
    own_limits(own_home, ("approval_hours: 24", "approval_hours: 1"), ("note_above_fen: 2000000\n", "\n"))
    mine, other = with_own_book(desk), with_own_book(chief)
    dear = order(desk.store, buyer, items=[Item(price_fen=2_500_000)])
    mine.go(mine.to_decision(mine.opened(dear)), "approval", why="贵")
    mine.later(hours=2)
    with pytest.raises(BadInput, match=r"approval\.no_words"):
        approvals.decide(other.ctx, 1, "approve")
    mine.later(hours=23)
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        approvals.decide(other.ctx, 1, "approve", "同意")


def test_what_the_store_adopts_counts_at_every_desk_at_once(
    desk: Desk, admin: Desk, placed: Placed, own_home: Path
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    path = own_limits(own_home, ("max_fen: 50000", "max_fen: 100"))
    changed = policies.adopt_limits(admin.ctx, path)
    assert changed.code == "policy.adopted"
    assert policies.adopt_limits(admin.ctx).code == "policy.same"
    with pytest.raises(DeskError, match=r"option\.refused"):
        desk.press_f8(pending)
    path.unlink()
    forget()
    assert policies.adopt_limits(admin.ctx).params["was"] == changed.params["version"]
    desk.press_f8(desk.strip(case_id, "approve"))
    (committed,) = desk.events(case_id, "effect.committed")
    assert committed.payload["limits"] == desk.ctx.book.version("policy", "limits")


def test_adopting_is_journalled_with_the_whole_digest(desk: Desk, admin: Desk, own_home: Path) -> None:
    path = own_limits(own_home, GENEROUS)
    policies.adopt_limits(admin.ctx, path)
    with desk.store.read() as session:
        event = adopted.last_adoption(session)
        assert event is not None
        assert (event.stream, event.actor, event.kind) == (Stream.STORE, "9001", "policy.adopted")
        assert event.payload["digest"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert event.payload["was"] == desk.ctx.book.version("policy", "limits")
        assert adopted.adopted(session).limits.rows["refund"].cells[Role.AGENT].ceiling.max_fen == 5_000_000  # type: ignore[union-attr]


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.ADMIN])
def test_only_an_admin_adopts(desk: Desk, role: Role, own_home: Path) -> None:
    path = own_limits(own_home, GENEROUS)
    somebody = Desk(desk.store, person(desk.store, role=role))
    before = desk.store.newest_event()
    with pytest.raises(NotAllowed, match=r"role\.only_admin"):
        policies.adopt_limits(somebody.ctx, path)
    assert desk.store.newest_event() == before


def test_what_does_not_fit_is_not_adopted(desk: Desk, admin: Desk, tmp_path: Path) -> None:
    path = tmp_path / "limits.yaml"
    before = desk.store.newest_event()
    for_admins = packaged_limits_text().replace("supervisor: {may", "admin: {may")
    for text in ("version: 1\n", for_admins, "[" * 500):
        path.write_text(text, "utf-8")
        with pytest.raises(BadInput):
            policies.adopt_limits(admin.ctx, path)
    with pytest.raises(BadInput, match=r"book\.unreadable"):
        policies.adopt_limits(admin.ctx, tmp_path)
    assert desk.store.newest_event() == before


def edit(store: Store, statement: str, *values: object) -> None:
    connection = sqlite3.connect(store.place)
    assert connection.execute(statement, values).rowcount > 0
    connection.commit()
    connection.close()


def test_an_edited_text_decides_nothing_until_it_is_adopted_anew(
    desk: Desk, admin: Desk, placed: Placed, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    text = packaged_limits_text().replace(*GENEROUS, 1)
    edit(desk.store, "UPDATE book_text SET text=? WHERE kind='policy' AND code='limits'", text)
    monkeypatch.setattr(adopted, "_parsed", {})
    with pytest.raises(StoreProblem, match=r"policy\.damaged"):
        desk.press_f8(pending)
    assert health.limits_check(desk.store).health is Health.FAULT
    assert policies.adopt_limits(admin.ctx).code == "policy.adopted"
    desk.press_f8(pending)
    assert health.limits_check(desk.store).health is Health.OK


def test_two_texts_of_one_name_are_told_apart(
    desk: Desk, admin: Desk, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    """Eight signs of a digest can be made to match with some patience."""
    digest_of = adopted.digest_of
    monkeypatch.setattr(adopted, "digest_of", lambda text: "0" * 8 + digest_of(text))
    adopt_limits(desk.store)
    with pytest.raises(BadInput, match=r"policy\.version_taken"):
        policies.adopt_limits(admin.ctx, own_limits(own_home, GENEROUS))


def test_a_store_without_limits_decides_nothing(
    desk: Desk, placed: Placed, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    monkeypatch.setattr(adopted, "last_adoption", lambda session: None)
    with pytest.raises(StoreProblem, match=r"policy\.none_adopted"):
        desk.press_f8(pending)
    assert refunded(desk.store, placed) == (0, 0)


def test_a_newer_bdesk_works_by_what_was_adopted(
    desk: Desk, admin: Desk, placed: Placed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits packaged with the new release are lower, and its code asks for a number the old lack."""
    before = desk.ctx.book.version("policy", "limits")
    text = packaged_limits_text().replace("numbers:\n", "numbers:\n  new_bound: 7\n")
    text = text.replace("max_fen: 50000", "max_fen: 100")
    new = Source("policies/limits.yaml", text)
    monkeypatch.setattr(reading, "NUMBERS", reading.NUMBERS | {"new_bound"})
    monkeypatch.setattr(reading, "packaged_limits_text", lambda: text)
    monkeypatch.setattr(adopted, "_parsed", {})
    for module in (health, policies):
        monkeypatch.setattr(module, "limits_source", lambda: new)
    with desk.store.read() as session:
        assert adopted.adopted(session).limits.numbers["new_bound"] == 7
    assert health.limits_check(desk.store).code == "policy.differs"
    assert policies.others_here(desk.store) == before
    case_id = desk.to_decision(desk.opened(placed))
    desk.press_f8(desk.strip(case_id, "approve"))
    assert policies.adopt_limits(admin.ctx).params["was"] == before
    assert policies.others_here(desk.store) is None
    assert desk.stand(case_id).facts["limits.refund_fen"] == 100


def test_init_adopts_what_the_book_holds_at_that_moment(tmp_path: Path, own_home: Path) -> None:
    path = own_limits(own_home, ("max_fen: 50000", "max_fen: 100"))
    url = f"sqlite:///{tmp_path / 'real.db'}"
    create_store(url).close()  # by an attempt that ended before it had anybody
    path.write_text(packaged_limits_text().replace("max_fen: 50000", "max_fen: 200"), "utf-8")
    found(url, (NewPerson("1000", "周敏", Role.ADMIN, "correct horse"),))
    path.unlink()
    with open_store(url) as store, store.read() as session:
        cell = adopted.adopted(session).limits.rows["refund"].cells[Role.AGENT]
        assert cell.ceiling is not None and cell.ceiling.max_fen == 200


def test_a_store_is_not_made_with_limits_that_do_not_fit(tmp_path: Path, own_home: Path) -> None:
    own_limits(own_home).write_text("version: 1\n", "utf-8")
    with pytest.raises(BadInput):
        found(f"sqlite:///{tmp_path / 'real.db'}", (NewPerson("1000", "周敏", Role.ADMIN, "correct horse"),))
    assert not (tmp_path / "real.db").exists()
