"""Edge cases that are what happened to them: approvals that lapsed, letters that bounced, cases that came
back. The events and columns are those of the operations (`operations.sweep`, `settling`, `reopening`).
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from bdesk.clock import to_iso
from bdesk.models.clock_kinds import PauseReason
from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    DeliveryState,
    Department,
    EvidenceKind,
    LinkKind,
    RefundReason,
    RejectCode,
    TaskState,
)
from bdesk.models.tables import CaseFlagRow, CaseLink, Notification, OutboxRow, Task
from bdesk.training import stages
from bdesk.training.edges import promises, requests
from bdesk.training.edges.facts import days, hours
from bdesk.training.edges.promises import taken
from bdesk.training.ledger import SYSTEM, Work
from bdesk.training.opening import attach
from bdesk.training.rows import Row
from bdesk.training.world import at_local, local_date

if TYPE_CHECKING:
    from bdesk.training.edges.cases import Edges

_K = CaseKind
_C = Channel
_WALKED = "assess/decide"


def make(edges: "Edges") -> None:
    """Every edge case that is a history."""
    _appeal_too_late(edges)
    _locked_out(edges)
    requests.make(edges)
    _over_free_days(edges)
    _back(edges)
    _bounced(edges)
    promises.make(edges)


def on_its_way(edges: "Edges", about: str, answer: str) -> None:
    """E46: the channel has the refund and has not said an end for three days, or said that it does not
    know. While it is `processing` the refund's own case is closed; `unknown` keeps it open."""
    now, deal = edges.world.now, edges.facts.deals[about]
    refund = deal.refunds[0]
    since = now - refund["committed_at"]
    work = edges.case(
        "E46", _K.REFUND, _C.REFUND_FORM, "炸锅涂层掉了，退款。", about=about, reason=RefundReason.QUALITY,
        desired="全额退款", ago=since + hours(6), proofs=(EvidenceKind.PHOTO,),
    )  # fmt: skip
    refund["case_id"] = work.row["id"]
    taken(edges, work, refund["committed_at"] - hours(1))
    work.act(refund["committed_at"], work.actor)
    amount = refund["amount_fen"]
    committed = work.add(
        "effect.committed",
        {"step": _WALKED, "option": "approve", "effects": ["refund"], "amount_fen": amount},
    )
    stages.decide(work, _WALKED, "approve", CaseOutcome.APPROVED_FULL, amount_fen=amount)
    payment = deal.payments[0]
    work.add(
        "refund.held",
        {
            "refund": refund["refund_no"],
            "payment": payment["payment_no"],
            "amount_fen": amount,
            "method": payment["method"].value,
            "paid_fen": payment["amount_fen"],
            "as_of": to_iso(payment["as_of"]),
        },
    )
    work.add("clock.fulfilled", {"clock": "refund_review"})
    attach(work, "refund_arrival", work.at, {"method": payment["method"].value})
    unknown = answer == "unknown"
    state = DeliveryState.UNKNOWN if unknown else DeliveryState.RELEASED
    row = outbox(work, _WALKED, "refund", state, committed, refund_id=refund["id"])
    row.update(result=answer, next_try_at=now + days(1))
    told = {"outbox": row["id"], "key": row["key"], "effect": "refund"}
    work.act(refund["released_at"], SYSTEM)
    work.add("effect.released", {**told, "refund": refund["refund_no"]})
    work.act(refund["released_at"] + timedelta(seconds=2), SYSTEM)
    work.add(f"effect.{answer}", {**told, "answer": answer})
    if unknown:
        edges.world.rows.add(CaseFlagRow, case_id=work.row["id"], flag=CaseFlag.PAYMENT_UNKNOWN)
        return
    stages.close(work, work.at + hours(1), CaseOutcome.APPROVED_FULL)


def outbox(work: Work, step: str, effect: str, state: DeliveryState, committed: object, **of: object) -> Row:
    """A row of the outbox that left ten seconds after its commit."""
    row = work.world.rows.add(
        OutboxRow,
        key=f"{work.row['id']}:{work.row['cycle']}:{step}:1:1",
        case_id=work.row["id"],
        cycle=work.row["cycle"],
        step=step,
        effect=effect,
        state=state,
        actor=work.actor,
        commit_event_id=0,
        committed_at=work.at,
        hold_until=work.at + timedelta(seconds=10),
        released_at=work.at + timedelta(seconds=11),
        tries=1,
        **of,
    )
    work.ledger.link(row, "commit_event_id", committed)  # type: ignore[arg-type]
    return row


