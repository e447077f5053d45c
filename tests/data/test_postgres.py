"""The same store on PostgreSQL: migrations, the journal, its guards, taking, noticing."""

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bdesk.clock import FrozenClock
from bdesk.data.book.book import load_book
from bdesk.data.engine import make_engine, parse
from bdesk.data.migrations import run, triggers
from bdesk.data.queries.queue import page, sections
from bdesk.data.queries.taking import next_candidates
from bdesk.data.snapshot import build
from bdesk.data.store import Store, create_store, migrate, open_store
from bdesk.data.verify import verify
from bdesk.errors import CaseMoved, NotAllowed, StoreProblem
from bdesk.models.kinds import PersonState, Role, Stream
from bdesk.models.tables import Case
from bdesk.operations.staff import arriving, locking, people, stays
from bdesk.operations.staff.groups import ensure_groups
from bdesk.secrets.machine import this_machine
from tests.builders import T0, customer, event, open_case, order, person
from tests.operations.desk import Desk
from tests.operations.histories import WHAT, begun, must_agree, play
from tests.operations.test_touched_appeals import many


@pytest.fixture
def store(made_url: str) -> Iterator[Store]:
    with open_store(made_url) as store:
        yield store


def test_an_empty_database_is_not_ours_until_a_store_is_made(url: str) -> None:
    with pytest.raises(StoreProblem, match=r"store\.not_ours"):
        open_store(url)
    create_store(url).close()
    with open_store(url) as store:
        assert store.dialect == "postgresql"
        assert store.newest_event() == 2
    with pytest.raises(StoreProblem, match=r"store\.exists"):
        create_store(url)
    assert migrate(url)[0] == migrate(url)[1]


def test_models_need_no_migration_and_the_guards_are_there(store: Store) -> None:
    engine = make_engine(parse(store.url), writes=True)
    run.check(engine)
    engine.dispose()
    with store.read() as session:
        assert triggers.missing(session.connection()) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'x'",
        "DELETE FROM event",
        "TRUNCATE event",
        "UPDATE stream SET sequence = sequence - 1",
        "DELETE FROM stream",
    ],
)
def test_the_database_itself_refuses_to_rewrite(store: Store, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append only"), store.write() as unit:
        unit.session.connection().execute(text(statement))


def test_a_case_lives_here_as_it_does_in_a_file(store: Store) -> None:
    agent = person(store, "1001")
    placed = order(store, customer(store))
    case_id = open_case(store, order_id=placed.id, description="坏了")
    event(store, case_id, "clock.paused", {"reason": "customer_material"})
    with store.read() as session:
        found = build(session, case_id, agent, store.now())
        (row,) = page(session, "waiting", agent).rows
        assert sections(session, agent)[1].total == 1
        seen = session.get_one(Case, case_id).version
    assert found.order is not None
    assert found.history.recent_amounts_fen == (12800,)
    assert (row.stopped, row.customer) == (True, "王**")
    event(store, case_id, "contact.inbound")
    with store.read() as session:
        assert [one.case_id for one in next_candidates(session, agent, store.now(), load_book())] == [case_id]
    with pytest.raises(CaseMoved), store.write("1002") as unit:
        unit.case(case_id, version=seen)
    verdict = verify(store, load_book())
    assert verdict.ok, verdict


def test_an_appeal_is_not_offered_here_either_to_who_had_a_hand_in_it(store: Store) -> None:
    (appeal,), senior = many(store, 1)
    behind = open_case(store, clocks=())
    with store.read() as session:
        (following,) = next_candidates(session, senior.ctx.actor, store.now(), load_book())
        found = next_candidates(session, person(store, "1001"), store.now(), load_book())
        assert [one.case_id for one in found] == [appeal, behind]
    assert (following.case_id, following.touched) == (behind, 1)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_stored_is_what_the_events_say_here_too(store: Store, seed: int) -> None:
    """SLA.md: random histories by real operations, folded again."""
    clock = FrozenClock(T0)
    store.clock = clock
    desk = Desk(store, person(store, "1001"))
    chief = Desk(store, person(store, "2001", Role.SUPERVISOR), desk.ports)
    cases = begun(desk, order(store, customer(store)))
    draw = Random(seed)
    play(desk, chief, cases, [(draw.choice(WHAT), draw.randrange(2), draw.randrange(10)) for _ in range(16)])
    must_agree(store, desk)


def test_another_desk_is_noticed(store: Store) -> None:
    assert store.poll() is False
    for writer, noticed in ((store, False), (open_store(store.url), True)):
        with writer.write("1001") as unit:
            assert unit.next_number("KF").startswith("KF")
            unit.append(Stream.STAFF, "1001", "staff.state")
            unit.commit()
        assert store.poll() is noticed
    writer.close()


def test_a_reader_cannot_write_and_an_unreachable_server_is_one_line(store: Store) -> None:
    with pytest.raises(StoreProblem, match=r"store\.read_only"), store.read() as session:
        session.connection().execute(text("DELETE FROM promise"))
    with pytest.raises(StoreProblem, match=r"store\.unreachable") as caught:
        open_store("postgresql://me:geheim@127.0.0.1:1/nothing")
    assert "geheim" not in str(caught.value)


def test_the_door_and_kept_sign_ins_on_postgresql(store: Store) -> None:
    chief = Desk(store, person(store, "9001", Role.ADMIN))
    with store.write("test") as unit:
        ensure_groups(unit)
        unit.commit()
    right = "correct horse"
    people.add_staff(chief.ctx, people.NewPerson("1300", "赵敏", Role.AGENT, right, "hotline", ("risk",)))
    for number in ("1300", "4040"):
        for _ in range(3):
            with pytest.raises(NotAllowed, match=r"sign_in\.refused"):
                people.sign_in(store, number, "wrong horse!")
        with pytest.raises(NotAllowed, match=r"sign_in\.wait"):
            people.sign_in(store, number, right)
    people.change_staff(chief.ctx, "1300", password="first horse")
    actor = people.sign_in(store, "1300", "first horse", on_duty=False)
    people.change_password(store, actor, "first horse", right)
    assert [team.code for team in arriving.arrival(store, actor).teams] == ["hotline", "risk"]
    assert arriving.begin(store, actor, "risk", PersonState.TRAINING).group_code == "risk"
    here = this_machine()
    token = stays.issue(store, actor, here).token
    assert stays.come_back(store, "1300", token, here).number == "1300"
    locking.lock(Desk(store, actor).ctx)
    with pytest.raises(NotAllowed, match=r"stay\.locked"):
        stays.come_back(store, "1300", token, here)
    assert people.sign_out(chief.ctx, "1300") == 1
    with pytest.raises(NotAllowed, match=r"stay\.over"):
        stays.come_back(store, "1300", token, here)
    assert verify(store, load_book()).ok
