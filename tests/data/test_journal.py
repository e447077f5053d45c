"""Appending, chaining, refusing to forget."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bdesk.data import journal
from bdesk.data.store import Store
from bdesk.models.kinds import Role, Stream
from bdesk.models.views.journal import Event
from tests.builders import T0, event, make_store, open_case


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


def add(store: Store, kind: str = "staff.state", **payload: object) -> Event:
    with store.write("1001") as unit:
        made = unit.append(Stream.STAFF, "1001", kind, payload)
        unit.commit()
    return made


def test_each_event_names_the_one_before(store: Store) -> None:
    first, second = add(store, a=1), add(store, a=2)
    with store.read() as session:
        rows = (
            session.connection()
            .execute(
                text("SELECT sequence, previous, hash FROM event WHERE stream='staff' ORDER BY sequence")
            )
            .all()
        )
        head = (
            session.connection().execute(text("SELECT sequence, head FROM stream WHERE stream='staff'")).one()
        )
    assert [row.sequence for row in rows] == [1, 2]
    assert rows[0].previous == journal.GENESIS
    assert rows[1].previous == rows[0].hash
    assert (head.sequence, head.head) == (2, rows[1].hash)
    assert (first.sequence, second.sequence) == (1, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'x'",
        "UPDATE event SET payload = '{}' WHERE id = 1",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE id = 1",
        "REPLACE INTO event SELECT 99, stream, stream_id, sequence, actor, occurred_at, recorded_at, kind, "
        "payload, previous, hash FROM event WHERE id = 1",
        "UPDATE stream SET head = 'x'",
        "UPDATE stream SET sequence = sequence - 1",
        "DELETE FROM stream",
        "REPLACE INTO stream SELECT * FROM stream",
    ],
)
def test_the_database_itself_refuses_to_rewrite(store: Store, statement: str) -> None:
    add(store)
    with pytest.raises(IntegrityError, match="append only"), store.write() as unit:
        unit.session.connection().execute(text(statement))
        unit.commit()


def test_payloads_have_one_form() -> None:
    at = datetime(2026, 11, 18, 10, 0, tzinfo=timezone(timedelta(hours=8)))
    assert journal.canonical_json({"b": 1, "a": [True, None, "字"], "at": at, "role": Role.AGENT}) == (
        '{"a":[true,null,"字"],"at":"2026-11-18T02:00:00+00:00","b":1,"role":"agent"}'
    )


@pytest.mark.parametrize("value", [1.5, {1: 2}, {"a": {3}}, object(), b"x", float("nan")])
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        journal.canonical_json({"value": value})


simple = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    max_leaves=15,  # what lies deeper is written by the same lines
)


@given(st.dictionaries(st.text(), simple))
def test_canonical_json_is_a_fixed_point(value: dict[str, object]) -> None:
    import json

    text = journal.canonical_json(value)
    assert journal.canonical_json(json.loads(text)) == text
    assert json.loads(text) == value


@given(st.integers(0, 8), st.text(min_size=1))
def test_a_hash_depends_on_every_part(part: int, other: str) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    parts: list[object] = ["p", Stream.CASE, "1", 1, "1001", at, at, "note.added", "{}"]
    first = journal.event_hash(*parts)  # type: ignore[arg-type]
    replaced: list[object] = ["p" + other, Stream.STAFF, "1" + other, 2, "1001" + other]
    replaced += [
        at + timedelta(microseconds=1),
        at + timedelta(microseconds=1),
        "note.added" + other,
        "{}" + other,
    ]
    parts[part] = replaced[part]
    assert journal.event_hash(*parts) != first  # type: ignore[arg-type]


def test_events_come_back_as_they_were_said(store: Store) -> None:
    made = add(store, at=T0, amount_fen=12800)
    with store.read() as session:
        assert journal.events(session, Stream.STAFF, "1001") == (made,)
        assert journal.newest(session, Stream.STAFF, "1001") == made
        assert journal.newest(session, Stream.STAFF, "nobody") is None
        assert journal.newest_id(session) == made.id
    assert made.payload == {"at": "2026-11-18T02:00:00+00:00", "amount_fen": 12800}


def test_salted_digests_hide_what_is_short() -> None:
    salts = {journal.new_salt() for _ in range(50)}
    assert len(salts) == 50
    digests = {journal.salted_digest(salt, "0037") for salt in salts}
    assert len(digests) == 50
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)


def test_what_was_undone_is_void_with_all_it_caused(store: Store) -> None:
    case_id = open_case(store, clocks=())
    act = event(store, case_id, "case.put_aside")
    caused = event(store, case_id, "note.added", {"cause": act})
    other = event(store, case_id, "note.added")
    undone = event(store, case_id, "undone", {"of": act})
    with store.read() as session:
        found = journal.events(session, Stream.CASE, case_id)
    assert journal.voided(found) == {act, caused}
    assert other not in journal.voided(found)
    event(store, case_id, "undone", {"of": undone})
    with store.read() as session:
        assert journal.voided(journal.events(session, Stream.CASE, case_id)) == {undone}
