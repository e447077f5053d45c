"""The outside world as the desk sees it: who moves money and who carries letters.

Real ports come with delivery. Here each is simulated, and what it answers depends only on the key, so
that a retry with the same key gets the same answer (law file 7: one refund number refunds once).
"""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Reply:
    answer: Answer
    reason: str = ""


class PaymentPort(Protocol):
    """A payment channel. Both calls are idempotent in `refund_no`."""

    def refund(self, refund_no: str, payment_no: str, amount_fen: int) -> Reply:
        """Ask for a refund of `amount_fen`. `ok` means arrived at the channel, not in the customer's hands."""
        ...

    def query(self, refund_no: str, payment_no: str) -> Reply:
        """What became of a refund that was asked for."""
        ...


class MailPort(Protocol):
    """Carries e-mails, SMS and telephone tasks."""

    def send(self, key: str, channel: str, target: str, subject: str, body: str) -> Reply: ...


@dataclass(frozen=True, slots=True)
class Ports:
    payment: PaymentPort
    mail: MailPort


@dataclass(slots=True)
class SimulatedPayment:
    """Answers by seed and refund number; `script` names answers for chosen payment numbers.

    `sent` records what was asked, so that a test can count real refunds.
    """

    seed: int = 0
    script: Mapping[str, Answer] = field(default_factory=dict)
    faults_percent: int = 0
    sent: dict[str, tuple[str, int]] = field(default_factory=dict)

    def refund(self, refund_no: str, payment_no: str, amount_fen: int) -> Reply:
        self.sent.setdefault(refund_no, (payment_no, amount_fen))
        return self._reply(refund_no, payment_no)

    def query(self, refund_no: str, payment_no: str) -> Reply:
        reply = self._reply(refund_no, payment_no)
        return Reply(Answer.OK) if reply.answer is Answer.PROCESSING else reply

    def _reply(self, refund_no: str, payment_no: str) -> Reply:
        chosen = self.script.get(payment_no) or self.script.get(refund_no)
        if chosen is None:
            roll = int(sha256(f"{self.seed}:{refund_no}".encode()).hexdigest()[:8], 16) % 100
            faults = (Answer.FAILED, Answer.PROCESSING, Answer.UNKNOWN)
            chosen = faults[roll % 3] if roll < self.faults_percent else Answer.OK
        return Reply(chosen, "channel.closed" if chosen is Answer.FAILED else "")


@dataclass(slots=True)
class SimulatedMail:
    """Accepts every letter; an address under `.invalid` bounces."""

    sent: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def send(self, key: str, channel: str, target: str, subject: str, body: str) -> Reply:
        self.sent.setdefault(key, (channel, target, subject))
        if target.endswith(".invalid"):
            return Reply(Answer.FAILED, "mail.bounced")
        return Reply(Answer.OK)


def simulated(seed: int = 0, *, script: Mapping[str, Answer] | None = None) -> Ports:
    """Ports of a training store: nothing leaves this machine."""
    return Ports(SimulatedPayment(seed=seed, script=script or {}), SimulatedMail())
