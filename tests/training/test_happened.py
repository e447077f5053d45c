"""No case is about what had not happened yet when it was received (training.md D1.2, facts first)."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache

import pytest

from bdesk.clock import LOCAL, from_iso
from bdesk.data.book.book import Book, load_book
from bdesk.models.kinds import CaseKind, CaseOutcome, OrderStatus, PaymentState
from bdesk.models.tables import (
    Approval,
    Case,
    CaseText,
    Compensation,
    Contact,
    Decision,
    Evidence,
    Freeze,
    Notification,
    Promise,
    Refund,
    StepAnswer,
    Task,
    VerificationAttempt,
    Wallet,
    WalletTx,
)
from bdesk.training.rows import Row
from bdesk.training.scenario import scenarios
from bdesk.training.seed import Seeded, choose
from bdesk.training.sizes import Size
from bdesk.training.words.texts import MATTERS, Matter
from bdesk.training.world import Deal

MORNING = "2026-11-18T10:00+08:00"
STORES = [
    *(("demo", seed, MORNING) for seed in range(1, 13)),
    *(("normal", seed, MORNING) for seed in (1, 2, 3, 5, 7)),
    ("surge", 1, MORNING),
    ("demo", 4, "2026-11-22T03:00+08:00"),
    ("normal", 4, "2026-11-22T03:00+08:00"),
    ("normal", 6, "2026-12-31T23:00+08:00"),
]
"""Sizes, seeds and presents; by night nothing was ordered for hours."""


@cache
def book() -> Book:
    return load_book()


@cache
def made(size: str, seed: int, now: str, scenario: str | None = None) -> Seeded:
    """All rows of a store, not written."""
    chosen = Size(size)
    seeded = Seeded(chosen, seed, from_iso(now), choose(chosen, scenario), book())
    seeded.make()
    return seeded


def name(one: tuple[object, ...]) -> str:
    return "-".join(map(str, one))


Law = Callable[[Seeded], None]
LAWS: list[Law] = []
OF_WHOLE: list[Law] = []


def law(one: Law) -> Law:
    """Holds of every store."""
    LAWS.append(one)
    return one


def law_of_whole_stores(one: Law) -> Law:
    """Holds of every store with edge cases."""
    OF_WHOLE.append(one)
    return one


@pytest.mark.parametrize("one", STORES, ids=name)
def test_every_law_holds_of_every_store(one: tuple[str, int, str]) -> None:
    """All of them on one store, which is made once: nothing here takes longer."""
    seeded = made(*one)
    for each in (*LAWS, *(OF_WHOLE if seeded.preset.whole else ())):
        each(seeded)


def placed(deal: Deal) -> datetime:
    at: datetime = deal.order["placed_at"]
    return at


def paid(deal: Deal) -> datetime:
    """When the last payment succeeded; two for what was paid twice."""
    times: list[datetime] = [one["paid_at"] for one in deal.payments if one["state"] is PaymentState.SUCCESS]
    return max([placed(deal), *times])


def came(deal: Deal) -> datetime:
    """When the parcel was signed for; an order without a parcel cannot be spoken of so."""
    at: datetime = deal.parcels[0]["signed_at"]
    return at


def midnight_after(at: datetime, days: int) -> datetime:
    day = at.astimezone(LOCAL).date() + timedelta(days=days + 1)
    return datetime.combine(day, datetime.min.time(), LOCAL)


def late(deal: Deal) -> datetime:
    """When shipping was late: the shop's own day, without one 48 hours after the payment (E18)."""
    due: datetime = deal.order["estimated_ship_at"] or paid(deal) + timedelta(hours=48)
    return max(due, paid(deal))


def silent(deal: Deal) -> datetime:
    last: datetime = deal.parcels[0]["last_scan_at"]
    return last + timedelta(days=3)


def given_back(deal: Deal) -> datetime:
    at: datetime = deal.refunds[0]["committed_at"]
    return at


