"""A case's version rises with every act on it, so that a second answer to the same step is refused."""

import pytest

from bdesk.data.store import Store
from bdesk.errors import CaseMoved
from bdesk.models.tables import Case
from bdesk.operations import notes, walking
from tests.builders import customer, order
from tests.operations.desk import Desk


def version(store: Store, case_id: int) -> int:
    with store.read() as session:
        return session.get_one(Case, case_id).version


def test_an_answer_given_twice_at_one_instant_counts_once(store: Store, desk: Desk) -> None:
    """The clock of these tests stands still, as it does for a training store at rate 0 and on a host whose
    clock was set back: no column of the case need change between two acts."""
    case_id = desk.opened(order(store, customer(store)))
    desk.go(case_id, "whole")
    desk.go(case_id, "quality")
    stand = desk.stand(case_id)
    step, seen = desk.step(case_id), stand.snapshot.case.version
    assert step is not None
    walking.answer(desk.ctx, case_id, seen, step, "complete", {})
    with pytest.raises(CaseMoved):
        walking.answer(desk.ctx, case_id, seen, step, "complete", {})
    assert [one.step for one in desk.stand(case_id).snapshot.answers].count(step) == 1


def test_a_note_moves_the_version_on(store: Store, desk: Desk) -> None:
    case_id = desk.opened(order(store, customer(store)))
    before = version(store, case_id)
    notes.add_note(desk.ctx, case_id, "客户再次来电")
    notes.add_note(desk.ctx, case_id, "客户又来电")
    assert version(store, case_id) >= before + 2
