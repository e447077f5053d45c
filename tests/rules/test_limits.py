"""The approval matrix, cell by cell; and that more money or a flag never allows more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.data.book.policies import packaged_limits_text, parse_limits
from bdesk.data.book.yamltext import BadBook
from bdesk.errors import NotFound
from bdesk.models.kinds import Role
from bdesk.rules.ladder import LADDER
from bdesk.rules.limits import (
    Allowed,
    Decision,
    LimitContext,
    LimitReason,
    Proposer,
    decide,
    lapse,
    limit_of,
)

LIMITS = parse_limits(packaged_limits_text(), "policies/limits.yaml")
RANK = {Allowed.REFUSED: 0, Allowed.PROPOSE: 1, Allowed.DECIDE: 2}
# Nothing stands in the way but role, amount and flags.
CLEAR = LimitContext(
    base_fen=29900, verification=3, evidence=1, consent=True, hours_late=48, proposer=Proposer.OTHER
)
NOBODY = 10**9
A, S, V, M, R, X = Role.AGENT, Role.SENIOR, Role.SUPERVISOR, Role.MANAGER, Role.RISK, Role.ADMIN
ORDER = (A, S, V, M, R, X)
REFUND_FLAGS = (
    "many_refunds",
    "new_account",
    "past_window",
    "perishable",
    "partial_history",
    "contradictory",
)


def ask(
    action: str, role: Role, fen: int = 0, flags: tuple[str, ...] = (), context: LimitContext = CLEAR
) -> Decision:
    return decide(action, role, fen, flags, context, LIMITS)


# action, flags, then for agent senior supervisor manager risk admin: how much in fen each decides alone.
# "any" without a ceiling, "p" proposes only, "-" closed. The base is 299.00.
MATRIX = [
    ("refund", (), 50000, 200000, "any", "any", "-", "-"),
    *[("refund", (flag,), "p", "p", "any", "any", "-", "-") for flag in REFUND_FLAGS],
    ("refund", REFUND_FLAGS, "p", "p", "any", "any", "-", "-"),
    ("refund_other_target", (), "p", "p", "any", "any", "-", "-"),
    ("reject", (), "any", "any", "any", "any", "-", "-"),
    ("reject_fraud", (), "p", "p", "any", "any", "any", "-"),
    ("goodwill_coupon", (), 2000, 5000, 20000, 20000, "-", "-"),
    ("compensation", (), 2990, 8970, 8970, "any", "-", "-"),
    ("substitute", (), 1495, 5980, "any", "any", "-", "-"),
    ("goodwill_return", (), "p", "any", "any", "any", "-", "-"),
    ("unfreeze", (), "p", "p", "any", "any", "any", "-"),
    ("unfreeze", ("high_risk",), "p", "p", "p", "p", "any", "-"),
    ("unfreeze", ("judicial",), "-", "-", "-", "-", "-", "-"),
    ("unfreeze", ("judicial", "high_risk"), "-", "-", "-", "-", "-", "-"),
    ("account_change", (), "p", "p", "any", "any", "-", "-"),
    ("documents", (), "p", "p", "any", "any", "-", "-"),
    ("appeal_admission", (), "p", "p", "any", "any", "-", "-"),
    ("appeal_first", (), "-", "any", "any", "any", "-", "-"),
    ("appeal_second", (), "-", "-", "any", "any", "-", "-"),
    ("appeal_higher", (), "-", "-", "any", "any", "-", "-"),
    ("clock_excuse", (), "-", "-", "any", "any", "-", "-"),
    ("clock_extend", (), "-", "-", "any", "any", "-", "-"),
    ("reopen_late", (), "-", "-", "any", "any", "-", "-"),
    ("unmask", (), "-", "-", "any", "any", "-", "-"),
]
CELLS = [(row[0], row[1], role, cell) for row in MATRIX for role, cell in zip(ORDER, row[2:], strict=True)]


def test_the_table_knows_every_action() -> None:
    assert {row[0] for row in MATRIX} == set(LIMITS.rows)


@pytest.mark.parametrize(("action", "flags", "role", "cell"), CELLS)
def test_cell(action: str, flags: tuple[str, ...], role: Role, cell: int | str) -> None:
    if isinstance(cell, int):
        assert ask(action, role, cell, flags).allowed is Allowed.DECIDE
        assert ask(action, role, cell + 1, flags).allowed is not Allowed.DECIDE
        assert ask(action, role, cell, flags).limit_fen == cell
        return
    expected = {"any": Allowed.DECIDE, "p": Allowed.PROPOSE, "-": Allowed.REFUSED}[cell]
    for fen in (0, 1, NOBODY):
        found = ask(action, role, fen, flags)
        assert found.allowed is expected
        assert found.limit_fen == (None if cell == "any" else 0)
        nobody = "judicial" in flags or (action == "goodwill_coupon" and fen == NOBODY)
        assert (found.needs_role is None) == (cell == "any" or nobody)


@pytest.mark.parametrize(
    ("action", "role", "fen", "flags", "needs", "reason"),
    [
        ("refund", A, 50000, (), None, LimitReason.WITHIN),
        ("refund", A, 50001, (), S, LimitReason.ABOVE),
        ("refund", A, 200001, (), V, LimitReason.ABOVE),
        ("refund", S, 200001, (), V, LimitReason.ABOVE),
        ("refund", A, 100, ("perishable",), V, LimitReason.FLAGGED),
        ("refund", X, 1, (), A, LimitReason.ADMIN),
        ("refund", X, 60000, (), S, LimitReason.ADMIN),
        ("refund", R, 1, (), A, LimitReason.ROLE),
        ("refund_other_target", A, 1, (), V, LimitReason.PROPOSE_ONLY),
        ("compensation", A, 6000, (), S, LimitReason.ABOVE),
        ("compensation", A, 9000, (), M, LimitReason.ABOVE),
        ("goodwill_coupon", A, 20001, (), None, LimitReason.NOBODY),
        ("goodwill_coupon", V, 20001, (), None, LimitReason.NOBODY),
        ("unfreeze", V, 0, ("high_risk",), R, LimitReason.FLAGGED),
        ("unfreeze", R, 0, ("judicial",), None, LimitReason.NOBODY),
        ("appeal_first", A, 0, (), S, LimitReason.ROLE),
        ("appeal_second", S, 0, (), V, LimitReason.ROLE),
        ("unmask", X, 0, (), V, LimitReason.ADMIN),
    ],
)
def test_who_is_needed_and_why(
    action: str, role: Role, fen: int, flags: tuple[str, ...], needs: Role | None, reason: LimitReason
) -> None:
    found = ask(action, role, fen, flags)
    assert (found.needs_role, found.reason) == (needs, reason)


@pytest.mark.parametrize(
    ("role", "base", "limit"),
    [
        (A, 29900, 2990),  # 10 %
        (A, 1000, 500),  # never below 5.00
        (A, 60000, 5000),  # never above 50.00
        (A, 0, 500),
        (A, 4999, 500),
        (A, 5009, 500),  # 500.9 rounded down
        (A, 5010, 501),
        (S, 1000, 500),  # 3.00 alone would be less than an agent has
        (S, 29900, 8970),
        (S, 100000, 20000),
        (V, 100000, 30000),
        (V, 1000000, 50000),
        (M, 1, None),
        (A, None, 0),
        (V, None, 0),
    ],
)
def test_delay_compensation_is_a_share_of_the_item(role: Role, base: int | None, limit: int | None) -> None:
    assert limit_of("compensation", role, (), base, LIMITS) == limit


def test_a_refund_above_20000_needs_the_finance_note_and_one_of_20000_does_not() -> None:
    assert not ask("refund", V, 2000000).note_required
    assert ask("refund", V, 2000001).note_required
    assert ask("refund", A, 2000001).note_required


@pytest.mark.parametrize(
    ("action", "two", "note"),
    [
        ("refund_other_target", True, True),
        ("unfreeze", True, True),
        ("account_change", True, False),
        ("documents", True, False),
        ("reject_fraud", False, True),
        ("appeal_first", False, True),
        ("clock_excuse", False, True),
        ("clock_extend", False, True),
        ("reopen_late", False, True),
        ("unmask", False, True),
        ("refund", False, False),
        ("reject", False, False),
        ("goodwill_return", False, False),
    ],
)
def test_extra_persons_and_notes(action: str, two: bool, note: bool) -> None:
    found = ask(action, V)
    assert (found.needs_two_persons, found.note_required) == (two, note)


TWO = [row.action for row in LIMITS.rows.values() if row.two_persons]


@pytest.mark.parametrize("action", TWO)
def test_where_two_are_needed_one_alone_only_proposes(action: str) -> None:
    alone = ask(action, V, context=replace(CLEAR, proposer=Proposer.NOBODY))
    assert (alone.allowed, alone.reason) == (Allowed.PROPOSE, LimitReason.SECOND_PERSON)
    assert alone.needs_role is V
    assert ask(action, V).allowed is Allowed.DECIDE


@pytest.mark.parametrize("action", sorted(LIMITS.rows))
@pytest.mark.parametrize("role", list(Role))
def test_nobody_decides_the_own_proposal_or_the_own_matter(action: str, role: Role) -> None:
    own = ask(action, role, context=replace(CLEAR, proposer=Proposer.SELF))
    assert own.allowed is Allowed.REFUSED
    if ask(action, role).allowed is not Allowed.REFUSED:
        assert own.reason is LimitReason.OWN_PROPOSAL
    assert ask(action, role, context=replace(CLEAR, own_matter=True)).allowed is Allowed.REFUSED


@pytest.mark.parametrize(
    ("action", "context", "reason"),
    [
        ("appeal_first", replace(CLEAR, decided_before=True), LimitReason.SAME_DECIDER),
        ("appeal_second", replace(CLEAR, decided_before=True), LimitReason.SAME_DECIDER),
        ("appeal_higher", replace(CLEAR, decided_before=True), LimitReason.SAME_DECIDER),
        ("reject_fraud", replace(CLEAR, evidence=0), LimitReason.EVIDENCE),
        ("documents", replace(CLEAR, evidence=0), LimitReason.EVIDENCE),
        ("substitute", replace(CLEAR, consent=False), LimitReason.CONSENT),
        ("unfreeze", replace(CLEAR, verification=2), LimitReason.VERIFICATION),
        ("account_change", replace(CLEAR, verification=2), LimitReason.VERIFICATION),
        ("goodwill_return", replace(CLEAR, hours_late=49), LimitReason.TOO_LATE),
        ("goodwill_return", replace(CLEAR, hours_late=None), LimitReason.TOO_LATE),
        ("goodwill_return", replace(CLEAR, used_this_year=1), LimitReason.USED_UP),
        ("refund", replace(CLEAR, own_matter=True), LimitReason.OWN_MATTER),
    ],
)
def test_what_the_case_lacks_refuses(action: str, context: LimitContext, reason: LimitReason) -> None:
    found = ask(action, V, context=context)
    assert (found.allowed, found.reason) == (Allowed.REFUSED, reason)
    assert ask(action, V).allowed is Allowed.DECIDE


def test_a_decision_before_does_not_matter_where_no_other_decider_is_asked() -> None:
    assert ask("refund", V, context=replace(CLEAR, decided_before=True)).allowed is Allowed.DECIDE


def test_an_unknown_action_and_a_negative_amount_are_errors() -> None:
    with pytest.raises(NotFound):
        ask("give_away", V)
    with pytest.raises(ValueError):
        ask("refund", V, -1)


def test_an_approval_lapses_after_24_hours_or_when_facts_change() -> None:
    asked = datetime(2026, 9, 30, 8, 30, tzinfo=UTC)
    day = timedelta(hours=24)
    assert lapse(asked, asked + day - timedelta(seconds=1), "a", "a", LIMITS) is None
    assert lapse(asked, asked + day, "a", "a", LIMITS) is LimitReason.LAPSED
    assert lapse(asked, asked, "a", "b", LIMITS) is LimitReason.FACTS_CHANGED


actions = st.sampled_from(sorted(LIMITS.rows))
roles = st.sampled_from(list(Role))
amounts = st.integers(0, 6_000_000)
flag_sets = st.frozensets(st.sampled_from([*REFUND_FLAGS, "high_risk", "judicial", "vip"]))
contexts = st.builds(
    LimitContext,
    base_fen=st.none() | st.integers(0, 2_000_000),
    verification=st.integers(0, 3),
    evidence=st.integers(0, 2),
    consent=st.booleans(),
    hours_late=st.none() | st.integers(0, 60),
    used_this_year=st.integers(0, 2),
    proposer=st.sampled_from(Proposer),
    decided_before=st.booleans(),
    own_matter=st.booleans(),
)


@given(actions, roles, amounts, amounts, flag_sets, contexts)
def test_a_larger_amount_never_allows_more(
    action: str, role: Role, one: int, other: int, flags: frozenset[str], context: LimitContext
) -> None:
    small, large = sorted((one, other))
    at_small = decide(action, role, small, flags, context, LIMITS)
    at_large = decide(action, role, large, flags, context, LIMITS)
    assert RANK[at_large.allowed] <= RANK[at_small.allowed]
    assert at_large.note_required >= at_small.note_required


@given(actions, roles, amounts, flag_sets, flag_sets, contexts)
def test_a_flag_never_allows_more(
    action: str, role: Role, fen: int, flags: frozenset[str], more: frozenset[str], context: LimitContext
) -> None:
    without = decide(action, role, fen, flags, context, LIMITS)
    with_more = decide(action, role, fen, flags | more, context, LIMITS)
    assert RANK[with_more.allowed] <= RANK[without.allowed]


@given(actions, amounts, flag_sets, contexts)
def test_the_ladder_never_goes_down_and_admin_never_decides(
    action: str, fen: int, flags: frozenset[str], context: LimitContext
) -> None:
    ranks = [RANK[decide(action, role, fen, flags, context, LIMITS).allowed] for role in LADDER]
    assert ranks == sorted(ranks)
    assert decide(action, Role.ADMIN, fen, flags, context, LIMITS).allowed is Allowed.REFUSED


@given(actions, roles, amounts, flag_sets, contexts)
def test_the_answer_is_whole(
    action: str, role: Role, fen: int, flags: frozenset[str], context: LimitContext
) -> None:
    found = decide(action, role, fen, flags, context, LIMITS)
    if found.allowed is Allowed.DECIDE:
        assert found.reason is LimitReason.WITHIN
        assert found.needs_role is None
        assert found.limit_fen is None or fen <= found.limit_fen
        assert not found.needs_two_persons or context.proposer is Proposer.OTHER
    else:
        assert found.reason is not LimitReason.WITHIN
    if found.allowed is Allowed.PROPOSE:
        assert found.needs_role is not None
        able = replace(
            CLEAR, base_fen=context.base_fen, decided_before=False, own_matter=False, proposer=Proposer.OTHER
        )
        assert decide(action, found.needs_role, fen, flags, able, LIMITS).allowed is Allowed.DECIDE


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("agent: {may: decide, max_fen: 50000}", "agent: {may: decide, max_fen: 500.5}", "valid integer"),
        ("agent: {may: decide, max_fen: 50000}", "admin: {may: decide}", "Input should be 'agent'"),
        ("agent: {may: decide, max_fen: 50000}", "agent: {may: propose, max_fen: 1}", "only proposes"),
        ("agent: {may: decide, max_fen: 50000}", "agent: {may: decide, cap_fen: 1}", "needs a percent"),
        ("agent: {may: decide, max_fen: 50000}", "agent: {may: decide, max_fen: 1, percent: 5}", "either"),
        ("percent: 10, cap_fen: 5000", "percent: 10, cap_fen: 400", "floor is above"),
        ("action: reject_fraud", "action: refund", "refund stands twice"),
        ("  reapply_max: 2\n", "", "reapply_max is missing"),
        ("  reapply_max: 2\n", "  reapply_max: 2\n  wishes: 3\n", "nothing asks for wishes"),
        ("approval_hours: 24", "approval_hours: 0", "greater than or equal"),
        # A level proven with the request is worth no longer than that (B0.7).
        ("approval_hours: 24", "approval_hours: 25", "less than or equal"),
    ],
)
def test_a_faulty_matrix_is_refused_with_its_place(old: str, new: str, what: str) -> None:
    text = packaged_limits_text()
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(BadBook, match=what) as caught:
        parse_limits(text.replace(old, new, 1), "own.yaml")
    found = caught.value.params["line"]
    assert isinstance(found, int)
    assert found in (line, line + 1) or "reapply_max is missing" in what
