"""Who may decide what, alone or with whom, up to which amount. Source: procedures B0.7; S2:50 for the levels.

Values in, values out: the matrix itself is policy data (`bdesk.data.book.policies`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bdesk.errors import NotFound
from bdesk.models.kinds import PaymentMethod, Role
from bdesk.rules.ladder import LADDER, reach

MONEY_EFFECTS = frozenset({"refund", "refund.other_target", "compensation", "substitute.book"})
"""What moves money, whatever risk a procedure says it has: F8 commits it, once, within the limits, for a
customer who was verified."""

REFUND_LEVEL = 2
"""The level of verification that money back needs (B0.4)."""


class Allowed(StrEnum):
    DECIDE = "decide"
    PROPOSE = "propose"
    REFUSED = "refused"


class Need(StrEnum):
    EVIDENCE = "evidence"
    CONSENT = "consent"
    OTHER_DECIDER = "other_decider"


class Proposer(StrEnum):
    """Who asked for the decision that is to be taken now; nobody while it is being asked for."""

    NOBODY = "nobody"
    SELF = "self"
    OTHER = "other"


class LimitReason(StrEnum):
    """Why; each value is a code that people are told in words."""

    WITHIN = "limits.within"
    ABOVE = "limits.above"
    FLAGGED = "limits.flagged"
    PROPOSE_ONLY = "limits.propose_only"
    SECOND_PERSON = "limits.second_person"
    ROLE = "limits.role"
    ADMIN = "limits.admin"
    NOBODY = "limits.nobody"
    OWN_PROPOSAL = "limits.own_proposal"
    OWN_MATTER = "limits.own_matter"
    SAME_DECIDER = "limits.same_decider"
    EVIDENCE = "limits.evidence"
    CONSENT = "limits.consent"
    VERIFICATION = "limits.verification"
    TOO_LATE = "limits.too_late"
    USED_UP = "limits.used_up"
    LAPSED = "limits.lapsed"
    FACTS_CHANGED = "limits.facts_changed"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """An amount in fen, or a share of the base kept between floor and cap (the floor wins)."""

    max_fen: int | None = None
    percent: int | None = None
    cap_fen: int | None = None
    floor_fen: int | None = None

    def fen(self, base_fen: int | None) -> int:
        """The ceiling in fen, rounded down; a share of an unknown base is nothing."""
        if self.percent is None:
            return self.max_fen or 0
        if base_fen is None:
            return 0
        share = base_fen * self.percent // 100
        if self.cap_fen is not None:
            share = min(share, self.cap_fen)
        return max(share, self.floor_fen or 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one role may. A decision without a ceiling has none."""

    may: Allowed
    ceiling: Ceiling | None = None


