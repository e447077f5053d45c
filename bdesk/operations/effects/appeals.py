"""Effects of an appeal (P5). Whatever a procedure offers, nobody decides what they had a hand in (S2:50,
B0.7), each level is decided once, and nothing is paid that was not granted.
"""

from datetime import date

from sqlmodel import select

from bdesk.errors import NotAllowed
from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    CaseOutcome,
    Channel,
    ContactKind,
    Direction,
    LinkKind,
    RejectCode,
)
from bdesk.models.tables import Case, CaseItem, CaseLink, Contact, Decision
from bdesk.models.views.snapshot import Snapshot
from bdesk.operations.answering import set_items
from bdesk.operations.change import row_id
from bdesk.operations.clocks import rearm, running_clocks
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.cases import decision_row, next_cycle
from bdesk.operations.effects.letters import send_letter
from bdesk.operations.effects.limits import must_be_within
from bdesk.operations.extending import extend_event
from bdesk.operations.flags import put_flag
from bdesk.operations.notes import check_text
from bdesk.operations.packing import pack_event
from bdesk.rules import appeals
from bdesk.rules.cases import spoken_to
from bdesk.rules.facts.appeals import FINAL
from bdesk.rules.limits import LimitReason
from bdesk.text import normalise_key

RESULTS = {
    "upheld": CaseOutcome.UPHELD,
    "partly": CaseOutcome.PARTLY_UPHELD,
    "not_upheld": CaseOutcome.NOT_UPHELD,
}
UNCHANGED = "unchanged"
"""What an outside body mediated, where it left the result as it was."""


def must_not_have_touched(snapshot: Snapshot) -> None:
    """Raises NotAllowed("appeal.touched") for whoever decided, approved or sent something in what this case
    contests; for cases that are no appeal it asks nothing."""
    if appeals.touched(snapshot):
        raise NotAllowed("appeal.touched", case_no=snapshot.case.case_no)


def must_be_granted(call: EffectCall) -> None:
    """Money in an appeal follows a result that grants it, and never from the hands of who was contested.

    Raises NotAllowed("appeal.touched"), ("appeal.not_granted").
    """
    if call.act.case.kind is not CaseKind.APPEAL:
        return
    must_not_have_touched(call.stand.snapshot)
    if call.stand.facts["appeal.granted"] is not True:
        raise NotAllowed("appeal.not_granted", case_no=call.act.case.case_no)


def contest(call: EffectCall) -> None:
    """Link the case whose result is contested; what it was about is known here too.

    Raises NotAllowed("appeal.unknown_case"), ("appeal.other_customer"), ("appeal.undecided") for one without
    a decision, ("appeal.contested_already"); ("appeal.other_order") for one about another order;
    ("appeal.decided") once this level has a result.
    """
    _must_be_open(call)
    session, case = call.act.unit.session, call.act.case
    number = normalise_key(call.text("case_no"))
    old = session.scalars(select(Case).where(Case.case_no == number)).first() if number else None
    if old is None or row_id(old) >= call.act.case_id:
        raise NotAllowed("appeal.unknown_case", number=number)
    if case.customer_id is not None and old.customer_id != case.customer_id:
        raise NotAllowed("appeal.other_customer", number=number)
    if case.order_id is not None and old.order_id not in (None, case.order_id):
        raise NotAllowed("appeal.other_order", number=number)
    decided = select(Decision.id).where(
        Decision.case_id == old.id,
        Decision.voided == False,  # noqa: E712
        (Decision.outcome != None) | (Decision.reject_code != None),  # noqa: E711
    )
    if session.scalars(decided).first() is None:
        raise NotAllowed("appeal.undecided", number=number)
    same = select(CaseLink.id).where(
        CaseLink.from_id == case.id, CaseLink.to_id == old.id, CaseLink.kind == LinkKind.APPEAL_OF
    )
    if session.scalars(same).first() is not None:
        raise NotAllowed("appeal.contested_already", number=number)
    link = CaseLink(from_id=call.act.case_id, to_id=row_id(old), kind=LinkKind.APPEAL_OF)
    session.add(link)
    session.flush()
    wanted = {"order_id": case.order_id or old.order_id, "reason": case.reason or old.reason}
    wanted |= {"customer_id": case.customer_id or old.customer_id}
    call.act.add("case.contests", {"case": old.case_no, "link": row_id(link)}, columns=wanted)
    if case.order_id == old.order_id and not _items(call, call.act.case_id):
        set_items(call.act, _items(call, row_id(old)))


def _items(call: EffectCall, case_id: int) -> dict[int, int]:
    rows = call.act.unit.session.scalars(select(CaseItem).where(CaseItem.case_id == case_id))
    return {row.item_id: row.quantity for row in rows}


# Admission (AP4)


