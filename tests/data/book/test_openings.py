"""Which clocks a case opens with: every kind by every channel, as data (B0.6, SLA.md, X3)."""

from dataclasses import replace

import pytest

from bdesk.data.book import loader
from bdesk.data.book.clocks import load_clocks
from bdesk.models.clock_kinds import Drives
from bdesk.models.kinds import CaseKind, Channel
from bdesk.rules.clock import target_of
from bdesk.rules.walk.check import check
from bdesk.rules.walk.model import ClockMove, ClockVerb, Opens, Param, Procedure, opening

CLOCKS = load_clocks().kinds

# What the kind alone brings, whatever the channel.
BY_KIND: dict[str, tuple[str, ...]] = {
    "refund": ("refund_review",),
    "wallet_refund": ("refund_review",),
    "shipment_delay": ("first_response", "resolution"),
    "payment_failure": ("first_response", "resolution"),
    "after_sale": ("after_sale_response", "resolution"),
    "appeal": ("appeal_record", "appeal_assign", "appeal_preliminary"),
    "unfreeze": ("unfreeze_response", "unfreeze_legal", "resolution"),
    "login": ("first_response", "resolution"),
    "account_change": ("privacy_request", "first_response", "resolution"),
    "records": ("privacy_request", "first_response", "resolution"),
    "complaint": ("complaint_ack", "complaint_result"),
    "feedback": ("feedback_forward", "resolution"),
    "progress": ("first_response", "resolution"),
    "suspicious": ("first_response", "resolution"),
    "wallet_limits": ("first_response", "resolution"),
    "consultation": ("first_response", "resolution"),
}
# What the way it came in adds.
BY_CHANNEL = {
    "email": "email_reply",
    "after_sale_form": "after_sale_response",
    "social": "social_reply",
    "regulator": "regulator",
}
ANSWERED_BY = {"email_reply", "after_sale_response"}
"""Stricter than a first response, which is then not started."""


def opened(kind: str, channel: str, priority: int = 3) -> tuple[ClockMove, ...]:
    return opening(loader.procedure_for(kind), kind, channel, priority)


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("kind", list(CaseKind))
def test_every_kind_by_every_channel(kind: CaseKind, channel: Channel) -> None:
    expected = {*BY_KIND[kind]}
    if channel in BY_CHANNEL:
        expected.add(BY_CHANNEL[channel])
    if expected & ANSWERED_BY:
        expected.discard("first_response")
    moves = opened(kind, channel)
    assert {move.kind for move in moves} == expected
    assert len(moves) == len(expected), "one clock of a kind"
    assert any(CLOCKS[move.kind].drives is Drives.DESK for move in moves)
    for move in moves:
        assert move.verb is ClockVerb.START
        assert move.since == "case.received_at"
        assert len(move.literals) == len(move.settings), "nothing is left open"
        target_of(CLOCKS[move.kind], move.literals)


def test_the_table_names_every_kind() -> None:
    assert set(BY_KIND) == set(CaseKind)
    assert set(BY_CHANNEL) <= set(Channel)


@pytest.mark.parametrize(("channel", "minutes"), [("hotline", 30), ("app_chat", 24 * 60)])
def test_unfreezing_is_answered_sooner_on_the_hotline(channel: str, minutes: int) -> None:
    move = next(one for one in opened("unfreeze", channel) if one.kind == "unfreeze_response")
    assert target_of(CLOCKS[move.kind], move.literals).length.amount == minutes * 60


@pytest.mark.parametrize(("priority", "days"), [(1, 1), (2, 2), (3, 3), (4, 5)])
def test_how_long_a_matter_may_take_goes_by_its_priority(priority: int, days: int) -> None:
    move = next(one for one in opened("login", "hotline", priority) if one.kind == "resolution")
    assert move.literals == {"priority": priority}
    assert target_of(CLOCKS[move.kind], move.literals).length.amount == days


def test_every_entry_of_a_refund_brings_its_clock() -> None:
    by_mail = {move.kind for move in opened("refund", "email")}
    by_form = {move.kind for move in opened("refund", "after_sale_form")}
    assert by_mail == {"refund_review", "email_reply"}
    assert by_form == {"refund_review", "after_sale_response"}


def faults(*opens: Opens) -> list[str]:
    refund: Procedure = replace(loader.procedure("refund"), opens=opens)
    return [fault.code for fault in check(refund, loader.known(CLOCKS)) if "opens" in fault.where]


def start(kind: str, **settings: Param) -> ClockMove:
    return ClockMove(ClockVerb.START, kind, tuple(settings.items()))


@pytest.mark.parametrize(
    ("code", "opens"),
    [
        ("clock.unknown", (Opens(start("refund_review")), Opens(start("nothing")))),
        ("clock.unknown", (Opens(start("refund_review"), unless=("nothing",)),)),
        ("kind.unknown", (Opens(start("refund_review")), Opens(start("email_reply"), kinds=("appeal",)))),
        ("channel.unknown", (Opens(start("refund_review")), Opens(start("email_reply"), channels=("fax",)))),
        ("clock.setting", (Opens(start("refund_review", priority=Param(literal=1))),)),
        ("opening.unknown", (Opens(start("resolution", priority=Param(name="order.no"))),)),
        ("opening.none", (Opens(start("email_reply"), channels=("email",)),)),
        ("opening.none", ()),
    ],
)
def test_a_fault_in_what_a_case_opens_with_is_found(code: str, opens: tuple[Opens, ...]) -> None:
    assert code in faults(*opens)


def test_what_is_packaged_has_none() -> None:
    assert faults(*loader.procedure("refund").opens) == []
