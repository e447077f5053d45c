"""Identity checks (B0.4): levels, answers, lock-out, and saying nothing about which answer was wrong."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.errors import BadInput
from bdesk.models.kinds import (
    ApprovalState,
    Channel,
    CheckResult,
    Factor,
    VerificationLevel,
)
from bdesk.models.views.snapshot import HistoryView, Snapshot
from bdesk.rules.contacts import contact_changed
from bdesk.rules.factors import TESTS, compare, surname
from bdesk.rules.verification import (
    REQUIREMENTS,
    SIGNED_IN,
    CheckOutcome,
    askable,
    check,
    code_state,
    is_locked,
    level_number,
    locked_until,
    reached,
    tries_left,
)
from tests.rules.samples import (
    DAY,
    HOUR,
    NOW,
    approval,
    call,
    case,
    customer,
    fact,
    order,
    snapshot,
    tried,
)

V0, V1, V2, V3, V3P = VerificationLevel
RIGHT = {
    Factor.ACCOUNT: "wangli_77",
    Factor.RECENT_AMOUNT: "59.90",
    Factor.PHONE_TAIL: "0037",
    Factor.ORDER_NO: "BT20261114000101",
    Factor.CITY: "杭州",
    Factor.PURCHASE_DATE: "2026-11-14",
    Factor.SURNAME: "王",
    Factor.CASE_NO: "KF2026111800001",
}


def hotline(**changes: Any) -> Snapshot:
    given: dict[str, Any] = {"case": case(channel=Channel.HOTLINE), "contacts": (call(),)}
    return snapshot(**{**given, **changes})


def ask(level: VerificationLevel, *factors: Factor, of: Snapshot | None = None, **wrong: str) -> CheckOutcome:
    answers = {factor: RIGHT[factor] for factor in factors} | {
        Factor(name): value for name, value in wrong.items()
    }
    return check(level, answers, hotline() if of is None else of)


@pytest.mark.parametrize(
    ("level", "factors"),
    [
        (V1, (Factor.CASE_NO,)),
        (V1, (Factor.ORDER_NO, Factor.PHONE_TAIL)),
        (V1, (Factor.ORDER_NO, Factor.SURNAME)),
        (V2, (Factor.ACCOUNT, Factor.RECENT_AMOUNT, Factor.PHONE_TAIL)),
        (V2, (Factor.ACCOUNT, Factor.CITY, Factor.PURCHASE_DATE)),
        (V2, (Factor.ACCOUNT, Factor.ORDER_NO, Factor.CITY, Factor.RECENT_AMOUNT)),
        (V2, (Factor.RECENT_AMOUNT, Factor.PHONE_TAIL)),  # the account was named at the opening
        (V0, ()),
    ],
)
def test_enough_right_answers_pass(level: VerificationLevel, factors: tuple[Factor, ...]) -> None:
    outcome = ask(level, *factors)
    assert (outcome.result, outcome.reached) == (CheckResult.PASSED, level)
    assert {factor for factor, _ in outcome.factors} == set(factors)


@pytest.mark.parametrize(
    ("level", "factors"),
    [
        (V1, (Factor.ORDER_NO,)),
        (V1, (Factor.PHONE_TAIL, Factor.SURNAME)),
        (V2, (Factor.ACCOUNT, Factor.PHONE_TAIL)),
        (V2, (Factor.PHONE_TAIL,)),
        (V2, (Factor.ACCOUNT,)),
        (V2, (Factor.ACCOUNT, Factor.SURNAME, Factor.PHONE_TAIL)),
        (V3, (Factor.ACCOUNT, Factor.RECENT_AMOUNT, Factor.PHONE_TAIL)),
        (V3P, (Factor.ACCOUNT, Factor.RECENT_AMOUNT, Factor.PHONE_TAIL)),
    ],
)
def test_too_little_is_no_attempt(level: VerificationLevel, factors: tuple[Factor, ...]) -> None:
    with pytest.raises(BadInput) as refusal:
        ask(level, *factors)
    assert refusal.value.code == "verification.short"


def test_a_wrong_account_fails_although_the_case_has_one() -> None:
    outcome = ask(V2, Factor.RECENT_AMOUNT, Factor.PHONE_TAIL, account="wangli_78")
    assert outcome.result is CheckResult.FAILED
    nobody = hotline(customer=None)
    with pytest.raises(BadInput):
        ask(V2, Factor.RECENT_AMOUNT, Factor.ORDER_NO, Factor.PURCHASE_DATE, of=nobody)


def test_one_wrong_answer_fails_the_attempt_even_where_others_would_do() -> None:
    outcome = ask(V2, Factor.ACCOUNT, Factor.RECENT_AMOUNT, Factor.PHONE_TAIL, city="上海")
    assert outcome.result is CheckResult.FAILED
    assert outcome.reached is V0
    assert dict(outcome.factors)[Factor.CITY] is CheckResult.FAILED
    assert (outcome.tries_left, outcome.locks_until) == (2, None)


def test_what_the_file_cannot_be_compared_with_counts_as_not_given() -> None:
    without = hotline(customer=customer(city=None))
    with pytest.raises(BadInput):
        ask(V2, Factor.ACCOUNT, Factor.CITY, Factor.PHONE_TAIL, of=without)
    full = ask(V2, Factor.ACCOUNT, Factor.CITY, Factor.PHONE_TAIL, Factor.RECENT_AMOUNT, of=without)
    assert full.result is CheckResult.PASSED
    assert askable(V2, without) == (
        Factor.ACCOUNT,
        Factor.RECENT_AMOUNT,
        Factor.PHONE_TAIL,
        Factor.ORDER_NO,
        Factor.PURCHASE_DATE,
    )
    assert askable(V0, without) == ()


def test_the_third_failure_locks_for_a_day() -> None:
    twice = hotline(history=replace(hotline().history, failed_checks=2))
    outcome = ask(V2, Factor.ACCOUNT, Factor.PHONE_TAIL, of=twice, recent_amount="1.00")
    assert (outcome.tries_left, outcome.locks_until) == (0, NOW + 24 * HOUR)
    locked = hotline(history=replace(hotline().history, failed_checks=3))
    right = ask(V2, Factor.ACCOUNT, Factor.PHONE_TAIL, Factor.RECENT_AMOUNT, of=locked)
    assert (right.result, right.factors, right.reached) == (CheckResult.LOCKED, (), V0)
    assert fact("verification.tries_left", locked) == 0
    assert fact("verification.locked", locked) is True


@pytest.mark.parametrize(("until", "locked"), [(NOW, False), (NOW + HOUR, True), (None, False)])
def test_e27_a_lock_holds_on_every_channel_until_its_time(until: Any, locked: bool) -> None:
    made = snapshot(customer=customer(verification_locked_until=until))
    assert is_locked(made) is locked
    assert tries_left(made) == (0 if locked else 3)


@pytest.mark.parametrize("factor", [Factor.ONE_TIME_CODE, Factor.DOCUMENT])
def test_no_code_is_ever_taken_as_text(factor: Factor) -> None:
    with pytest.raises(BadInput) as refusal:
        check(V3, {factor: "123456"}, hotline())
    assert refusal.value.code == "verification.no_value"
    assert "123456" not in str(refusal.value)


@given(st.dictionaries(st.sampled_from(list(TESTS)), st.text(max_size=12)))
def test_an_outcome_never_holds_what_was_said(given_answers: dict[Factor, str]) -> None:
    said = {factor: f"zz{answer}" for factor, answer in given_answers.items()}
    try:
        outcome = check(V2, said, hotline())
    except BadInput as refusal:
        assert refusal.params == {"level": "V2"}
        return
    assert outcome.result is CheckResult.FAILED
    assert not any(answer in repr(outcome) for answer in said.values())


@pytest.mark.parametrize(
    ("factor", "said", "right"),
    [
        (Factor.ACCOUNT, " ＷａｎｇＬｉ＿77", True),
        (Factor.ACCOUNT, "wangli_7", False),
        (Factor.RECENT_AMOUNT, "128", True),
        (Factor.RECENT_AMOUNT, "￥１２８．００元", True),
        (Factor.RECENT_AMOUNT, "128.01", False),
        (Factor.RECENT_AMOUNT, "一百二十八", False),
        (Factor.PHONE_TAIL, "００３７", True),
        (Factor.PHONE_TAIL, "00 37", True),
        (Factor.PHONE_TAIL, "37", False),
        (Factor.PHONE_TAIL, "7300", False),
        (Factor.PHONE_TAIL, "+86 154-0000-0037", True),
        (Factor.PHONE_TAIL, "15500000037", False),
        (Factor.ORDER_NO, "bt 20261114-000101", True),
        (Factor.ORDER_NO, "0101", False),
        (Factor.CITY, "杭州市", True),
        (Factor.CITY, "浙江省 杭州", True),
        (Factor.CITY, "浙江杭州市", True),
        (Factor.CITY, "浙江", False),
        (Factor.CITY, "州", False),
        (Factor.PURCHASE_DATE, "2026年11月14日", True),
        (Factor.PURCHASE_DATE, "11.14", True),
        (Factor.PURCHASE_DATE, "20261114", True),
        (Factor.PURCHASE_DATE, "1114", True),
        (Factor.PURCHASE_DATE, "2025-11-14", False),
        (Factor.PURCHASE_DATE, "2026-11-13", False),  # the day in UTC
        (Factor.SURNAME, "王", True),
        (Factor.SURNAME, "王丽", True),
        (Factor.SURNAME, "丽", False),
        (Factor.CASE_NO, "kf20261118 00001", True),
        (Factor.CASE_NO, "KF2026111800002", False),
    ],
)
def test_answers_are_compared_with_mercy_for_spelling_alone(factor: Factor, said: str, right: bool) -> None:
    assert compare({factor: said}, hotline()) == {factor: right}


def test_a_municipality_is_its_own_province() -> None:
    made = snapshot(customer=customer(province="北京", city="北京市"))
    for said in ("北京", "北京市", "北京北京市"):
        assert compare({Factor.CITY: said}, made) == {Factor.CITY: True}


def test_blank_answers_are_no_answers() -> None:
    assert compare({Factor.PHONE_TAIL: " \u200b", Factor.ACCOUNT: ""}, hotline()) == {}
    nothing = snapshot(customer=None, order=None, history=HistoryView())
    assert set(compare(RIGHT, nothing)) == {Factor.CASE_NO}


def test_an_after_sales_number_serves_as_the_case_number() -> None:
    made = hotline(case=case(channel=Channel.HOTLINE, after_sale_no="SH20261118000001"))
    assert compare({Factor.CASE_NO: "ｓｈ20261118000001"}, made) == {Factor.CASE_NO: True}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王丽", "王"),
        ("欧阳静怡", "欧阳"),
        ("欧阳", "欧"),
        ("买买提·吐尔逊", "买买提"),
        ("王𠅤", "王"),
        ("李", "李"),
        ("MÜLLER, Anna-Lena", "MÜLLER"),
        (" 张伟 ", "张"),
        ("", ""),
    ],
)
def test_surnames(name: str, expected: str) -> None:
    assert surname(name) == expected


# Levels of a contact ----------------------------------------------------------------------------


def test_a_signed_in_form_is_level_two_until_a_call_opens() -> None:
    assert reached(snapshot()) is V2
    assert fact("verification.level", snapshot()) == 2
    called = snapshot(contacts=(call(),))
    assert reached(called) is V0
    answered = replace(called, checks=(tried(Factor.ACCOUNT), tried(Factor.PHONE_TAIL), tried(Factor.CITY)))
    assert reached(answered) is V2


def test_a_channel_that_an_agent_only_named_proves_nothing() -> None:
    by_hand = snapshot(case=case(channel=Channel.APP_CHAT, filed=False))
    assert reached(by_hand) is V0
    assert fact("contact.signed_in", by_hand) is False
    proven = replace(by_hand, checks=(tried(Factor.ACCOUNT), tried(Factor.CITY)))
    assert reached(proven) is V2


@pytest.mark.parametrize("channel", list(Channel))
def test_a_lock_stops_the_way_by_signing_in_until_it_ends(channel: Channel) -> None:
    made = snapshot(case=case(channel=channel), customer=customer(verification_locked_until=NOW + HOUR))
    assert reached(made) is V0
    counted = snapshot(case=case(channel=channel), history=HistoryView(failed_checks=3))
    assert reached(counted) is V0
    assert reached(replace(made, now=NOW + HOUR)) is (V2 if channel in SIGNED_IN else V0)


def test_what_was_proven_before_a_lock_stays_proven() -> None:
    locked = customer(verification_locked_until=NOW + HOUR)
    assert reached(snapshot(case=case(verified_level=V2), customer=locked)) is V2


def test_a_lock_says_until_when() -> None:
    assert locked_until(snapshot()) is None
    assert fact("verification.locked_until", snapshot()) is None
    known = customer(verification_locked_until=NOW + HOUR)
    assert fact("verification.locked_until", snapshot(customer=known)) == NOW + HOUR
    # A count without a row that says so: the third newest failure has to be a day old.
    ago = [NOW - hours * HOUR for hours in (1, 2, 3, 4)]
    failed = tuple(
        tried(factor, CheckResult.FAILED, at=at) for at in ago for factor in (Factor.CITY, Factor.SURNAME)
    )
    counted = snapshot(history=HistoryView(failed_checks=4), checks=failed)
    assert locked_until(counted) == NOW + 21 * HOUR


def test_a_new_call_starts_from_nothing_and_a_mail_keeps_what_the_case_has() -> None:
    before = tried(Factor.ACCOUNT, at=NOW - 2 * HOUR)
    kept = case(channel=Channel.HOTLINE, verified_level=V2)
    assert reached(snapshot(case=kept, checks=(before,), contacts=(call(),))) is V0
    assert reached(snapshot(case=kept, checks=(before,), contacts=(call(ended_at=NOW),))) is V2


def test_a_failed_attempt_proves_nothing_and_other_cases_do_not_count() -> None:
    mixed = (tried(Factor.ACCOUNT), tried(Factor.CITY, CheckResult.FAILED))
    assert reached(hotline(checks=mixed)) is V0
    assert reached(hotline(checks=(tried(Factor.ACCOUNT, case_id=2),))) is V0
    later = tried(Factor.ACCOUNT, at=NOW)
    assert reached(hotline(checks=(*mixed, later))) is V2


def test_level_three_is_level_two_and_the_code() -> None:
    proven = (tried(Factor.ACCOUNT), tried(Factor.CITY))
    sent = NOW - timedelta(minutes=4)
    waiting = hotline(checks=proven, code_sent_at=sent)
    assert (code_state(waiting), reached(waiting)) == ("sent", V2)
    with pytest.raises(BadInput):
        check(V3, {}, waiting)
    typed = tried(Factor.ONE_TIME_CODE, level=V3, at=NOW - timedelta(minutes=1))
    done = hotline(checks=(*proven, typed), code_sent_at=sent)
    assert reached(done) is V3
    outcome = check(V3, {}, done)
    assert (outcome.result, outcome.reached) == (CheckResult.PASSED, V3)
    # The code without the answers is no proof.
    assert reached(hotline(checks=(typed,), code_sent_at=sent)) is V0
    with pytest.raises(BadInput):
        check(V3, {}, hotline(checks=(typed,), code_sent_at=sent))


@pytest.mark.parametrize(
    ("sent", "result", "expected"),
    [
        (None, None, "none"),
        (timedelta(minutes=1), None, "sent"),
        (timedelta(minutes=5), None, "expired"),
        (timedelta(minutes=1), CheckResult.PASSED, "passed"),
        (timedelta(minutes=1), CheckResult.FAILED, "failed"),
        (timedelta(minutes=1), CheckResult.TIMED_OUT, "expired"),
    ],
)
def test_one_time_codes(sent: timedelta | None, result: CheckResult | None, expected: str) -> None:
    rows = () if result is None else (tried(Factor.ONE_TIME_CODE, result, level=V3, at=NOW),)
    old = tried(Factor.ONE_TIME_CODE, level=V3, at=NOW - HOUR)
    sent_at = None if sent is None else NOW - sent
    made = snapshot(checks=rows if sent is None else (old, *rows), code_sent_at=sent_at)
    assert fact("verification.code_state", made) == expected


def test_documents_that_were_passed_stand_in_for_the_code() -> None:
    said = {"who": "phone_lost", "pieces": "1", "customer": 5}
    yes = approval(
        ApprovalState.APPROVED, action="documents", decided_at=NOW, decided_by="2001", planned=said
    )
    proven = (tried(Factor.ACCOUNT), tried(Factor.CITY))
    assert reached(hotline(checks=proven, approvals=(yes,))) is V3P
    assert reached(hotline(approvals=(yes,))) is V0, "on top of level 2, and not in its place"
    assert reached(hotline(checks=proven, approvals=(replace(yes, decided_by="1001"),))) is V2
    assert check(V3P, {}, hotline(checks=proven, approvals=(yes,))).result is CheckResult.PASSED


@pytest.mark.parametrize(("ago", "changed"), [(7 * DAY, False), (7 * DAY - HOUR, True), (None, False)])
def test_e26_fresh_contact_data(ago: timedelta | None, changed: bool) -> None:
    made = hotline(customer=customer(contact_changed_at=None if ago is None else NOW - ago))
    assert contact_changed(made) is changed
    assert fact("verification.contact_changed_7d", made) is changed
    assert ask(V2, Factor.ACCOUNT, Factor.CITY, Factor.ORDER_NO, of=made).contact_changed is changed


def test_levels_are_numbered() -> None:
    assert [level_number(level) for level in VerificationLevel] == [0, 1, 2, 3, 3]
    assert set(REQUIREMENTS) == set(VerificationLevel)


def test_order_dates_are_local() -> None:
    assert order().placed_at.day == 13
    assert compare({Factor.PURCHASE_DATE: "11月14日"}, snapshot()) == {Factor.PURCHASE_DATE: True}


@pytest.mark.parametrize(
    ("said", "days", "right"),
    [
        ("0037", 2, True),
        ("4455", 2, True),  # the owner of a number that somebody took over
        ("15400004455", 2, True),
        ("4455", 7, False),  # whose number it was a week ago is nobody's concern
        ("1234", 2, False),
    ],
)
def test_the_old_tail_is_as_good_as_the_new_one_while_a_change_is_fresh(
    said: str, days: int, right: bool
) -> None:
    lately = customer(contact_changed_at=NOW - days * DAY, previous_phone="154 0000 4455")
    outcome = ask(V2, Factor.RECENT_AMOUNT, of=hotline(customer=lately), phone_tail=said)
    assert (outcome.result is CheckResult.PASSED) is right