@dataclass(frozen=True, slots=True)
class FlagRule:
    """With one of the flags only `deciders` decide; without deciders nobody does."""

    any_of: frozenset[str]
    deciders: frozenset[Role]


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One action of the matrix. `note_above_fen` is None where no amount asks for a note."""

    action: str
    zh: str
    en: str
    cells: Mapping[Role, Cell]
    flag_rules: tuple[FlagRule, ...] = ()
    two_persons: bool = False
    note_always: bool = False
    note_above_fen: int | None = None
    needs: frozenset[Need] = frozenset()
    min_verification: int = 0
    max_hours_late: int | None = None
    max_per_year: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The matrix in force. `numbers` and `texts` are its other bounds and words, by name. `caps_fen`: the
    most one payment may be by a method; one that is not named has no cap (S3:60). `regions`: where the wallet
    may be used (S3:62)."""

    version: int
    approval_hours: int
    rows: Mapping[str, LimitRow]
    numbers: Mapping[str, int] = field(default_factory=dict)
    caps_fen: Mapping[PaymentMethod, int] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LimitContext:
    """What else a decision depends on; the defaults allow the least.

    `base_fen`: price of the item that a percentage refers to. `verification`: level 0 to 3.
    `hours_late`: whole hours past the window, None when it is not known. `own_matter`: the acting person is
    the customer or related. `decided_before`: the acting person decided this matter at an earlier level.
    """

    base_fen: int | None = None
    verification: int = 0
    evidence: int = 0
    consent: bool = False
    hours_late: int | None = None
    used_this_year: int = 0
    proposer: Proposer = Proposer.NOBODY
    decided_before: bool = False
    own_matter: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`needs_role`: the lowest role that can decide, None when this person can or nobody can.

    `limit_fen`: the person's own ceiling here, None without one, 0 for who decides nothing.
    """

    allowed: Allowed
    needs_role: Role | None
    needs_two_persons: bool
    note_required: bool
    limit_fen: int | None
    reason: LimitReason


def decide(
    action: str, role: Role, amount_fen: int, flags: Collection[str], context: LimitContext, limits: Limits
) -> Decision:
    """Whether `role` may do `action` for `amount_fen` now. A larger amount or a flag never allows more.

    Actions that move no money take 0. Raises NotFound for an unknown action, ValueError below 0.
    """
    if amount_fen < 0:
        raise ValueError("an amount is never below zero")
    row = row_of(action, limits)
    allowed, reason = _judge(row, role, amount_fen, flags, context)
    needs = None
    if allowed is not Allowed.DECIDE:
        needs = _lowest_decider(row, amount_fen, flags, context.base_fen)
    above_note = row.note_above_fen is not None and amount_fen > row.note_above_fen
    return Decision(
        allowed=allowed,
        needs_role=needs,
        needs_two_persons=row.two_persons,
        note_required=row.note_always or above_note,
        limit_fen=limit_of(action, role, flags, context.base_fen, limits),
        reason=reason,
    )


def limit_of(
    action: str, role: Role, flags: Collection[str], base_fen: int | None, limits: Limits
) -> int | None:
    """How much `role` may decide alone: fen, None without a ceiling, 0 for nothing at all."""
    row = row_of(action, limits)
    cells = _deciding_cells(row, role)
    if not cells or not _flags_let(row, role, flags):
        return 0
    if any(cell.ceiling is None for cell in cells):
        return None
    return max(cell.ceiling.fen(base_fen) for cell in cells if cell.ceiling is not None)


def row_of(action: str, limits: Limits) -> LimitRow:
    """The row of an action. Raises NotFound."""
    row = limits.rows.get(action)
    if row is None:
        raise NotFound("limit", action)
    return row


def lapse(
    requested_at: datetime, now: datetime, facts_then: str, facts_now: str, limits: Limits
) -> LimitReason | None:
    """Why an approval request no longer holds, or None: its hours are over, or the facts are others."""
    if now >= requested_at + timedelta(hours=limits.approval_hours):
        return LimitReason.LAPSED
    return LimitReason.FACTS_CHANGED if facts_then != facts_now else None


def _judge(
    row: LimitRow, role: Role, amount_fen: int, flags: Collection[str], context: LimitContext
) -> tuple[Allowed, LimitReason]:
    if role is Role.ADMIN:
        return Allowed.REFUSED, LimitReason.ADMIN
    if not _cells(row, role):
        return Allowed.REFUSED, LimitReason.ROLE
    missing = _missing(row, context)
    if missing is not None:
        return Allowed.REFUSED, missing
    if _lowest_decider(row, amount_fen, flags, context.base_fen) is None:
        return Allowed.REFUSED, LimitReason.NOBODY
    # Before the amount is looked at, or a larger one would come back as one more proposal.
    if context.proposer is Proposer.SELF:
        return Allowed.REFUSED, LimitReason.OWN_PROPOSAL
    if Need.OTHER_DECIDER in row.needs and context.decided_before:
        return Allowed.REFUSED, LimitReason.SAME_DECIDER
    short = _falls_short(row, role, amount_fen, flags, context.base_fen)
    if short is not None:
        return Allowed.PROPOSE, short
    if row.two_persons and context.proposer is not Proposer.OTHER:
        return Allowed.PROPOSE, LimitReason.SECOND_PERSON
    return Allowed.DECIDE, LimitReason.WITHIN


def _missing(row: LimitRow, context: LimitContext) -> LimitReason | None:
    """What the case lacks, whoever acts."""
    late, most_late = context.hours_late, row.max_hours_late
    lacks = (
        (context.own_matter, LimitReason.OWN_MATTER),
        (context.verification < row.min_verification, LimitReason.VERIFICATION),
        (Need.EVIDENCE in row.needs and context.evidence < 1, LimitReason.EVIDENCE),
        (Need.CONSENT in row.needs and not context.consent, LimitReason.CONSENT),
        (most_late is not None and (late is None or late > most_late), LimitReason.TOO_LATE),
        (row.max_per_year is not None and context.used_this_year >= row.max_per_year, LimitReason.USED_UP),
    )
    return next((reason for lacking, reason in lacks if lacking), None)


def _falls_short(
    row: LimitRow, role: Role, amount_fen: int, flags: Collection[str], base_fen: int | None
) -> LimitReason | None:
    """Why the role cannot decide this amount under these flags, or None when it can."""
    cells = _deciding_cells(row, role)
    if not cells:
        return LimitReason.PROPOSE_ONLY
    if not _flags_let(row, role, flags):
        return LimitReason.FLAGGED
    if all(cell.ceiling is not None and amount_fen > cell.ceiling.fen(base_fen) for cell in cells):
        return LimitReason.ABOVE
    return None


def _lowest_decider(
    row: LimitRow, amount_fen: int, flags: Collection[str], base_fen: int | None
) -> Role | None:
    for role in (*LADDER, Role.RISK):
        if _falls_short(row, role, amount_fen, flags, base_fen) is None:
            return role
    return None


def _cells(row: LimitRow, role: Role) -> tuple[Cell, ...]:
    """The role's own cell and, on the ladder, those below it."""
    return tuple(row.cells[each] for each in reach(role) if each in row.cells)


def _deciding_cells(row: LimitRow, role: Role) -> tuple[Cell, ...]:
    return tuple(cell for cell in _cells(row, role) if cell.may is Allowed.DECIDE)


def _flags_let(row: LimitRow, role: Role, flags: Collection[str]) -> bool:
    return all(role in rule.deciders for rule in row.flag_rules if not rule.any_of.isdisjoint(flags))
