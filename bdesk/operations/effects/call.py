"""What a handler is handed, and how it puts something into the outbox."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, select

from bdesk.errors import NotAllowed
from bdesk.models.kinds import DeliveryState
from bdesk.models.tables import OutboxRow
from bdesk.models.views.strip import LetterPreview, Phrase
from bdesk.operations.change import Act, to_json
from bdesk.operations.context import Context
from bdesk.operations.standing import Standing
from bdesk.rules.limits import MONEY_EFFECTS
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import Planned, PlannedEffect

# States after which the same effect may be tried again under a new attempt (ARCHITECTURE, Effects).
_AGAIN = frozenset({DeliveryState.RECALLED, DeliveryState.FAILED})


@dataclass(slots=True)
class EffectCall:
    """One effect being done inside the transaction of its answer."""

    act: Act
    ctx: Context
    stand: Standing
    planned: Planned
    effect: PlannedEffect
    outbox: list[OutboxRow] = field(default_factory=list)
    numbers: int = 0

    @property
    def params(self) -> Mapping[str, object]:
        return self.effect.params

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text."""
        value = self.effect.params.get(name)
        return default if value is None else str(value)

    def fen(self, name: str = "amount_fen") -> int:
        """A parameter as fen. Raises NotAllowed("effect.no_amount") when it is missing or not positive."""
        value = self.effect.params.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            raise NotAllowed("effect.no_amount", effect=self.effect.effect)
        return value

    @property
    def now(self) -> datetime:
        return self.act.unit.now

    def send(
        self,
        params: Mapping[str, object],
        *,
        refund_id: int | None = None,
        notification_id: int | None = None,
        about: str = "",
        once: str | None = None,
    ) -> OutboxRow:
        """Put the effect into the outbox, held for the recall window. `once`: what may be done once only,
        whichever case and step asks for it (a freeze that is lifted).

        Raises NotAllowed("effect.already") when the same effect of the same step of the same cycle is on
        its way or done: this key is what makes "twice" impossible. A step that is come to again may send
        another letter, but never moves money again; except where the effect is once for each of several
        things, and `about` names which.
        """
        session, case = self.act.unit.session, self.act.case
        stem = once or self._stem(about)
        attempt = self._next_attempt(stem)
        row = OutboxRow(
            key=f"{stem}:{attempt}",
            case_id=self.act.case_id,
            cycle=case.cycle,
            step=self.planned.step,
            number=self.effect.number,
            attempt=attempt,
            effect=self.effect.effect,
            params={name: to_json(value) for name, value in params.items()},
            actor=self.ctx.actor.number,
            commit_event_id=self.act.first,
            committed_at=self.now,
            hold_until=self.now + self.act.unit.pace * timedelta(seconds=self.ctx.recall_seconds),
            refund_id=refund_id,
            notification_id=notification_id,
        )
        session.add(row)
        session.flush()
        self.outbox.append(row)
        self.numbers += 1
        return row

    def _stem(self, about: str) -> str:
        moves_money = self.effect.risk is Risk.MONEY or self.effect.effect in MONEY_EFFECTS
        again = self.planned.round > 1 and not moves_money
        step = f"{self.planned.step}#{self.planned.round}" if again else self.planned.step
        if self.stand.snapshot.converted_by and not moves_money:
            # Steps of the new kind are counted from 1 again.
            step = f"{step}@{self.stand.snapshot.converted_by}"
        if about:
            step = f"{step}+{about}"
        case = self.act.case
        return f"{case.case_no}:{case.cycle}:{step}:{self.effect.number}.{self.numbers + 1}"

    def next_attempt(self, about: str = "") -> int:
        """The number of the attempt that may be made now; more than 1 only after a recall or a definite
        failure. Raises NotAllowed("effect.already")."""
        return self._next_attempt(self._stem(about))

    def _next_attempt(self, stem: str) -> int:
        earlier = self.act.unit.session.scalars(
            select(OutboxRow).where(col(OutboxRow.key).startswith(stem + ":", autoescape=True))
        ).all()
        if any(row.state not in _AGAIN for row in earlier):
            raise NotAllowed("effect.already", effect=self.effect.effect, case_no=self.act.case.case_no)
        return 1 + max((row.attempt for row in earlier), default=0)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a binding effect will do, for the strip: its words and, for a letter, the letter."""

    phrase: Phrase
    letter: LetterPreview | None = None


Handler = Callable[[EffectCall], None]
Previewer = Callable[[Context, Standing, Planned, PlannedEffect], Preview]
