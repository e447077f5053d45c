"""What was answered of a case, written down afterwards between the acts that are known of it.

An answer is kept as `operations.answering` keeps one: with the ways that the walk took by itself before it,
found here in the procedure, so that the walk replays it.
"""

from collections import Counter, deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bdesk.data.journal import STANDS
from bdesk.models.kinds import CheckResult, Factor, RefundReason, VerificationLevel
from bdesk.models.tables import StepAnswer
from bdesk.rules.verification import MAX_FAILURES
from bdesk.rules.walk.model import HERE, Option, Procedure
from bdesk.training import stages
from bdesk.training.ledger import Said, Work
from bdesk.training.rows import Row

Via = tuple[tuple[str, str], ...]
_FACTORS = (Factor.RECENT_AMOUNT, Factor.PHONE_TAIL)


def ways_to(procedure: Procedure, start: str, step: str, never: frozenset[tuple[str, str]]) -> Via:
    """The ways that the walk takes by itself from one step to another, the fewest there are.

    `never` are ways that the facts of the case exclude. Raises ValueError where no way leads there.
    """
    seen, ahead = {start}, deque[tuple[str, Via]]([(start, ())])
    while ahead:
        here, taken = ahead.popleft()
        if here == step:
            return taken
        for way in procedure.step(here).ways:
            if way.goto is not None and way.goto not in seen and (here, way.code) not in never:
                seen.add(way.goto)
                ahead.append((way.goto, (*taken, (here, way.code))))
    raise ValueError(f"{procedure.code}: no way from {start} to {step}")


class Earlier(Work):
    """Writes of a case at an instant at which it stood as its events up to then say."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.world, work.ledger, work.draw, work.row, work.deal)
        self.said = work.said

    def then(self, at: datetime, actor: str, cause: Said | None = None) -> None:
        """What follows was done at `at`, as a part of the act that begins with `cause` if there is one."""
        self.act(at, actor)
        self.at = at
        self._first = cause.cause or cause if cause is not None else None

    def add(
        self,
        kind: str,
        payload: Mapping[str, object] | None = None,
        *,
        occurred_at: datetime | None = None,
        **columns: object,
    ) -> Said:
        """One event. What it changes on the case must be changed by nothing later."""
        before = [said for said in self.said if said.recorded_at <= self.at]
        stood = str(before[-1].payload[STANDS])
        said = super().add(kind, payload, occurred_at=occurred_at, **columns)
        said.payload[STANDS] = stood
        self.said.sort(key=lambda one: (one.recorded_at, one.place))
        if "verified_level" in columns:
            self._verified(said, str(columns["verified_level"]))
        return said

    def _verified(self, said: Said, level: str) -> None:
        """From here on the case stands verified."""
        for later in self.said[self.said.index(said) :]:
            state, owner, _, cycle = str(later.payload[STANDS]).split(" ")
            later.payload[STANDS] = f"{state} {owner} {level} {cycle}"


class Teller:
    """The answers of the first cycle of a case, one after another, each at the instant at which `work` is."""

    def __init__(
        self, work: Work, procedure: Procedure, never: frozenset[tuple[str, str]] = frozenset()
    ) -> None:
        self.work = work
        self.procedure = procedure
        self.never = never
        self.place: str | None = procedure.entry
        self.rounds: Counter[str] = Counter()

    def say(self, step: str, code: str, captures: Mapping[str, object] | None = None) -> Row:
        """The answer, by who acts at the instant at hand. Raises ValueError for one that cannot follow."""
        option = self.procedure.step(step).option(code)
        if option is None or self.place is None:
            raise ValueError(f"{self.procedure.code}: no {code} at {step}")
        via = ways_to(self.procedure, self.place, step, self.never)
        given = dict(captures or {})
        self.rounds[step] += 1
        work = self.work
        row = work.world.rows.add(
            StepAnswer,
            case_id=work.row["id"],
            cycle=1,
            round=self.rounds[step],
            step=step,
            option=code,
            captures=given,
            via=[list(pair) for pair in via],
            binding=option.binding,
            by=work.actor,
            at=work.at,
        )
        said = work.add(
            "step.answered",
            {"answer": row["id"], "step": step, "option": code, "round": row["round"], "captures": given},
            **self._kept(option),
        )
        work.ledger.link(row, "event_id", said)
        self.place = step if option.goto == HERE else option.goto
        return row

    def _kept(self, option: Option) -> dict[str, Any]:
        """What the case itself keeps of what the option says by being chosen."""
        found: dict[str, Any] = {}
        for name, value in option.sets:
            fact = self.procedure.stores.get(name)
            if fact == "case.reason":
                found["reason"] = RefundReason(str(value))
            elif fact == "case.subtype":
                found["subtype"] = str(value)
        return found

    def verified(self, step: str) -> None:
        """Two details were asked for and were right (B0.4): kinds and results are kept, no value."""
        work = self.work
        self.say(step, "check")
        results = dict.fromkeys(_FACTORS, CheckResult.PASSED)
        stages.checked(work, results, {"tries_left": MAX_FAILURES}, verified_level=VerificationLevel.V2)
