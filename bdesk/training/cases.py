"""The day's work: cases about the facts, as far along and as urgent as the preset says (training.md D4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import TypeVar

from bdesk.models.clock_kinds import Counting, Drives, PauseReason
from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    CaseState,
    Channel,
)
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.kind import ClockKind, target_of
from bdesk.rules.walk.model import ClockMove
from bdesk.training import stages
from bdesk.training.courses import AGENT_LIMIT_FEN, STAGES, STOPPED
from bdesk.training.draw import spread
from bdesk.training.fold import chip_of
from bdesk.training.ledger import SYSTEM, Ledger, Work
from bdesk.training.matters import PROOFS, Facts, Voices, slots
from bdesk.training.opening import Opened, Pins, open_work
from bdesk.training.rows import Row
from bdesk.training.sizes import KINDS, Preset
from bdesk.training.words.texts import MATTERS, NOTES, Matter
from bdesk.training.world import Deal, World, busy_moment

PRIORITY = {CaseKind.SECURITY: 1, CaseKind.UNFREEZE: 2, CaseKind.COMPLAINT: 2, CaseKind.FEEDBACK: 4}

_FOR_REFUNDS = ("waiting_customer", "closed", "waiting_approval", "reopened")
_DONE = frozenset({"resolved", "closed", "merged", "withdrawn", "reopened"})
MANY = 200
"""Cases from which on one of them has a very long timeline."""
ORDINARY = 3
_SHORT = timedelta(hours=4)
T = TypeVar("T")
_PAID_BACK = ("refunded", "refunding")
_REFUSED = ("signed_past", "signed_old", "signed_recent")
_FITS: dict[str, frozenset[CaseKind]] = {
    "in_transit": frozenset({CaseKind.SHIPMENT_DELAY, CaseKind.AFTER_SALE}),
    "waiting_approval": frozenset({CaseKind.REFUND, CaseKind.COMPLAINT, CaseKind.APPEAL, CaseKind.UNFREEZE}),
    "waiting_customer": frozenset({CaseKind.REFUND, CaseKind.AFTER_SALE, CaseKind.APPEAL, CaseKind.UNFREEZE}),
    "waiting_internal": frozenset({CaseKind.SHIPMENT_DELAY, CaseKind.PAYMENT_FAILURE, CaseKind.AFTER_SALE}),
}
_ENDS: tuple[tuple[str, ...], ...] = (_PAID_BACK, _REFUSED, ("part_refunded", *_PAID_BACK), _REFUSED)
"""The orders that decided refunds are about, in turn."""
_LETTER = {
    "ask": ("请补充材料", "您好, 办理您的申请还需要您补充照片或视频, 请在7天内上传, 收到后我们继续处理。"),
    "approved": ("退款结果通知", "您好, 您的退款申请已通过, 款项原路退回, 到账时间以支付渠道为准。"),
    "rejected": (
        "退款结果通知",
        "您好, 经审核您的申请超过了申请期限, 暂不能退款。您可以补充材料再次申请, 或提出申诉。",
    ),
    "done": ("处理结果通知", "您好, 您反映的问题已处理完毕, 感谢您的耐心等待。"),
}


class Maker:
    """Makes the cases of a store, one after another, each drawn from the same streams."""

    def __init__(
        self,
        world: World,
        ledger: Ledger,
        pins: Mapping[CaseKind, Pins],
        kinds: Mapping[str, ClockKind],
        calendars: Mapping[str, Calendar],
        letters: Mapping[str, str],
    ) -> None:
        self.world = world
        self.ledger = ledger
        self.pins = pins
        self.kinds = kinds
        self.calendars = calendars
        self.letters = letters
        self.days: dict[tuple[ClockMove, ...], dict[str, list[int]]] = {}
        self.draw = world.draw("cases")
        self.voices = Voices(world.draw("voices"))
        self.facts = Facts(world, world.draw("facts"))
        self.by_kind: dict[CaseKind, list[Matter]] = {}
        for matter in self.draw.shuffled(MATTERS):
            self.by_kind.setdefault(matter.kind, []).append(matter)
        self.turns: dict[object, int] = {}
        self.agents = [person for person in world.staff.values() if person["number"] < "2000"]
        self.made: list[Work] = []

    def make(self, preset: Preset, count: int) -> list[Work]:
        """`count` cases in the proportions of the preset."""
        kinds = self.draw.shuffled(spread(KINDS, count))
        stages_of = self.draw.shuffled(spread(preset.stages, count))
        running = [name for name in stages_of if name not in _DONE and name not in STOPPED]
        chips = iter(self.draw.shuffled(spread(preset.chips, len(running))))
        plan = [(stage, "fine" if stage in _DONE or stage in STOPPED else next(chips)) for stage in stages_of]
        plan = _paired(kinds, plan)
        for position, (kind, (stage, chip)) in enumerate(zip(kinds, plan, strict=True)):
            self.made.append(self.case(position, kind, stage, chip))
        if count >= MANY:
            self._ring_often(next(work for work in self.made if work.row["state"] is CaseState.IN_PROGRESS))
        return self.made

    def _ring_often(self, work: Work, calls: int = 60) -> None:
        """One customer who rings again and again: a timeline that has to be paged (E49)."""
        step = (self.world.now - work.at) / (calls + 1)
        agent = self.agents[-1]
        for number in range(calls):
            at = (work.at + step).replace(microsecond=0)
            call = stages.contact(work, at, self.draw.between(30, 90), agent)
            work.act(at, agent["number"])
            work.add("contact.inbound", {"contact": call["id"], "kind": "call", "channel": "hotline"})
            if number % 12 == 0:
                stages.note(work, at, "客户再次来电催问, 已告知进度")

    def case(self, position: int, kind: CaseKind, stage: str, chip: str) -> Work:
        """One case: its matter and facts, when it came, and how far it is."""
        matter = self.next_of(kind, self.by_kind[kind])
        deal, customer = self._about(matter, stage)
        received = self._received(matter, stage, chip)
        if stage in ("closed", "reopened") and deal is not None and deal.refunds and kind is CaseKind.REFUND:
            received = deal.refunds[0]["committed_at"] - self.draw.span(
                timedelta(hours=2), timedelta(hours=20)
            )
        filled = slots(self.world, self.draw, deal, customer)
        work = self._open(matter, position, deal, customer, received, filled)
        STAGES[stage](self, work, matter)
        return work

    def _about(self, matter: Matter, stage: str) -> tuple[Deal | None, Row]:
        """The facts of a case; a decided refund is about an order that shows the decision."""
        deal: Deal | None = None
        if matter.kind is CaseKind.REFUND and stage in ("closed", "reopened"):
            deal = self.facts.deal(self.next_of("ends", _ENDS) if stage == "closed" else _REFUSED)
        elif matter.kind is CaseKind.REFUND and stage == "waiting_approval":
            deal = self.facts.dear(AGENT_LIMIT_FEN)
        return self.facts.about(matter.need) if deal is None else (deal, deal.customer)

    def next_of(self, key: object, of: Sequence[T]) -> T:
        turn = self.turns.get(key, 0)
        self.turns[key] = turn + 1
        return of[turn % len(of)]

    def staff(self, key: str) -> Row:
        """Whose case it is: the first of every stage is 1001's, so that a newcomer's lists are not empty."""
        turn = self.turns.get(key, 0)
        self.turns[key] = turn + 1
        return self.agents[0] if turn == 0 else self.agents[turn % len(self.agents)]

    def lead(self, kind: CaseKind, channel: Channel) -> ClockKind | None:
        """The shortest hour clock that still runs after the opening; what the chip will show."""
        found = [self.kinds[code] for code in self.left_running(kind, channel)]
        hours = [one for one in found if one.counting is Counting.HOURS]
        return min(hours, key=lambda one: one.base.amount, default=None)

    def opens(self, kind: CaseKind, channel: Channel) -> tuple[ClockMove, ...]:
        """The desk clocks that a case of this kind and channel opens with."""
        moves = self.pins[kind].opens(kind, channel, PRIORITY.get(kind, ORDINARY))
        return tuple(move for move in moves if self.kinds[move.kind].drives is Drives.DESK)

    def _short(self, move: ClockMove) -> bool:
        return self._length(move) <= _SHORT

    def _length(self, move: ClockMove) -> timedelta:
        """How long a clock of this opening is; a day clock is never short."""
        length = target_of(self.kinds[move.kind], move.literals).length
        return timedelta(days=length.amount) if length.counting.in_days else timedelta(seconds=length.amount)

    def left_running(self, kind: CaseKind, channel: Channel) -> tuple[str, ...]:
        """The desk clocks of a new case which its opening does not meet at once: a call is a first answer,
        and clocks of minutes are met while the case is recorded (`_meet_short`)."""
        return tuple(move.kind for move in self._left(kind, channel))

    def _left(self, kind: CaseKind, channel: Channel) -> tuple[ClockMove, ...]:
        by_phone = channel is Channel.HOTLINE
        return tuple(
            move
            for move in self.opens(kind, channel)
            if not self._short(move) and not (by_phone and self.kinds[move.kind].human_only)
        )

    def _received(self, matter: Matter, stage: str, chip: str) -> datetime:
        """When a matter came in, so that its chip is the one that is wanted, or near it."""
        now, lead = self.world.now, self.lead(matter.kind, matter.channel)
        if stage in _DONE:
            return busy_moment(self.draw, now, self.draw.between(2, 20))
        if lead is not None:
            length = timedelta(seconds=lead.base.amount)
            return now - length + self._remaining(chip, length)
        days = self._days(self._left(matter.kind, matter.channel))
        return busy_moment(self.draw, now, self.draw.pick(days.get(chip) or days.get("fine") or [0, 1]))

    def _days(self, clocks: tuple[ClockMove, ...]) -> dict[str, list[int]]:
        """By chip, how many days ago a matter with these day clocks came in."""
        if clocks not in self.days:
            found: dict[str, list[int]] = {}
            for ago in range(9):
                received = min(self.world.now - timedelta(minutes=1), self.world.now - timedelta(days=ago))
                found.setdefault(
                    chip_of(clocks, received, self.world.now, self.kinds, self.calendars), []
                ).append(ago)
            # Three days late is a case somebody would have seen by now.
            found["over"] = found.get("over", [])[:2]
            self.days[clocks] = found
        return self.days[clocks]

    def _remaining(self, chip: str, length: timedelta) -> timedelta:
        """How much of a clock is left for the chip that is wanted (UX, SLA states)."""
        minute = timedelta(minutes=1)
        now_at = min(max(5 * minute, length / 10), 30 * minute)
        due_at = min(max(15 * minute, length / 4), 120 * minute, length / 2)
        if chip == "over":
            return -self.draw.span(2 * minute, min(length / 2, 170 * minute))
        if chip == "now":
            return self.draw.span(now_at / 5, now_at - minute)
        if chip == "due":
            return self.draw.span(now_at + 2 * minute, due_at - minute)
        return self.draw.span(due_at + 5 * minute, length - 6 * minute)

    def _open(
        self,
        matter: Matter,
        position: int,
        deal: Deal | None,
        customer: Row,
        received: datetime,
        filled: dict[str, str],
    ) -> Work:
        channel = self._channel(matter)
        by_phone = channel is Channel.HOTLINE
        agent = self.agents[(position * 3 + 1) % len(self.agents)]
        flags = tuple(
            flag
            for flag, on in (
                (CaseFlag.VIP, customer["vip"]),
                (CaseFlag.PUBLIC, channel is Channel.SOCIAL),
                (CaseFlag.REPEAT, matter.number == 31),
                (CaseFlag.MINOR, matter.number == 10),
                (CaseFlag.ABUSIVE, matter.number == 30),
                (CaseFlag.FRAUD, matter.number == 36),
                (CaseFlag.REGULATOR, channel is Channel.REGULATOR),
                (CaseFlag.ELDERLY, customer["born_on"] is not None and customer["born_on"].year < 1957),
            )
            if on
        )
        new = Opened(
            kind=matter.kind,
            channel=channel,
            received_at=received,
            opened_at=min(received + timedelta(seconds=40 if by_phone else 5), self.world.now),
            actor=agent["number"] if by_phone else SYSTEM,
            deal=deal,
            customer=customer,
            subject=matter.subject.format(**filled),
            desired=matter.desired,
            reason=matter.reason,
            description=self.voices.words(matter, filled),
            flags=flags,
            priority=1
            if channel is Channel.REGULATOR or matter.number == 36
            else PRIORITY.get(matter.kind, ORDINARY),
        )
        work = open_work(self.world, self.ledger, self.draw, self.pins, new)
        if by_phone:
            self._called(work, agent, received)
        if matter.number in PROOFS and self.draw.chance(80):
            work.act(work.at + timedelta(minutes=2 if by_phone else 0), SYSTEM)
            for kind in PROOFS[matter.number]:
                stages.evidence(work, kind, work.at if by_phone else received)
        self._meet_short(work, agent, received)
        return work

    def _channel(self, matter: Matter) -> Channel:
        """The matter's own channel, but complaints also come by their own channel and by the regulator."""
        if matter.kind is not CaseKind.COMPLAINT or matter.channel is Channel.SOCIAL:
            return matter.channel
        own = matter.channel
        return self.next_of(
            "complaints", (own, own, Channel.COMPLAINT_CHANNEL, own, own, Channel.REGULATOR, own, own)
        )

    def _meet_short(self, work: Work, agent: Row, received: datetime) -> None:
        """What is due within hours of the receipt was done in time: recorded, assigned, answered."""
        by_phone = work.row["channel"] is Channel.HOTLINE
        for move in self.opens(work.row["kind"], work.row["channel"]):
            met = by_phone and self.kinds[move.kind].human_only
            if self._short(move) and not met:
                work.act(received + self._length(move) / 3, agent["number"])
                work.add("clock.fulfilled", {"clock": move.kind})

    def _called(self, work: Work, agent: Row, received: datetime) -> None:
        """The call a case was opened from: taken, answered, and given back to the queue."""
        seconds = self.draw.between(150, 620)
        call = stages.contact(work, received, seconds, agent)
        payload = {"contact": call["id"], "kind": "call", "channel": "hotline"}
        work.add("contact.inbound", payload, occurred_at=received)
        stages.claim_now(work, agent, "call")
        for move in self.opens(work.row["kind"], work.row["channel"]):
            if self.kinds[move.kind].human_only:
                work.add("clock.fulfilled", {"clock": move.kind})
        work.act(call["ended_at"], agent["number"])
        seconds = int((call["ended_at"] - received).total_seconds())
        work.add(
            "contact.ended", {"contact": call["id"], "seconds": seconds, "at": work.iso(call["ended_at"])}
        )
        stages.release(work, work.at + timedelta(seconds=20))

    def moment(self, work: Work, share: float = 0.6) -> datetime:
        """Some time after the last act and well before now."""
        at: datetime = work.at
        room = (self.world.now - at) * share
        return at + self.draw.span(timedelta(0), room) if room > timedelta(seconds=1) else at

    def take(self, work: Work, key: str) -> None:
        """Somebody claims it and leaves a note now and then."""
        stages.claim(work, self.staff(key), self.moment(work))
        if self.draw.chance(55):
            stages.note(work, self.moment(work, 0.3), self.draw.pick(NOTES))

    def write(self, work: Work, code: str, what: str) -> bool:
        """A letter of the book, if the book has it."""
        version = self.letters.get(code)
        return version is not None and stages.letter(work, code, version, *_LETTER[what]) is not None

    def pausable(self, work: Work, reason: PauseReason) -> str | None:
        """A clock of the case that may be stopped for this reason."""
        for move in self.opens(work.row["kind"], work.row["channel"]):
            if reason in self.kinds[move.kind].pauses:
                return move.kind
        return None