NEEDS: Mapping[str, Callable[[Deal], datetime]] = {
    "signed_recent": came,
    "signed_station": came,
    "signed_fruit": came,
    "signed_past": lambda deal: midnight_after(came(deal), 7),
    "signed_old": came,
    "after_decision": came,
    "split": came,
    "unshipped": paid,
    "unsynced": paid,
    "presale": paid,
    "double_paid": paid,
    "wallet_purchase": paid,
    "unshipped_late": late,
    "shipped_silent": silent,
    "payment_failed": placed,
    "any_order": placed,
    "refunded": given_back,
}
"""What a customer who speaks so has behind them, by what the matter is drawn about."""

MORE: Mapping[int, Callable[[Deal], datetime]] = {
    8: lambda deal: came(deal) + timedelta(days=1),  # a decision lies between
    11: given_back,
    27: lambda deal: came(deal) + timedelta(days=4),  # the after-sale number is four days old
    31: lambda deal: placed(deal) + timedelta(days=1),
    33: lambda deal: placed(deal) + timedelta(days=3),
}
"""By matter, where the words say more than that."""


def pattern(matter: Matter) -> re.Pattern[str]:
    return re.compile(".+".join(map(re.escape, re.split(r"\{\w+\}", matter.subject))))


SUBJECTS = [(matter, pattern(matter)) for matter in MATTERS]


def matter_of(case: Row) -> Matter | None:
    """The matter of a case; None for the words of an edge case or a scenario."""
    fits = (one for one, form in SUBJECTS if one.kind is case["kind"] and form.fullmatch(case["subject"]))
    return next(fits, None)


def about(seeded: Seeded) -> Iterator[tuple[Row, Deal]]:
    """Cases with their orders."""
    deals = {deal.order["id"]: deal for deal in seeded.world.deals}
    for case in seeded.world.rows.of(Case):
        if case["order_id"] is not None:
            yield case, deals[case["order_id"]]


@law
def no_case_came_before_its_order(store: Seeded) -> None:
    early = [case["case_no"] for case, deal in about(store) if case["received_at"] < placed(deal)]
    assert not early


@law
def what_the_words_speak_of_had_happened(store: Seeded) -> None:
    wrong, seen = [], set()
    for case, deal in about(store):
        matter = matter_of(case)
        if matter is None or matter.need not in NEEDS:
            continue
        seen.add(matter.number)
        since = MORE.get(matter.number, NEEDS[matter.need])(deal)
        if case["received_at"] < since:
            wrong.append((case["case_no"], matter.number, deal.shape, case["received_at"] - since))
    assert not wrong
    assert len(seen) >= (10 if store.size is Size.DEMO else 30)


@law_of_whole_stores
def edge_cases_speak_of_what_was(whole: Seeded) -> None:
    """Who says that it came, that it is broken, that the card was charged: it had come, it was charged."""
    assert whole.edges is not None
    for code, found in whole.edges.found.items():
        for work in found.cases:
            deal, received = work.deal, work.row["received_at"]
            if deal is None:
                continue
            assert received >= paid(deal), code
            for parcel in deal.parcels:
                assert received >= (parcel["signed_at"] or parcel["shipped_at"]), code


@law_of_whole_stores
def who_is_told_to_pay_again_pays_afterwards(whole: Seeded) -> None:
    told = [(case, deal) for case, deal in about(whole) if case["outcome"] is CaseOutcome.REPAY]
    assert told
    for case, deal in told:
        if deal.order["status"] is not OrderStatus.PENDING_PAYMENT:
            assert paid(deal) > case["received_at"] > placed(deal), case["case_no"]


@law
def an_unpaid_order_can_still_be_paid(store: Seeded) -> None:
    """An order that is still unpaid may still be paid, within a day or three of its placing."""
    for deal in store.world.deals:
        if deal.order["status"] is not OrderStatus.PENDING_PAYMENT or deal.shape.startswith("scenario"):
            continue
        until = deal.order["pay_by"]
        assert until > store.world.now
        assert until - placed(deal) in (timedelta(days=1), timedelta(days=3)), deal.order["order_no"]


