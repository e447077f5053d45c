"""Walks of packaged procedures for tests: facts by name, and a person who presses keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bdesk.data.book import loader
from bdesk.data.book.tasks import task_facts
from bdesk.rules.walk.interpreter import walk
from bdesk.rules.walk.model import Procedure
from bdesk.rules.walk.plan import plan
from bdesk.rules.walk.values import UNKNOWN, FactValue, GivenValue
from bdesk.rules.walk.views import Answer, Planned, StepView, Walk
from tests.rules.walk.recording import with_round

NOON = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)

# Scenario S1: a kettle of 128.00 from the wallet, signed for two days ago, photo already attached.
S1: dict[str, FactValue] = {
    "case.no": "KF2026111800001",
    "case.kind": "refund",
    "case.channel": "hotline",
    "case.reason": "quality",
    "case.received_at": NOON - timedelta(hours=3),
    "case.due_at": NOON + timedelta(hours=21),
    "case.due_word": "to_come",
    "case.priority": 3,
    "case.stoppable_clock": "refund_review",
    "case.duplicate_no": None,
    "case.part_only": False,
    "case.items_text": "电热水壶 x1",
    "case.evidence_rounds": 0,
    "case.reapply_count": 0,
    "case.previous_no": None,
    "case.decided_by_me": False,
    "case.other_reviewer_free": True,
    "case.decided": False,
    "order.known": True,
    "order.no": "BT20261114000101",
    "order.items_text": "电热水壶 x1",
    "order.lines_text": "电热水壶 x1",
    "order.ordered_at": NOON - timedelta(days=4),
    "order.status": "signed",
    "order.paid_fen": 12800,
    "order.refunded_fen": 0,
    "order.refundable_fen": 12800,
    "order.last_refund_at": None,
    "order.last_refund_fen": None,
    "order.cancellable": False,
    "cancel.agreed": False,
    "cancel.items_text": None,
    "order.contradictions": (),
    "order.exclusion_confirmed": False,
    "product.return_class": "normal",
    "product.excluded": False,
    "window.days": 7,
    "window.open": True,
    "window.ends_on": date(2026, 11, 23),
    "window.hours_past": 0,
    "window.minutes_past": 0,
    "parcel.state": "signed",
    "parcel.signed_on": date(2026, 11, 16),
    "parcel.signed_days": 2,
    "parcel.signed_by": "self",
    "parcel.carrier": "中通",
    "parcel.last_scan_at": NOON - timedelta(days=2),
    "parcel.last_scan": "已签收",
    "parcel.silent_days": None,
    "parcel.interceptable": False,
    "payments.status": "success",
    "payments.method": "wallet",
    "payments.original_open": True,
    "payments.open_fen": 12800,
    "payments.excess_fen": 0,
    "payments.arrival": "hours_2",
    "wallet.frozen": False,
    "refund.proposed_fen": 12800,
    "refund.state": "none",
    "refund.amount_fen": None,
    "refund.no": None,
    "refund.target_registered": False,
    "customer.name_masked": "王*",
    "customer.email_masked": "w***@example.com",
    "customer.letters_to": "w***@example.com",
    "customer.reachable": True,
    "customer.told": True,
    "customer.is_actor": False,
    "contact.spoken": True,
    "contact.called": True,
    "contact.signed_in": False,
    "verification.level": 0,
    "verification.failures": 0,
    "verification.tries_left": 3,
    "verification.locked": False,
    "verification.locked_until": None,
    "verification.contact_changed_7d": False,
    "verification.code_state": "none",
    "verification.documents": "none",
    "evidence.count": 1,
    "evidence.media_count": 1,
    "evidence.described": True,
    "evidence.complete": True,
    "evidence.missing": (),
    "evidence.unclear": 0,
    "evidence.new_since_request": 0,
    "evidence.new_since_decision": 0,
    "history.refunds_30d": 0,
    "history.goodwill_returns_1y": 0,
    "risk.flags": (),
    "risk.flagged": False,
    "limits.refund_fen": 50000,
    "limits.reapply_max": 2,
    "limits.lost_scan_days": 7,
    "limits.goodwill_hours": 48,
    "actor.role": "agent",
    "actor.no": "1001",
    "approval.state": "none",
    "approval.amount_fen": None,
    "approval.note": None,
    "approval.due_at": None,
    "letters.result_sent": False,
    "letters.result_to": None,
    # --- payment failure and wallet refund
    "payments.failure": None,
    "payments.cap_fen": 5000000,
    "payments.over_cap": False,
    "order.total_fen": 12800,
    "order.pay_by": None,
    "order.payable": False,
    "order.not_payable": "paid",
    "wallet.enough": True,
    "wallet.region": "cn",
    "wallet.region_ok": True,
    "limits.wallet_regions": ("cn", "hk", "mo"),
    "wallet_tx.known": False,
    "wallet_tx.no": UNKNOWN,
    "wallet_tx.kind": UNKNOWN,
    "wallet_tx.amount_fen": UNKNOWN,
    "wallet_tx.at": UNKNOWN,
    "wallet_tx.in_shop": UNKNOWN,
    # ---
    "deadline.evidence": date(2026, 11, 25),
    "deadline.asked": None,
    "deadline.reapply": date(2026, 12, 3),
    "progress.asked_no": "KF2026111800001",
    "progress.asked_open": True,
    "progress.status": "reviewing",
    "progress.outcome": None,
    "progress.next_at": NOON + timedelta(hours=21),
    "progress.overdue": False,
    "progress.enquiries_48h": 0,
    "promise.broken": 0,
    "promise.words": None,
    "promise.due_at": None,
    "refund.late_no": None,
    # No department was asked anything.
    **{name: "none" if spec.values else None for name, spec in task_facts().items()},
    # P8: nothing was asked to change.
    "account.change": None,
    "account.entered": None,
    "account.stage": "none",
    "account.ready_at": None,
    "account.warned": False,
    "account.for_another": False,
    "account.old_masked": None,
    "account.new_masked": None,
    "account.proven_by": "answers",
    "account.contact_changed_at": None,
    "account.open_no": None,
    "account.undocumented": False,
    "appeal.review": "none",
    "appeal.talks": 1,
    "appeal.may_review": False,
    "appeal.public": False,
    "documents.situation": None,
    "documents.passed_for": None,
    "documents.wanted": UNKNOWN,
    "documents.missing": UNKNOWN,
    "documents.complete": False,
    "documents.pieces": None,
    "documents.note": None,
    "unfreeze.documents_for": None,
    "unfreeze.undocumented": False,
    "account.saving": "none",
    "account.unshipped_no": None,
    "wallet.outgoing_until": None,
    # P6: the wallet is free.
    "wallet.state": "normal",
    "wallet.tail": "0037",
    "wallet.freeze_id": None,
    "wallet.freeze_reason": None,
    "wallet.freeze_source": None,
    "wallet.judicial": False,
    "wallet.frozen_at": None,
    "wallet.freeze_trigger": None,
    "wallet.held_fen": UNKNOWN,
    "wallet.earlier_freezes": 0,
    "wallet.sent_24h": 0,
    "wallet.limited": False,
    "unfreeze.signs": (),
    "unfreeze.rating": "low",
    "unfreeze.coached": False,
    "unfreeze.papers": (),
    "unfreeze.lacking": False,
    "unfreeze.groundwork": "done",
    "unfreeze.frozen_again": False,
    "unfreeze.release": "done",
    "unfreeze.look_at": None,
    "unfreeze.look_open": False,
    "unfreeze.week_at": None,
    "unfreeze.week_open": False,
    "approval.extent": None,
    "approval.decided_by_me": False,
    # P2: the kettle was shipped in time.
    "delay.awaits_payment": False,
    "delay.pending": False,
    "delay.overdue": False,
    "delay.due_at": None,
    "delay.minutes_late": 0,
    "delay.days_late": 0,
    "delay.items_text": None,
    "delay.base_fen": 0,
    "delay.fake_shipment": False,
    "delay.stock_short": False,
    "delay.cause": None,
    "delay.source": None,
    "delay.eta": None,
    "delay.promise_at": NOON + timedelta(days=1),
    "delay.suggested_cause": None,
    "delay.suggested_source": None,
    "delay.suggested_eta": None,
    "delay.ask_whom": "warehouse",
    "delay.remedies": "all",
    "compensation.booked": False,
    "compensation.given_fen": 0,
    "compensation.excluded": False,
    "compensation.suggested_fen": 0,
    "limits.compensation_fen": 0,
    "limits.delay_alert_days": 12,
    "limits.stuck_days": 3,
    "substitute.available": False,
    "substitute.name": None,
    "substitute.instead_of": None,
    "substitute.stock": None,
    "substitute.price": None,
    "substitute.diff_fen": 0,
    "substitute.back_fen": 0,
    "substitute.within_limit": False,
    "parcel.shipped_on": date(2026, 11, 15),
    "parcel.waybill_tail": "0101",
    # --- appeals (P5): a first one, in time, read by somebody who may not decide it
    "appeal.level": 1,
    "appeal.contested_no": "KF2026111000003",
    "appeal.candidate_no": "KF2026111000003",
    "appeal.decided_on": date(2026, 11, 12),
    "appeal.decided_by": "1005",
    "appeal.last_day": date(2026, 11, 27),
    "appeal.days_after": 6,
    "appeal.in_time": True,
    "appeal.touched_by_me": False,
    "appeal.may_decide": False,
    "appeal.may_refuse": False,
    "appeal.may_settle": False,
    "appeal.proof": 2,
    "appeal.missing": (),
    "appeal.clauses": (),
    "appeal.objection": None,
    "appeal.result": None,
    "appeal.granted": False,
    "appeal.result_told": False,
    "appeal.next_step": "second",
    "appeal.preliminary_by": date(2026, 11, 25),
    "appeal.final_by": date(2026, 12, 2),
    "appeal.extended_to": None,
    "appeal.extensions": 0,
    "appeal.extendable": False,
    "appeal.final_running": False,
    # ---
    # Goods sent back (P7): nothing is on its way, and a return would be in order.
    "case.after_sale_no": "SH20261118000001",
    "case.converted": False,
    "letters.number_told": False,
    "evidence.hours_after_signing": 1,
    "limits.inspection_dispute_fen": 20000,
    "limits.perishable_hours": 48,
    "return.kind": "return",
    "return.goodwill": False,
    "return.paid_back": False,
    "return.elsewhere_no": None,
    "return.freight": "shop",
    "return.address": "苏州市训练路1号",
    "return.send_by": date(2026, 11, 25),
    "return.approved": False,
    "return.carrier": None,
    "return.waybill": None,
    "return.waybill_fits": None,
    "return.looks_like": None,
    "return.received_at": None,
    "return.inspection": None,
    "return.detail": None,
    "return.task_answer": None,
    "warranty.open": True,
    "warranty.ends_on": date(2027, 11, 16),
    "exchange.in_stock": True,
    "exchange.substitute": None,
    "exchange.substitute_ok": False,
    "return.new_sku": None,
    "return.new_carrier": None,
    "return.new_waybill": None,
    "repair.estimate_fen": None,
    "repair.agreed": None,
    "repair.days": None,
}


@dataclass
class Agent:
    """Somebody at the desk: chooses options by code, and counts the digits that chose them."""

    facts: dict[str, FactValue] = field(default_factory=lambda: dict(S1))
    procedure: Procedure = field(default_factory=lambda: loader.procedure("refund"))
    answers: list[Answer] = field(default_factory=list)
    cycle: int = 1
    keys: int = 0
    digits: int = 0

    @property
    def walk(self) -> Walk:
        return walk(self.procedure, self.answers, self.facts, cycle=self.cycle)

    @property
    def step(self) -> StepView:
        current = self.walk.current
        assert current is not None, self.walk.finished
        return current

    def plan(self, option: str, **captures: GivenValue) -> Planned:
        return plan(self.procedure, self.walk, option, captures, self.facts)

    def choose(self, option: str, at: str | None = None, **captures: GivenValue) -> Planned:
        """Answer the step at hand, or an earlier one (`at`), as an operation would record it."""
        walked = walk(self.procedure, self.answers, self.facts, cycle=self.cycle, at=at)
        planned = plan(self.procedure, walked, option, captures, self.facts)
        answer = Answer(
            step=planned.step,
            option=option,
            by="1001",
            at=NOON + timedelta(seconds=len(self.answers)),
            captures=planned.captures,
            binding=planned.binding,
        )
        self.answers.append(with_round(answer, walked))
        self.digits += sum(len(str(value)) for value in captures.values())
        self.keys += max(1, len(captures)) if captures else 1
        self.keys += planned.strip
        return planned

    def know(self, facts: Mapping[str, FactValue]) -> None:
        self.facts.update(facts)

    def verify(self) -> None:
        """The opening, the whole order, and the two factors, as far as S1 asks for them."""
        self.choose("confirmed")
        self.choose("whole")
        self.choose("check", recent_amount="128.00", phone_tail="0037")
        self.know({"verification.level": 2})

    def to_decision(self) -> None:
        self.verify()
        self.choose("quality")
        self.choose("complete")
