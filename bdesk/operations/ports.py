"""The outside world as the desk sees it: who moves money and who carries letters.

Real ports come with delivery. Here each is simulated, and what it answers depends only on the key, so
that a retry with the same key gets the same answer (law file 7: one refund number refunds once).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Protocol


class Answer(StrEnum):
    """What a port says. `unknown` means: it may or may not have happened; ask again, never repeat."""

    OK = "ok"
    PROCESSING = "processing"
    FAILED = "failed"
    UNKNOWN = "unknown"


PATH_CLOSED = "channel.closed"
"""Why a refund failed: its original way does not exist any more (RF9a)."""


@dataclass(frozen=True, slots=True)
class Reply:
    answer: Answer
    reason: str = ""


class PaymentPort(Protocol):
    """A payment channel. Both calls are idempotent in `refund_no`, and neither raises: what cannot be told
    (a line that broke, a time-out) is `unknown`."""

    def refund(self, refund_no: str, payment_no: str, amount_fen: int) -> Reply:
        """Ask for a refund of `amount_fen`. `ok`: the channel has it; the customer may have to wait."""
        ...

    def query(self, refund_no: str, payment_no: str) -> Reply:
        """What became of a refund that was asked for."""
        ...


class MailPort(Protocol):
    """Carries e-mails, SMS and telephone tasks. Idempotent in `key`, and never raises."""

    def send(self, key: str, channel: str, target: str, subject: str, body: str) -> Reply: ...


@dataclass(frozen=True, slots=True)
class Ports:
    payment: PaymentPort
    mail: MailPort


Script = Mapping[str, Answer | Sequence[Answer]]
"""Answers for chosen payment or refund numbers. Of several each is given once, the last for ever."""


@dataclass(slots=True)
class SimulatedPayment:
    """Answers by seed and refund number; `script` names answers for chosen payment numbers.

    `asked` lists every request to pay (refund, payment, fen), and `sent` the first of each refund number:
    the channel knows the number, so a second one with it moves nothing. `paid` is what it moved.
    """

    seed: int = 0
    script: Script = field(default_factory=dict)
    faults_percent: int = 0
    sent: dict[str, tuple[str, int]] = field(default_factory=dict)
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    paid: dict[str, int] = field(default_factory=dict)
    _said: dict[str, int] = field(default_factory=dict)

    def refund(self, refund_no: str, payment_no: str, amount_fen: int) -> Reply:
        self.asked.append((refund_no, payment_no, amount_fen))
        self.sent.setdefault(refund_no, (payment_no, amount_fen))
        return self._settled(refund_no, self._reply(refund_no, payment_no))

    def query(self, refund_no: str, payment_no: str) -> Reply:
        reply = self._reply(refund_no, payment_no)
        fixed = isinstance(self._chosen(refund_no, payment_no), Answer | None)
        if reply.answer is Answer.PROCESSING and fixed:
            reply = Reply(Answer.OK)
        return self._settled(refund_no, reply)

    def _settled(self, refund_no: str, reply: Reply) -> Reply:
        if reply.answer is Answer.OK and refund_no in self.sent:
            self.paid[refund_no] = self.sent[refund_no][1]
        return reply

    def _chosen(self, refund_no: str, payment_no: str) -> Answer | Sequence[Answer] | None:
        return self.script.get(payment_no) or self.script.get(refund_no)

    def _reply(self, refund_no: str, payment_no: str) -> Reply:
        chosen = self._chosen(refund_no, payment_no)
        if chosen is not None and not isinstance(chosen, Answer):
            said = self._said[refund_no] = self._said.get(refund_no, 0) + 1
            chosen = chosen[min(said, len(chosen)) - 1]
        if chosen is None:
            roll = int(sha256(f"{self.seed}:{refund_no}".encode()).hexdigest()[:8], 16) % 100
            faults = (Answer.FAILED, Answer.PROCESSING, Answer.UNKNOWN)
            chosen = faults[roll % 3] if roll < self.faults_percent else Answer.OK
        return Reply(chosen, PATH_CLOSED if chosen is Answer.FAILED else "")


@dataclass(slots=True)
class SimulatedMail:
    """Accepts every letter; an address under `.invalid` bounces. `bodies` are those sent, in order."""

    sent: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    bodies: list[str] = field(default_factory=list)

    def send(self, key: str, channel: str, target: str, subject: str, body: str) -> Reply:
        if key not in self.sent:
            self.bodies.append(body)
        self.sent.setdefault(key, (channel, target, subject))
        if target.endswith(".invalid"):
            return Reply(Answer.FAILED, "mail.bounced")
        return Reply(Answer.OK)


def simulated(seed: int = 0, *, script: Script | None = None) -> Ports:
    """Ports of a training store: nothing leaves this machine."""
    return Ports(SimulatedPayment(seed=seed, script=script or {}), SimulatedMail())