def admit(call: EffectCall) -> None:
    """Take the appeal on. One that is late needs a reason and whoever may decide admission.

    Raises NotAllowed("appeal.late"), and what the limits say of a late one.
    """
    late = call.stand.facts["appeal.in_time"] is False
    if late and call.text("how") != "late":
        raise NotAllowed("appeal.late", case_no=call.act.case.case_no)
    if late:
        must_not_have_touched(call.stand.snapshot)
        must_be_within(call, appeals.row_for(appeals.ADMISSION, call.stand.adopted.limits), 0)
    said: dict[str, object] = {"how": "late" if late else "in_time"}
    if words := call.text("why").strip():
        row, digest = call.act.unit.text(call.act.case, "admission", check_text(words))
        said |= {"text": row.id, "digest": digest}
    call.act.add("appeal.admitted", said)


def refuse(call: EffectCall) -> None:
    """Not admitted, with the clause (R10): decided by who may, or approved by them.

    Raises NotAllowed("appeal.touched"), ("appeal.decided"), ("appeal.clause", clause=) for one that the facts
    contradict, and what the limits say.
    """
    must_not_have_touched(call.stand.snapshot)
    _must_be_open(call)
    fitting = call.stand.facts["appeal.clauses"]
    if not isinstance(fitting, tuple) or call.text("clause") not in fitting:
        raise NotAllowed("appeal.clause", clause=call.text("clause"))
    must_be_within(call, appeals.row_for(appeals.ADMISSION, call.stand.adopted.limits), 0)
    row = _decided(call, CaseOutcome.NOT_ADMITTED, call.text("clause"), call.text("why"))
    row.reject_code = RejectCode.NOT_ADMISSIBLE
    _keep(call, row)


# Looking into it, and the answer (AP6 to AP8)


def feedback(call: EffectCall) -> None:
    """The preliminary feedback (S2:40), by somebody who had no hand in the matter."""
    must_not_have_touched(call.stand.snapshot)
    send_letter(call)


def extend(call: EffectCall) -> None:
    """More time for the final result, with the reason for it; a second time by a supervisor (S2:40).

    Raises NotAllowed("appeal.touched") and what `extend_event` raises.
    """
    must_not_have_touched(call.stand.snapshot)
    extend_event(call.act, call.ctx, FINAL, call.text("reason"))


def common(call: EffectCall) -> None:
    """Others met the same (S2:60): the case is flagged for the count of themes, naming a similar one."""
    said: dict[str, object] = {"flag": CaseFlag.COMMON_PROBLEM.value}
    number = normalise_key(call.text("similar"))
    if number and call.act.unit.session.scalars(select(Case.id).where(Case.case_no == number)).first():
        said["similar"] = number
    if put_flag(call.act.unit, call.act.case_id, CaseFlag.COMMON_PROBLEM):
        call.act.add("case.flagged", said)


def decide(call: EffectCall) -> None:
    """Decide this level, with reasons. Each level once, by a role of its own, never by who had a hand in it.

    Raises NotAllowed("appeal.touched"), ("appeal.decided"), and what the limits say.
    """
    must_not_have_touched(call.stand.snapshot)
    _must_be_open(call)
    must_be_within(call, appeals.ACTIONS[appeals.level(call.stand.snapshot)], 0)
    _keep(call, _decided(call, RESULTS[call.text("result")], call.text("rule"), call.text("why")))


def settle(call: EffectCall) -> None:
    """What an outside body mediated is taken up at the higher level (S2:51).

    Raises NotAllowed("appeal.touched") and what the limits say.
    """
    must_not_have_touched(call.stand.snapshot)
    must_be_within(call, appeals.OUTSIDE, 0)
    row = _decided(call, CaseOutcome.SETTLED_OUTSIDE, "", call.text("why"))
    row.option = UNCHANGED if call.text("result") == UNCHANGED else row.option
    _keep(call, row)


def _must_be_open(call: EffectCall) -> None:
    found = appeals.result_of(call.stand.snapshot)
    if found is not None:
        raise NotAllowed("appeal.decided", case_no=call.act.case.case_no, by=found.by)


def _decided(call: EffectCall, outcome: CaseOutcome, rule: str, why: str) -> Decision:
    if call.act.case.customer_id is None:
        # Whose it is decides who had a hand in it.
        raise NotAllowed("verification.no_customer")
    row = decision_row(call, outcome)
    row.rule_ref = check_text(rule, longest=64) if rule.strip() else None
    if why.strip():
        call.act.unit.text(call.act.case, "reasons", check_text(why))
    return row


def _keep(call: EffectCall, row: Decision) -> None:
    call.act.unit.session.flush()
    outcome, code = row.outcome, row.reject_code
    said: dict[str, object] = {"decision": row.id, "outcome": outcome.value if outcome else None}
    if code is not None:
        said["code"] = code.value
    call.act.add("decision.made", said, outcome=outcome, reject_code=code)


