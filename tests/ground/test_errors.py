import pickle

import pytest

from bdesk.errors import BadInput, CaseMoved, DeskError, FactsMoved, NotAllowed, NotFound, StoreProblem


def test_a_refusal_is_its_code_and_parameters() -> None:
    error = DeskError("refund.over_paid", paid_fen=12800, asked_fen=13000)
    assert (error.code, error.params) == ("refund.over_paid", {"paid_fen": 12800, "asked_fen": 13000})
    assert str(error) == "refund.over_paid (paid_fen=12800, asked_fen=13000)"
    assert str(DeskError("strip.empty")) == "strip.empty"


def test_a_parameter_may_be_called_code() -> None:
    assert DeskError("book.unknown", code="X1").params == {"code": "X1"}


@pytest.mark.parametrize(
    ("error", "code", "params"),
    [
        (NotFound("case", "KF1"), "not_found", {"kind": "case", "key": "KF1"}),
        (
            CaseMoved("KF1", "1007", "case.parked"),
            "case.moved",
            {"case_no": "KF1", "by": "1007", "what": "case.parked"},
        ),
        (FactsMoved(("paid_fen",)), "facts.moved", {"what": ("paid_fen",)}),
        (NotAllowed("role.needed", role="supervisor"), "role.needed", {"role": "supervisor"}),
        (StoreProblem("store.full", path="/x"), "store.full", {"path": "/x"}),
        (BadInput("time.naive", text="x"), "time.naive", {"text": "x"}),
    ],
)
def test_each_kind_keeps_what_it_was_told_through_a_pickle(
    error: DeskError, code: str, params: dict[str, object]
) -> None:
    again = pickle.loads(pickle.dumps(error))
    for one in (error, again):
        assert type(one) is type(error)
        assert (one.code, one.params) == (code, params)
        assert str(one) == str(error)