@law
def frozen_wallets_and_regretted_transfers(store: Seeded) -> None:
    rows = store.world.rows
    wallets = {row["customer_id"]: row["id"] for row in rows.of(Wallet)}
    frozen = {row["wallet_id"]: row["frozen_at"] for row in rows.of(Freeze)}
    sent: dict[int, datetime] = {}
    for tx in rows.of(WalletTx):
        sent[tx["wallet_id"]] = min(tx["at"], sent.get(tx["wallet_id"], tx["at"]))
    by_number = {row["id"]: row for row in rows.of(WalletTx)}
    asked = 0
    for case in rows.of(Case):
        wallet = wallets.get(case["customer_id"])
        if case["kind"] is CaseKind.UNFREEZE:
            asked += 1
            assert frozen[wallet or 0] <= case["received_at"], case["case_no"]
        if case["subject"] == "转账转错人":
            assert sent[wallet or 0] <= case["received_at"], case["case_no"]
        if case["wallet_tx_id"] is not None:
            assert by_number[case["wallet_tx_id"]]["at"] <= case["received_at"], case["case_no"]
    assert asked


@law_of_whole_stores
def who_asks_after_a_matter_has_one(whole: Seeded) -> None:
    rows = whole.world.rows.of(Case)
    for case in rows:
        if case["subject"] == "查询进度":
            others = [
                one["received_at"] for one in rows
                if one["customer_id"] == case["customer_id"] and one["id"] != case["id"]
            ]  # fmt: skip
            assert min(others) < case["received_at"], case["case_no"]


@law_of_whole_stores
def who_withdrew_was_given_no_other_end(whole: Seeded) -> None:
    rows = whole.world.rows
    withdrew = {case["id"]: case["case_no"] for case in rows.of(Case) if case["outcome"] == "withdrawn"}
    assert withdrew
    for answer in rows.of(StepAnswer):
        if answer["case_id"] in withdrew and answer["step"].startswith("close_"):
            assert answer["step"] == "close_withdrawn/close", withdrew[answer["case_id"]]


OWN: Mapping[type, str] = {
    Evidence: "received_at",
    Contact: "started_at",
    CaseText: "at",
    Decision: "at",
    Notification: "written_at",
    Task: "asked_at",
    Approval: "requested_at",
    Promise: "made_at",
    VerificationAttempt: "at",
    Refund: "committed_at",
    Compensation: "committed_at",
}
"""What belongs to a case, and when it came to be."""


@law
def no_money_goes_back_before_it_is_decided(store: Seeded) -> None:
    decided = {row["case_id"]: row["at"] for row in store.world.rows.of(Decision)}
    given = [row for row in store.world.rows.of(Refund) if row["case_id"] is not None]
    assert given
    for row in given:
        assert decided[row["case_id"]] <= row["committed_at"], row["refund_no"]


@law
def what_belongs_to_a_case_comes_after_its_receipt(store: Seeded) -> None:
    received = {case["id"]: case["received_at"] for case in store.world.rows.of(Case)}
    for table, column in OWN.items():
        for row in store.world.rows.of(table):
            if row["case_id"] is not None:
                assert received[row["case_id"]] <= row[column] <= store.world.now, (table.__name__, row)
    for case in store.world.rows.of(Case):
        assert case["received_at"] <= case["opened_at"] <= store.world.now
        assert case["closed_at"] is None or case["closed_at"] >= case["opened_at"]
    for said in store.ledger.said:
        if said.stream == "case":
            assert said.recorded_at >= said.occurred_at >= received[int(said.stream_id)], said.kind


@pytest.mark.parametrize("code", sorted(scenarios()))
def test_scenarios_and_what_surrounds_them(code: str) -> None:
    for size in ("empty", "demo"):
        seeded = made(size, 5, MORNING, code)
        for case, deal in about(seeded):
            assert case["received_at"] >= paid(deal), case["case_no"]
            if deal.shape.startswith("scenario"):
                assert all(
                    (one["signed_at"] or one["shipped_at"]) <= case["received_at"] for one in deal.parcels
                )
            matter = matter_of(case)
            if matter is not None and matter.need in NEEDS:
                since = MORE.get(matter.number, NEEDS[matter.need])(deal)
                assert case["received_at"] >= since, (case["case_no"], matter.number)