# Another level, and outside (AP10 to AP12)


def next_level(call: EffectCall) -> None:
    """The customer contests the result: the next level in the next cycle, with its own clocks (S2:49, S2:50).

    Raises NotAllowed("appeal.undecided") before this level was decided, ("appeal.no_level") after the top.
    """
    case, snapshot = call.act.case, call.stand.snapshot
    found = appeals.result_of(snapshot)
    if found is None:
        raise NotAllowed("appeal.undecided", number=case.case_no)
    if appeals.level(snapshot) >= appeals.HIGHER and found.outcome is not CaseOutcome.NOT_ADMITTED:
        raise NotAllowed("appeal.no_level", case_no=case.case_no)
    said: dict[str, object] = {"why": "appeal"}
    if words := call.text("why").strip():
        row, digest = call.act.unit.text(case, "objection", check_text(words))
        said |= {"text": row.id, "digest": digest}
    living = running_clocks(call.act, call.ctx)
    next_cycle(call, said)
    rearm(call.act, call.ctx, living)


# In touch after the result (S2:20, S2:29)


def ask_review(call: EffectCall) -> None:
    """The customer asks for another look at the result: a contact that keeps the case open until somebody
    who did not decide this level has answered it.

    Raises NotAllowed("appeal.undecided") without a result, ("appeal.review_open") while one is unanswered.
    """
    act, snapshot = call.act, call.stand.snapshot
    if appeals.result_of(snapshot) is None:
        raise NotAllowed("appeal.undecided", number=act.case.case_no)
    if appeals.review(snapshot) == "open":
        raise NotAllowed("appeal.review_open", case_no=act.case.case_no)
    text, digest = act.unit.text(act.case, "review", check_text(call.text("what"), longest=200))
    row = Contact(
        case_id=act.case_id,
        customer_id=act.case.customer_id,
        kind=ContactKind.REVIEW,
        direction=Direction.INBOUND,
        channel=Channel.HOTLINE if spoken_to(snapshot) else act.case.channel,
        started_at=call.now,
        ended_at=call.now,
        text_id=text.id,
    )
    act.unit.session.add(row)
    act.unit.session.flush()
    act.add("customer.review_requested", {"contact": row_id(row), "text": text.id, "digest": digest})


def answer_review(call: EffectCall) -> None:
    """What the other look came to: the result stays, the next level begins, or the customer left it.

    Raises NotAllowed("appeal.no_review") when none is open; for "stays", which takes whoever may decide this
    level, also ("appeal.touched"), ("limits.same_decider") for who did decide it, and what the limits say.
    """
    snapshot, came_to = call.stand.snapshot, call.text("review")
    if appeals.review(snapshot) != "open":
        raise NotAllowed("appeal.no_review", case_no=call.act.case.case_no)
    if came_to == "stays":
        must_not_have_touched(snapshot)
        action = appeals.ACTIONS[appeals.level(snapshot)]
        if appeals.decided_by_me(snapshot):
            raise NotAllowed(LimitReason.SAME_DECIDER.value, action=action, amount_fen=0)
        must_be_within(call, action, 0)
    said: dict[str, object] = {"review": came_to}
    if words := call.text("why").strip():
        row, digest = call.act.unit.text(call.act.case, "review", check_text(words))
        said |= {"text": row.id, "digest": digest}
    call.act.add("review.answered", said)


def go_public(call: EffectCall) -> None:
    """The customer says they will go public: the case is flagged, once, and nothing is granted for it
    (S2:29, X13)."""
    if put_flag(call.act.unit, call.act.case_id, CaseFlag.PUBLIC):
        call.act.add("case.flagged", {"flag": CaseFlag.PUBLIC.value})


def outside(call: EffectCall) -> None:
    """An outside body has the matter: its name, its number and until when it wants our answer (S2:51)."""
    by = call.params.get("answer_by")
    said: dict[str, object] = {"agency": call.text("agency")}
    if isinstance(by, date):
        said["answer_by"] = by.isoformat()
    if words := call.text("reference").strip():
        row, digest = call.act.unit.text(call.act.case, "reference", check_text(words, longest=60))
        said |= {"text": row.id, "digest": digest}
    call.act.add("appeal.outside", said)
    if put_flag(call.act.unit, call.act.case_id, CaseFlag.REGULATOR):
        call.act.add("case.flagged", {"flag": CaseFlag.REGULATOR.value})


def keep_pack(call: EffectCall) -> None:
    """Make the evidence pack and keep it on the case (`bdesk pack` writes one into a file).

    Raises NotAllowed("role.cannot_pack") below a supervisor.
    """
    pack_event(call.act, call.ctx)
