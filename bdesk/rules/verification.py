"""Identity checks: which factors a level needs, what the answers are worth, when checking is locked.

Source: procedures B0.4 and B0.5, S3:20, S0:10. A check never says which factor was wrong; the per-factor
results are for the log alone. No value is kept, and codes are typed into the system, never given here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from bdesk.errors import BadInput
from bdesk.models.kinds import (
    Channel,
    CheckResult,
    ContactKind,
    Factor,
    VerificationLevel,
)
from bdesk.models.views.snapshot import CheckView, ContactView, Snapshot
from bdesk.rules.contacts import contact_changed
from bdesk.rules.documents import accepted
from bdesk.rules.factors import TESTS, compare

MAX_FAILURES: Final = 3
LOCK: Final = timedelta(hours=24)
"""Three failed answers within so long lock the account for so long, on every channel."""

CODE_VALID: Final = timedelta(minutes=5)
SIGNED_IN: Final = frozenset(
    {
        Channel.WEB_CHAT,
        Channel.APP_CHAT,
        Channel.REFUND_FORM,
        Channel.AFTER_SALE_FORM,
        Channel.WALLET_APP,
    }
)
"""Channels one has to sign in for (S0:4, S0:13)."""

_BY_ANSWERS: Final = (VerificationLevel.V0, VerificationLevel.V1, VerificationLevel.V2)
_NUMBERS: Final[Mapping[VerificationLevel, int]] = MappingProxyType(
    {
        VerificationLevel.V0: 0,
        VerificationLevel.V1: 1,
        VerificationLevel.V2: 2,
        VerificationLevel.V3: 3,
        VerificationLevel.V3P: 3,
    }
)

_RESULT: Final = {True: CheckResult.PASSED, False: CheckResult.FAILED}

NO_VALUE: Final = frozenset({Factor.ONE_TIME_CODE, Factor.DOCUMENT})
"""Factors that are settled elsewhere: the desk has no field that could hold them (B0.5)."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One way to a level: every factor of `all_of`, and `some` of `any_of`."""

    all_of: frozenset[Factor] = frozenset()
    any_of: frozenset[Factor] = frozenset()
    some: int = 0

    def met_by(self, factors: frozenset[Factor]) -> bool:
        return self.all_of <= factors and len(self.any_of & factors) >= self.some


_V2: Final = Requirement(
    frozenset({Factor.ACCOUNT}),
    frozenset(
        {Factor.RECENT_AMOUNT, Factor.PHONE_TAIL, Factor.ORDER_NO, Factor.CITY, Factor.PURCHASE_DATE},
    ),
    2,
)

