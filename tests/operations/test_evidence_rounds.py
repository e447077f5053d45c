"""Material: asked for by letter, received, judged; reminders and the closing come by themselves (P1, RF5)."""

from bdesk.errors import NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import CaseOutcome, CaseState, EvidenceKind
from bdesk.models.tables import Evidence
from bdesk.operations import evidence
from bdesk.operations.sweep import sweep
from bdesk.rules.walk.views import Offer
from tests.builders import Placed
from tests.operations.desk import Desk, letters_of, must_add_up


def at_evidence(desk: Desk, placed: Placed, *, media: bool) -> int:
    case_id = desk.opened(placed, media=media)
    desk.go(case_id, "whole")
    desk.go(case_id, "quality")
    assert desk.step(case_id) == "evidence"
    return case_id


def newest(desk: Desk, case_id: int) -> Evidence:
    return desk.rows(Evidence, case_id=case_id)[-1]


def test_an_unclear_piece_is_not_complete_and_is_named_in_the_letter(desk: Desk, placed: Placed) -> None:
    case_id = at_evidence(desk, placed, media=True)
    assert desk.option(case_id, "complete").offer is Offer.OFFERED
    piece = newest(desk, case_id).id or 0
    evidence.look_at(desk.ctx, piece)
    evidence.judge(desk.ctx, piece, False)
    refused = desk.option(case_id, "complete")
    assert refused.offer is Offer.REFUSED
    assert refused.why is not None and "能看清问题的照片或视频" in refused.why.zh
    desk.go(case_id, "ask", materials="photo_label")
    assert "之前发来的照片 1看不清，请重新发送" in letters_of(desk, case_id)[-1]
    # A better one: complete again, and nothing unclear is left to be named.
    desk.later(seconds=11)
    desk.release()
    desk.picture(case_id)
    assert desk.step(case_id) == "evidence"
    assert desk.fact(case_id, "evidence.unclear") == 0
    desk.go(case_id, "complete")
    assert desk.step(case_id) == "assess/decide"
    must_add_up(desk.store)


def test_a_wrong_item_takes_the_label_too(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.go(case_id, "whole")
    desk.go(case_id, "wrong_item")
    why = desk.option(case_id, "complete").why
    assert why is not None and why.zh == "还缺：快递面单照片"
    evidence.add_evidence(desk.ctx, case_id, EvidenceKind.WAYBILL_LABEL, "2.jpg", "/srv/2.jpg", 1)
    desk.go(case_id, "complete")
    assert desk.step(case_id) == "assess/decide"


def test_nobody_judges_what_they_have_not_seen(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = at_evidence(desk, placed, media=True)
    piece = newest(desk, case_id).id or 0
    evidence.look_at(chief.ctx, piece)
    try:
        evidence.judge(desk.ctx, piece, False)
    except NotAllowed as refused:
        assert refused.code == "evidence.unseen"
    else:
        raise AssertionError("judged unseen")
    assert newest(desk, case_id).clear is None


def test_the_sweep_reminds_on_the_third_day_and_closes_on_the_seventh(desk: Desk, placed: Placed) -> None:
    case_id = at_evidence(desk, placed, media=False)
    desk.go(case_id, "ask", materials="photo_label")
    assert desk.clock(case_id, "refund_review").run is RunState.PAUSED
    desk.later(days=2)
    sweep(desk.ctx)
    assert len(letters_of(desk, case_id)) == 1
    desk.later(days=1)
    sweep(desk.ctx)
    sweep(desk.ctx)
    assert len(letters_of(desk, case_id)) == 2, "reminded once"
    desk.later(days=4)
    sweep(desk.ctx)
    case = desk.case(case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.WITHDRAWN)
    assert desk.clock(case_id, "refund_review").run is RunState.CANCELLED
    must_add_up(desk.store)
