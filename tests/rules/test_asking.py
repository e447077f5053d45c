"""A verification step asks only for what this file can be compared with (B0.4)."""

from dataclasses import replace

import pytest

from bdesk.data.book.book import load_book
from bdesk.models.kinds import CaseKind
from bdesk.models.views.snapshot import HistoryView, Snapshot
from bdesk.rules.asking import comparable
from bdesk.rules.walk.model import Step
from tests.rules.samples import customer, snapshot

STEP = "verify/factors"


def step(of: Snapshot) -> Step:
    return comparable(load_book().procedure_for(CaseKind.REFUND), of).step(STEP)


def known() -> Snapshot:
    return snapshot(history=HistoryView(recent_amounts_fen=(5990,)))


def fields(of: Snapshot) -> set[str]:
    return {capture.name for capture in step(of).captures}


def test_a_surname_counts_nothing_for_level_two() -> None:
    assert fields(known()) == {"order_named", "recent_amount", "phone_tail", "city", "purchase_date"}


@pytest.mark.parametrize(
    ("of", "gone"),
    [
        (replace(known(), history=HistoryView()), {"recent_amount"}),
        (replace(known(), customer=customer(phone=None, phone_tail=None)), {"phone_tail"}),
        (replace(known(), customer=customer(city=None)), {"city"}),
        (replace(known(), order=None), {"order_named", "purchase_date"}),
    ],
)
def test_what_the_file_has_nothing_for_is_not_asked_and_not_needed(of: Snapshot, gone: set[str]) -> None:
    made = step(of)
    assert {capture.name for capture in made.captures} == fields(known()) - gone
    assert all(not gone & set(option.needs) for option in made.options)


def test_other_steps_stay_as_they_are() -> None:
    book = load_book().procedure_for(CaseKind.REFUND)
    pruned = comparable(book, snapshot())
    kept = [
        [(one.id, one.captures, one.options) for one in of.steps if not one.id.endswith("/factors")]
        for of in (pruned, book)
    ]
    assert kept[0] == kept[1]