REQUIREMENTS: Final[Mapping[VerificationLevel, tuple[Requirement, ...]]] = MappingProxyType(
    {
        VerificationLevel.V0: (Requirement(),),
        VerificationLevel.V1: (
            Requirement(frozenset({Factor.CASE_NO})),
            Requirement(frozenset({Factor.ORDER_NO}), frozenset({Factor.PHONE_TAIL, Factor.SURNAME}), 1),
        ),
        VerificationLevel.V2: (_V2,),
        VerificationLevel.V3: (Requirement(_V2.all_of | {Factor.ONE_TIME_CODE}, _V2.any_of, _V2.some),),
        VerificationLevel.V3P: (Requirement(_V2.all_of | {Factor.DOCUMENT}, _V2.any_of, _V2.some),),
    }
)
"""The ways to each level; any one of them will do."""


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What a check came to. `factors` are for the log; nobody is told which of them differed.

    `reached` is the level after the check. `locks_until` is set by the failure that locks the account.
    `contact_changed`: phone or e-mail on file changed in the last 7 days, so a code goes to the old one.
    """

    result: CheckResult
    reached: VerificationLevel
    factors: tuple[tuple[Factor, CheckResult], ...]
    tries_left: int
    locks_until: datetime | None
    contact_changed: bool


def check(level: VerificationLevel, given: Mapping[Factor, str], snapshot: Snapshot) -> CheckOutcome:
    """Compare answers with the file. Every answer that can be compared must be right.

    Blank answers, and those the file has nothing for, count as not given. For V3 the code must have passed,
    for V3+ the documents. Level 2 once reached in this contact need not be proven again for them. Raises
    BadInput: "verification.no_value" for a code or document handed in as text, "verification.short" when
    too little was given for the level, which counts as no attempt.
    """
    if is_locked(snapshot):
        return _outcome(CheckResult.LOCKED, reached(snapshot), (), snapshot)
    for factor in given:
        if factor in NO_VALUE:
            raise BadInput("verification.no_value", factor=factor.value)
    results = compare(given, snapshot)
    answered = frozenset(results) | _settled(level, snapshot)
    if not any(way.met_by(answered) for way in REQUIREMENTS[level]):
        raise BadInput("verification.short", level=level.value)
    factors = tuple((factor, _RESULT[right]) for factor, right in results.items())
    passed = all(results.values())
    level_now = highest(level, reached(snapshot)) if passed else reached(snapshot)
    return _outcome(CheckResult.PASSED if passed else CheckResult.FAILED, level_now, factors, snapshot)


def askable(level: VerificationLevel, snapshot: Snapshot) -> tuple[Factor, ...]:
    """The factors that may be asked for a level and that the file can be compared with, in a fixed order."""
    wanted = {factor for way in REQUIREMENTS[level] for factor in way.all_of | way.any_of}
    return tuple(factor for factor, told in TESTS.items() if factor in wanted and told(snapshot) is not None)


def level_number(level: VerificationLevel) -> int:
    """0 to 3; V3+ is 3 reached by documents."""
    return _NUMBERS[level]


def highest(one: VerificationLevel, other: VerificationLevel) -> VerificationLevel:
    """The higher of two levels; of V3 and V3+ the first."""
    return other if level_number(other) > level_number(one) else one


def reached(snapshot: Snapshot) -> VerificationLevel:
    """The level reached in this contact.

    While a call is open on the case, what was proven in that call. Else what the case has, and V2 for an
    application that was filed signed in, unless the account is locked (B0.4: over any channel).
    """
    call = open_call(snapshot)
    if call is not None:
        return proven(snapshot, call.started_at)
    return reached_at_all(snapshot)


def reached_at_all(snapshot: Snapshot) -> VerificationLevel:
    """The highest level reached in this cycle of the case, in whichever contact: what is carried out later
    rests on it. A closed case that comes back is somebody else on the line until they are verified."""
    since = _since(snapshot, snapshot.case.cycle_started_at or snapshot.case.received_at)
    level = VerificationLevel.V2 if filed_signed_in(snapshot) else VerificationLevel.V0
    level = _topped(highest(_answered(snapshot, since), level), snapshot, since)
    return highest(snapshot.case.verified_level, level)


def proven(snapshot: Snapshot, since: datetime) -> VerificationLevel:
    """The highest level proven on this case since an instant. Answers given together share their time.

    Answers alone reach V2; the passed code or the accepted documents on top of it make V3 or V3+.
    """
    since = _since(snapshot, since)
    return _topped(_answered(snapshot, since), snapshot, since)


def _since(snapshot: Snapshot, since: datetime) -> datetime:
    """What was proven before verification was begun again counts no more."""
    again = snapshot.case.verified_anew_at
    return since if again is None else max(since, again)


def _answered(snapshot: Snapshot, since: datetime) -> VerificationLevel:
    """The highest level that answers alone have proven since an instant."""
    attempts: dict[datetime, list[CheckView]] = {}
    for each in snapshot.checks:
        if each.case_id == snapshot.case.id and each.at >= since and each.factor not in NO_VALUE:
            attempts.setdefault(each.at, []).append(each)
    level = VerificationLevel.V0
    for rows in attempts.values():
        if all(row.result is CheckResult.PASSED for row in rows):
            claimed = max(level_number(row.level) for row in rows)
            level = highest(level, _BY_ANSWERS[min(claimed, 2)])
    return level


def _topped(level: VerificationLevel, snapshot: Snapshot, since: datetime) -> VerificationLevel:
    """Level 2 with what has come on top of it: the code of this contact, else documents of this round."""
    if level is not VerificationLevel.V2:
        return level
    if code_state(snapshot) == "passed" and _code_since(snapshot) >= since:
        return VerificationLevel.V3
    return VerificationLevel.V3P if accepted(snapshot) is not None else level


def passed_for(snapshot: Snapshot) -> str | None:
    """For whom documents were passed on top of level 2 (V3+, B0.4), whether or not a code was as well; None
    when they were not. What asks for more than a code asks for this."""
    return accepted(snapshot) if level_number(reached_at_all(snapshot)) >= 2 else None


def open_call(snapshot: Snapshot) -> ContactView | None:
    """The newest call with the customer that is open on this case."""
    calls = (one for one in snapshot.contacts if one.kind is ContactKind.CALL and one.ended_at is None)
    return max(calls, key=lambda one: one.started_at, default=None)


def called(snapshot: Snapshot) -> bool:
    """Whether a call with the customer is open on this case, or was taken on it in this cycle."""
    since = snapshot.case.cycle_started_at or snapshot.case.received_at
    calls = (one for one in snapshot.contacts if one.kind is ContactKind.CALL)
    return any(one.ended_at is None or one.ended_at >= since for one in calls)


def filed_signed_in(snapshot: Snapshot) -> bool:
    """Whether a signed-in form or chat handed the application in, no call is open, and no lock stands.

    An agent who opens a case by hand and says that it came by a form proves nothing about who wrote it.
    """
    case = snapshot.case
    signed_in = case.filed and case.channel in SIGNED_IN
    return signed_in and open_call(snapshot) is None and not is_locked(snapshot)


def is_locked(snapshot: Snapshot) -> bool:
    """Whether this account's verification is locked: a lock that stands, or three failures in 24 h."""
    return locked_until(snapshot) is not None