def other_thing(edges: "Edges", work: Work) -> None:
    """E43: the warehouse was asked, and found something else in the parcel."""
    agent = taken(edges, work, work.at + hours(1))
    stages.ask_department(work, work.at + hours(1), Department.WAREHOUSE, "请核对退回的耳机", 24)
    row = edges.world.rows.of(Task)[-1]
    answered = work.at + hours(6)
    row.update(
        state=TaskState.ANSWERED,
        answer="箱内是一副旧的有线耳机, 不是原商品, 已拍照留存",
        answered_by=agent["number"],
        answered_at=answered,
    )
    work.act(answered, agent["number"])
    work.add(
        "task.answered",
        {"task": row["id"], "what": row["what"], "finding": None},
        state=CaseState.IN_PROGRESS,
    )


def _appeal_too_late(edges: "Edges") -> None:
    """E04: rejected, and appealed against sixteen days later."""
    old = edges.case(
        "E04",
        _K.REFUND,
        _C.REFUND_FORM,
        "水壶不想要了。",
        reason=RefundReason.NO_REASON,
        ago=days(17),
        desired="退款",
    )
    taken(edges, old, old.at + hours(3))
    work_at = edges.world.now - days(16)
    old.act(work_at, old.actor)
    stages.decide(
        old,
        "reject/code",
        "past_deadline",
        CaseOutcome.REJECTED,
        reject=RejectCode.PAST_DEADLINE,
        rule="S1:50",
    )
    old.add("clock.fulfilled", {"clock": "refund_review"})
    stages.close(old, old.at, CaseOutcome.REJECTED)
    new = edges.case(
        "E04", _K.APPEAL, _C.EMAIL, "十六天前你们拒绝了我的退款，我不服。", desired="改判退款", ago=hours(4)
    )
    link(edges, new, old, LinkKind.APPEAL_OF)


def link(edges: "Edges", new: Work, old: Work, kind: LinkKind) -> Row:
    return edges.world.rows.add(CaseLink, from_id=new.row["id"], to_id=old.row["id"], kind=kind)


def _locked_out(edges: "Edges") -> None:
    """E27: the third wrong answer locked the account; then the same person wrote in the chat."""
    words = "推车到底发没发？"
    work = edges.case("E27", _K.SHIPMENT_DELAY, _C.HOTLINE, words, desired="查进度", ago=hours(3))
    agent = taken(edges, work, work.at + timedelta(minutes=1))
    customer = work.customer
    for left in (2, 1, 0):
        locks = work.at + timedelta(minutes=1) + hours(24) if left == 0 else None
        stages.failed_check(work, work.at + timedelta(minutes=1), tries_left=left, locks_until=locks)
    if customer is not None:
        customer["verification_locked_until"] = work.at + hours(24)
    stages.release(work, work.at + timedelta(minutes=2))
    del agent
    edges.case(
        "E27",
        _K.SHIPMENT_DELAY,
        _C.WEB_CHAT,
        "电话里说我核对不上，这里总行了吧。",
        desired="查进度",
        ago=hours(1),
    )


def _over_free_days(edges: "Edges") -> None:
    """E32. The National Day is only there while it lies within what a store remembers."""
    world = edges.world
    today = local_date(world.now)
    friday = today - timedelta(days=(today.weekday() - 4) % 7 or 7)
    if today - friday < timedelta(days=3):
        friday -= timedelta(days=7)  # its weekend has to be over
    late_friday = at_local(friday, 23, 59)
    edges.case(
        "E32",
        _K.AFTER_SALE,
        _C.AFTER_SALE_FORM,
        "台灯不亮了，报修。",
        desired="维修",
        ago=world.now - late_friday,
    )
    stopped = edges.case(
        "E32",
        _K.AFTER_SALE,
        _C.HOTLINE,
        "书桌少一块板。",
        desired="补发",
        ago=world.now - at_local(friday, 16),
    )
    agent = taken(edges, stopped, at_local(friday, 17))
    stopped.act(at_local(friday, 18), agent["number"])
    monday = at_local(friday + timedelta(days=3), 9, 30)
    stages.pause(
        stopped, "resolution", PauseReason.CUSTOMER_MATERIAL, monday + days(4), CaseState.WAITING_CUSTOMER
    )
    stopped.act(monday, SYSTEM)
    stages.evidence(stopped, EvidenceKind.PHOTO, stopped.at)
    stopped.add(
        "clock.resumed", {"reason": "customer", "clocks": ["resolution"]}, state=CaseState.IN_PROGRESS
    )
    _national_day(edges)