def _paired(kinds: list[CaseKind], plan: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Stages that refunds show best go to refunds, but a third of the refunds keep what was drawn."""
    places = [place for place, kind in enumerate(kinds) if kind is CaseKind.REFUND]
    by_stage = {stage: [one for one in plan if one[0] == stage] for stage in _FOR_REFUNDS}
    closed = by_stage.pop("closed")
    # In turn from each stage, so that a few refunds still show every one; decided ones come twice.
    rows = zip_longest(closed[::2], *by_stage.values(), closed[1::2])
    turns = [one for row in rows for one in row if one is not None]
    taken = turns[: len(places) * 2 // 3]
    rest = list(plan)
    for one in taken:
        rest.remove(one)
    given, others = iter(taken), iter(rest)
    chosen = set(places[: len(taken)])
    paired = [next(given) if place in chosen else next(others) for place in range(len(kinds))]
    return _swapped(kinds, paired)


def _swapped(kinds: list[CaseKind], plan: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Stages that make no sense for a kind change places with those of a kind for which they do."""
    for place, kind in enumerate(kinds):
        fits = _FITS.get(plan[place][0])
        if fits is None or kind in fits:
            continue
        for other, taker in enumerate(kinds):
            if taker in fits and plan[other][0] in ("working", "new"):
                plan[place], plan[other] = plan[other], plan[place]
                break
    return plan
