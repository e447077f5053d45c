"""The day's work: cases about the facts, as far along and as urgent as the preset says (training.md D4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bdesk.models.clock_kinds import Counting, Drives, PauseReason
from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    CaseState,
    Channel,
    Role,
)
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.kind import ClockKind, target_of
from bdesk.rules.walk.model import ClockMove
from bdesk.training import intake, shares, stages
from bdesk.training.courses import AGENT_LIMIT_FEN, STAGES, STOPPED
from bdesk.training.draw import spread
from bdesk.training.happened import signed, since
from bdesk.training.ledger import SYSTEM, Ledger, Work
from bdesk.training.matters import ASKED_AFTER, PROOFS, About, Facts, Until, Voices, slots
from bdesk.training.opening import Asked, Opened, Pins, asked_of, open_work
from bdesk.training.plans import paired
from bdesk.training.receipts import DECIDED, DONE, Receipts
from bdesk.training.rows import Row
from bdesk.training.sizes import KINDS, Preset
from bdesk.training.truth import INSTEAD, ROUND, TRUTH, true_slots
from bdesk.training.words.texts import MATTERS, NOTES, Matter
from bdesk.training.world import Deal, World

PRIORITY = {CaseKind.SECURITY: 1, CaseKind.UNFREEZE: 2, CaseKind.COMPLAINT: 2, CaseKind.FEEDBACK: 4}

MANY = 200
"""Cases from which on one of them has a very long timeline."""
ORDINARY = 3
_SHORT = timedelta(hours=4)
_NEW_CLOCK = STOPPED | {"waiting_approval"}
"""Stages in which the clock of the opening is not what the chip shows."""
T = TypeVar("T")
_PAID_BACK = ("refunded", "refunding")
_REFUSED = ("signed_past", "signed_old", "signed_recent")
_DECIDED: dict[str, float] = {"approved": 78, "partial": 7, "rejected": 15}
_WHOLE_ENDS: dict[str, tuple[str, ...]] = {
    "approved": _PAID_BACK,
    "partial": ("part_refunded",),
    "rejected": _REFUSED,
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
        self.receipts = Receipts(self)
        self.draw = world.draw("cases")
        self.voices = Voices(world.draw("voices"))
        self.facts = Facts(world, world.draw("facts"))
        self.by_kind: dict[CaseKind, list[Matter]] = {}
        for matter in self.draw.shuffled(MATTERS):
            self.by_kind.setdefault(matter.kind, []).append(matter)
        self.turns: dict[object, int] = {}
        self.agents = [person for person in world.staff.values() if person["number"] < "2000"]
        self.newcomer: Row | None = None
        if world.whole:
            # The last of the agents is new: whoever signs in as them finds an empty queue (E50).
            self.newcomer = [one for one in self.agents if one["role"] is Role.AGENT][-1]
            self.agents.remove(self.newcomer)
            # What no decided case can be about comes round first, so that every reason is heard.
            self.by_kind[CaseKind.REFUND].sort(key=lambda one: one.need == "signed_recent")
            for kind, numbers in ROUND.items():
                known = {matter.number: matter for matter in self.by_kind[kind]}
                self.by_kind[kind] = [known[number] for number in numbers]
        self.made: list[Work] = []

    @property
    def juniors(self) -> list[Row]:
        """Who works cases within an agent's limits."""
        return [one for one in self.agents if one["role"] is Role.AGENT]

    def make(self, preset: Preset, count: int, there: Sequence[CaseKind] = ()) -> list[Work]:
        """`count` cases in the proportions of the preset; `there` are the kinds of those made before."""
        wanted = spread(KINDS, count + len(there))
        for kind in there:
            wanted.remove(kind if kind in wanted else wanted[0])
        kinds = self.draw.shuffled(wanted)
        stages_of = self.draw.shuffled(spread(preset.stages, count))
        running = [name for name in stages_of if name not in DONE and name not in STOPPED]
        chips = iter(self.draw.shuffled(spread(preset.chips, len(running))))
        plan = [(stage, "fine" if stage in DONE or stage in STOPPED else next(chips)) for stage in stages_of]
        plan = paired(kinds, plan, whole=preset.whole)
        if preset.whole:
            # Whoever asks how a matter stands has one: those come last.
            turn = sorted(range(count), key=lambda place: kinds[place] is CaseKind.PROGRESS)
            kinds, plan = [kinds[place] for place in turn], [plan[place] for place in turn]
            by_hours = {one: self._by_hours(one) for one in self.by_kind}
            runs = [stage not in DONE and stage not in _NEW_CLOCK for stage, _ in plan]
            shares.urgent_first(plan, [by_hours[one] for one in kinds], runs)
        for position, (kind, (stage, chip)) in enumerate(zip(kinds, plan, strict=True)):
            self.made.append(self.case(position, kind, stage, chip))
        if count + len(there) >= MANY:
            intake.ring_often(
                self, next(work for work in self.made if work.row["state"] is CaseState.IN_PROGRESS)
            )
        return self.made

    def case(self, position: int, kind: CaseKind, stage: str, chip: str) -> Work:
        """One case: its matter and facts, when it came, and how far it is."""
        matter, about = self._subject(kind, stage, chip)
        deal, customer = about.deal, about.customer
        asked = self.asked(matter, deal, customer)
        received = self.receipts.at(asked, stage, chip, deal, about.since)
        filled = slots(self.draw, deal, customer, received)
        if self.world.whole:
            filled |= true_slots(matter.number, deal, self.facts.tx_of(customer), received)
        work = self.open(matter, asked, position, deal, customer, received, filled)
        STAGES[stage](self, work, matter)
        return work

    def asked(self, matter: Matter, deal: Deal | None, customer: Row) -> Asked:
        """By which way a matter comes and how pressing it is."""
        channel = self._channel(matter)
        if self.world.whole:
            channel = shares.channel_of(self.world, channel)
        return self._asked_by(matter, channel, deal, customer)

    def _asked_by(self, matter: Matter, channel: Channel, deal: Deal | None, customer: Row) -> Asked:
        if not self.world.whole:
            pressing = channel is Channel.REGULATOR or matter.number == 36
            return Asked(matter.kind, channel, 1 if pressing else PRIORITY.get(matter.kind, ORDINARY))
        return Asked(
            matter.kind, channel, shares.priority_of(matter.number, matter.kind, channel, customer, deal)
        )

    def _until(self, matter: Matter, stage: str, chip: str) -> Until:
        """Until when what a matter is about must have happened, for the chip that is wanted."""
        channel = shares.next_channel(self.world, matter.channel) if self.world.whole else matter.channel

        def until(deal: Deal | None, customer: Row) -> datetime:
            asked = self._asked_by(matter, channel, deal, customer)
            return self.receipts.latest(asked, stage, chip, deal)

        return until

    def _by_hours(self, kind: CaseKind) -> bool:
        """Whether every matter of a kind has a clock of hours left, by whatever way it comes."""
        channels = {matter.channel for matter in self.by_kind[kind]} | {Channel.HOTLINE}
        return all(self.lead(Asked(kind, channel, ORDINARY)) is not None for channel in channels)

    def _subject(self, kind: CaseKind, stage: str, chip: str) -> tuple[Matter, About]:
        """The matter of a case, and what it is about; all that its words speak of has happened by then."""
        matter = self._moving(kind, stage) or self.next_of(kind, self.by_kind[kind])
        deal = self._decided(matter, stage, chip)
        if deal is not None:
            matter = self._words_for(matter, deal, stage, chip)
            return matter, About(deal, deal.customer, since(matter, deal))
        if self.world.whole and kind is CaseKind.PROGRESS:
            until = self._until(matter, stage, chip)(None, self.world.customers[0])
            mine = self.facts.asked_after(self.made, until)
            if mine is not None:
                who = mine.customer or self.facts.person()
                return matter, About(mine.deal, who, mine.row["received_at"] + ASKED_AFTER)
        matter = self._true_of(matter, stage, chip)
        return matter, self.facts.about(matter, self._until(matter, stage, chip))

    def _decided(self, matter: Matter, stage: str, chip: str) -> Deal | None:
        """A decided refund is about an order that shows the decision, a dear one about a dear order."""
        if matter.kind is not CaseKind.REFUND:
            return None
        until = self._until(matter, stage, chip)

        def fits(deal: Deal) -> bool:
            return signed(deal) <= until(deal, deal.customer)

        if stage == "waiting_approval":
            return self.facts.dear(AGENT_LIMIT_FEN, fits)
        if stage not in DECIDED:
            return None
        if stage == "reopened":
            return self.facts.deal(_REFUSED, fits)
        if self.world.whole:
            return self.facts.deal(_WHOLE_ENDS[self.world.dealt("ends", _DECIDED)], fits)
        return self.facts.deal(self.next_of("ends", _ENDS), fits)

    def _moving(self, kind: CaseKind, stage: str) -> Matter | None:
        """A matter about a parcel, for a case that waits for one."""
        if not self.world.whole or (kind, stage) != (CaseKind.SHIPMENT_DELAY, "in_transit"):
            return None
        return self.next_of("moving", [one for one in self.by_kind[kind] if one.need == "shipped_silent"])

    def _true_of(self, matter: Matter, stage: str, chip: str) -> Matter:
        """The matter, or another of its kind: words for which an order is left of which they are true, and
        were so when the case had to come in."""
        if self.facts.has(matter, self._until(matter, stage, chip)):
            return matter
        left = self.facts.has(matter)
        turn, known = self.turns.get(matter.kind, 0), self.by_kind[matter.kind]
        others = [known[(turn + place) % len(known)] for place in range(len(known))]
        instead = INSTEAD.get(matter.number) if self.world.whole else None
        others.sort(key=lambda one: one.number != instead)
        for other in others:
            if other is not matter and self.facts.has(other, self._until(other, stage, chip)):
                if left and turn:
                    self.turns[matter.kind] -= 1  # it comes round again, when its order is old enough
                return other
        return matter if left else next((one for one in others if one.number == instead), matter)

    def _words_for(self, matter: Matter, deal: Deal, stage: str, chip: str) -> Matter:
        """The matter, or another of its kind, that is true of an order it has to be about."""
        fits = [
            one
            for one in self.by_kind[matter.kind]
            if one.need == "signed_recent"
            and self._fits(one, deal)
            and since(one, deal) <= self._until(one, stage, chip)(deal, deal.customer)
        ]
        if matter in fits or not fits:
            return matter
        self.turns[matter.kind] -= 1  # it comes round again, with an order of its own
        return self.next_of("decided", fits)

    def _fits(self, matter: Matter, deal: Deal) -> bool:
        truth = TRUTH.get(matter.number)
        return truth is None or not self.world.whole or truth.fits(self.world, deal)

    def next_of(self, key: object, of: Sequence[T]) -> T:
        turn = self.turns.get(key, 0)
        self.turns[key] = turn + 1
        return of[turn % len(of)]

    def staff(self, key: str) -> Row:
        """Whose case it is: the first of every stage is 1001's, so that a newcomer's lists are not empty."""
        turn = self.turns.get(key, 0)
        self.turns[key] = turn + 1
        return self.agents[0] if turn == 0 else self.agents[turn % len(self.agents)]

    def lead(self, asked: Asked) -> ClockKind | None:
        """The shortest hour clock that still runs after the opening; what the chip will show."""
        found = [self.kinds[code] for code in self.left_running(asked)]
        hours = [one for one in found if one.counting is Counting.HOURS]
        return min(hours, key=lambda one: one.base.amount, default=None)

    def opens(self, asked: Asked) -> tuple[ClockMove, ...]:
        """The desk clocks that a case of this kind, channel and priority opens with."""
        moves = self.pins[asked.kind].opens(*asked)
        return tuple(move for move in moves if self.kinds[move.kind].drives is Drives.DESK)

    def is_short(self, move: ClockMove) -> bool:
        """Whether it is met while the case is recorded."""
        return self.length(move) <= _SHORT

    def length(self, move: ClockMove) -> timedelta:
        """How long a clock of this opening is; a day clock is never short."""
        length = target_of(self.kinds[move.kind], move.literals).length
        return timedelta(days=length.amount) if length.counting.in_days else timedelta(seconds=length.amount)

    def left_running(self, asked: Asked) -> tuple[str, ...]:
        """The desk clocks of a new case which its opening does not meet at once: a call is a first answer,
        and clocks of minutes are met while the case is recorded (`intake.meet_short`)."""
        return tuple(move.kind for move in self.left_moves(asked))

    def left_clocks(self, work: Work) -> tuple[str, ...]:
        """The same of a case that is there."""
        return self.left_running(asked_of(work))

    def settings(self, work: Work, clock: str) -> Mapping[str, object]:
        """What a clock of its opening was told."""
        return next((move.literals for move in self.opens(asked_of(work)) if move.kind == clock), {})

    def left_moves(self, asked: Asked) -> tuple[ClockMove, ...]:
        """The same with their settings."""
        by_phone = asked.channel is Channel.HOTLINE
        return tuple(
            move
            for move in self.opens(asked)
            if not self.is_short(move) and not (by_phone and self.kinds[move.kind].human_only)
        )

    def open(
        self,
        matter: Matter,
        asked: Asked,
        position: int,
        deal: Deal | None,
        customer: Row,
        received: datetime,
        filled: dict[str, str],
    ) -> Work:
        """The case, opened by the way it came, with what was handed in."""
        channel = asked.channel
        by_phone = channel is Channel.HOTLINE
        agent = self.agents[(position * 3 + 1) % len(self.agents)]
        drawn = tuple(
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
        flags = tuple(dict.fromkeys((*drawn, *matter.flags)))
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
            priority=asked.priority,
            wallet_tx=self.facts.tx_for(matter.number, deal, customer) if self.world.whole else None,
        )
        work = open_work(self.world, self.ledger, self.draw, self.pins, new)
        if by_phone:
            intake.called(self, work, agent, received)
        if matter.number in PROOFS and (self.draw.chance(80) or self.world.whole):
            work.act(work.at + timedelta(minutes=2 if by_phone else 0), SYSTEM)
            for kind in PROOFS[matter.number]:
                stages.evidence(work, kind, work.at if by_phone else received)
        intake.meet_short(self, work, agent, received)
        return work

    def _channel(self, matter: Matter) -> Channel:
        """The matter's own channel, but complaints also come by their own channel and by the regulator."""
        if matter.kind is not CaseKind.COMPLAINT or matter.channel is Channel.SOCIAL:
            return matter.channel
        own = matter.channel
        return self.next_of(
            "complaints", (own, own, Channel.COMPLAINT_CHANNEL, own, own, Channel.REGULATOR, own, own)
        )

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
        for move in self.opens(asked_of(work)):
            if reason in self.kinds[move.kind].pauses:
                return move.kind
        return None