def _national_day(edges: "Edges") -> None:
    world = edges.world
    today = local_date(world.now)
    year = today.year if (today.month, today.day) > (10, 9) else today.year - 1
    first = today.replace(year=year, month=10, day=1)
    opened = at_local(first - timedelta(days=1), 15)
    if world.now - opened > days(58):
        return
    work = edges.case(
        "E32", _K.REFUND, _C.REFUND_FORM, "节前收到的台灯是坏的。", desired="退款", ago=world.now - opened,
        reason=RefundReason.QUALITY,
    )  # fmt: skip
    taken(edges, work, at_local(first + timedelta(days=7), 9))
    work.act(at_local(first + timedelta(days=7), 10), work.actor)
    stages.decide(
        work,
        "reject/code",
        "missing_voucher",
        CaseOutcome.REJECTED,
        reject=RejectCode.MISSING_VOUCHER,
        rule="S1:52",
    )
    work.add("clock.fulfilled", {"clock": "refund_review"})
    stages.close(work, work.at, CaseOutcome.REJECTED)


def _back(edges: "Edges") -> None:
    """E33: within thirty local days the same case, afterwards one that follows it (SLA.md)."""
    now = edges.world.now
    old: dict[str, Work] = {}
    for code, ago in (("E33/29", 29), ("E33/31", 31)):
        work = edges.case(
            "E33",
            _K.AFTER_SALE,
            _C.HOTLINE,
            "水壶漏水，修一下。",
            about=code,
            desired="维修",
            ago=days(ago + 2),
        )
        taken(edges, work, now - days(ago + 1))
        work.act(now - days(ago), work.actor)
        for clock in edges.maker.left_clocks(work):
            work.add("clock.fulfilled", {"clock": clock})
        stages.close(work, work.at, CaseOutcome.REPAIRED)
        old[code] = work
    again = old["E33/29"]
    again.act(now - hours(2), SYSTEM)
    again.add(
        "case.reopened",
        {"cycle": 2, "why": "customer", **again.text("reopen", "修过又漏了")[1]},
        cycle=2,
        state=CaseState.REOPENED,
        outcome=None,
        open=True,
        closed_at=None,
        closed_by=None,
        owner_id=None,
        claimed_at=None,
    )
    for clock in edges.maker.left_clocks(again):
        if edges.maker.kinds[clock].rearm:
            attach(again, clock, again.at, edges.maker.settings(again, clock))
    new = edges.case(
        "E33",
        _K.AFTER_SALE,
        _C.HOTLINE,
        "上个月修过的水壶又漏了。",
        about="E33/31",
        desired="换新",
        ago=hours(3),
    )
    row = link(edges, new, old["E33/31"], LinkKind.PREVIOUS)
    new.act(new.at, SYSTEM)
    said = new.add("case.follows", {"previous": "", "link": row["id"]})
    new.ledger.later(said.payload, "previous", old["E33/31"].row, "case_no")


def _bounced(edges: "Edges") -> None:
    """E35: the letter came back; the case came back to its owner with it (ARCHITECTURE, Effects)."""
    work = edges.case(
        "E35",
        _K.REFUND,
        _C.REFUND_FORM,
        "水壶漏电，照片发不上来。",
        reason=RefundReason.QUALITY,
        desired="退款",
        ago=hours(9),
    )
    taken(edges, work, work.at + hours(2))
    work.act(work.at + hours(1), work.actor)
    committed = work.add("effect.committed", {"step": "scope", "option": "ask", "effects": ["letter"]})
    edges.maker.write(work, "N4", "ask")
    note = edges.world.rows.of(Notification)[-1]
    note.update(state=DeliveryState.FAILED, failure="mailbox.unknown", sent_at=None)
    row = outbox(work, "scope", "letter", DeliveryState.FAILED, committed, notification_id=note["id"])
    told = {"outbox": row["id"], "key": row["key"], "effect": "letter"}
    work.act(work.at + timedelta(seconds=11), SYSTEM)
    work.add("effect.released", told)
    work.act(work.at + timedelta(seconds=3), SYSTEM)
    row.update(result="failed", finished_at=work.at)
    work.add("effect.failed", {**told, "answer": "failed", "reason": "mailbox.unknown"})
    work.add("case.woken", {"why": "effect_failed", "outbox": row["id"]}, state=CaseState.IN_PROGRESS)
    attach(work, "next_response", work.at)
    edges.world.rows.add(CaseFlagRow, case_id=work.row["id"], flag=CaseFlag.LETTER_FAILED)