def locked_until(snapshot: Snapshot) -> datetime | None:
    """When the lock of this account ends; None while it is not locked."""
    until = snapshot.customer.verification_locked_until if snapshot.customer is not None else None
    if until is not None and snapshot.now < until:
        return until
    if snapshot.history.failed_checks < MAX_FAILURES:
        return None
    failed = {
        one.at for one in snapshot.checks if one.result is CheckResult.FAILED and one.factor not in NO_VALUE
    }
    third = sorted(failed, reverse=True)[MAX_FAILURES - 1 :]
    return max(third[0], snapshot.now - LOCK) + LOCK if third else snapshot.now + LOCK


def tries_left(snapshot: Snapshot) -> int:
    """Failed answers this account still has before it is locked."""
    return 0 if is_locked(snapshot) else MAX_FAILURES - snapshot.history.failed_checks


def code_state(snapshot: Snapshot) -> str:
    """none, sent, passed, failed or expired: the newest one-time code of this case. Never its value."""
    since = _code_since(snapshot)
    results = [
        each
        for each in snapshot.checks
        if each.factor is Factor.ONE_TIME_CODE and each.case_id == snapshot.case.id and each.at >= since
    ]
    if results:
        newest = max(results, key=lambda each: each.at)
        return {CheckResult.PASSED: "passed", CheckResult.TIMED_OUT: "expired"}.get(newest.result, "failed")
    if snapshot.code_sent_at is None:
        return "none"
    return "expired" if snapshot.now >= snapshot.code_sent_at + CODE_VALID else "sent"


def _code_since(snapshot: Snapshot) -> datetime:
    return snapshot.code_sent_at or snapshot.case.received_at


def _settled(level: VerificationLevel, snapshot: Snapshot) -> frozenset[Factor]:
    """What need not be given for a level: the account, level 2 of this contact, the code, the documents.

    The account was named when the case was attached to it (B0.3, OP2); who still gives it must be right.
    """
    found: set[Factor] = set() if snapshot.customer is None else {Factor.ACCOUNT}
    if level_number(level) == 3 and level_number(reached(snapshot)) >= 2:
        found |= _V2.all_of | _V2.any_of
    if code_state(snapshot) == "passed":
        found.add(Factor.ONE_TIME_CODE)
    if accepted(snapshot) is not None:
        found.add(Factor.DOCUMENT)
    return frozenset(found)


def _outcome(
    result: CheckResult,
    level: VerificationLevel,
    factors: tuple[tuple[Factor, CheckResult], ...],
    snapshot: Snapshot,
) -> CheckOutcome:
    failed = snapshot.history.failed_checks + (result is CheckResult.FAILED)
    locks = result is CheckResult.FAILED and failed >= MAX_FAILURES
    left = 0 if result is CheckResult.LOCKED else max(0, MAX_FAILURES - failed)
    until = snapshot.now + LOCK if locks else None
    return CheckOutcome(result, level, factors, left, until, contact_changed(snapshot))
