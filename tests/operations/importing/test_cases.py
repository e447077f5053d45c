"""Cases from a file: opened once, with clocks from the receipt of the matter."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bdesk.data import journal
from bdesk.models.kinds import CaseState, Channel, RefundReason, Stream
from bdesk.models.tables import Case, CaseFlagRow, CaseItem, CaseText, ClockRow, Evidence, OrderItem
from bdesk.operations.walking import standing
from tests.builders import T0
from tests.operations.importing.firm import SAMPLES, Firm, at, make_firm, order


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = make_firm(tmp_path)
    made.bring("orders", order())
    yield made
    made.store.close()


def form(**more: Any) -> dict[str, Any]:
    known = {"key": "FORM-1", "kind": "refund", "channel": "refund_form", "received_at": at(3)}
    return known | {"order_no": "BT20261114000101", "subject": "壶坏了", "reason": "quality"} | more


PHOTO = {"kind": "photo", "name": "1.jpg", "address": "https://files.example.com/1.jpg", "size_bytes": 9}


def test_a_form_becomes_a_case_whose_clock_started_with_it(firm: Firm) -> None:
    firm.bring("cases", form(description="收到就是坏的\n请退款", evidence=[PHOTO], flags=["vip"], lines=[1]))
    assert firm.codes() == []
    case = firm.one(Case)
    assert (case.external_key, case.state, case.owner_id) == ("FORM-1", CaseState.NEW, None)
    assert (case.channel, case.reason, case.received_at) == (
        Channel.REFUND_FORM,
        RefundReason.QUALITY,
        T0 - timedelta(hours=3),
    )
    review = next(clock for clock in firm.all(ClockRow) if clock.kind == "refund_review")
    assert review.start_at == case.received_at
    assert (case.queue_at, case.queue_clock) == (review.due_at, "refund_review")
    assert firm.one(CaseText).body == "收到就是坏的\n请退款"
    assert firm.one(CaseFlagRow).flag == "vip"
    assert firm.one(CaseItem).item_id == firm.one(OrderItem).id
    photo = firm.one(Evidence)
    assert (photo.number, photo.received_at, photo.looked_at) == (1, case.received_at, None)
    with firm.store.read() as session:
        kinds = [one.kind for one in journal.events(session, Stream.CASE, case.id)]
    assert kinds[0] == "case.opened"
    assert "customer.evidence" in kinds
    assert firm.sound()


def test_the_same_case_twice_is_opened_once(firm: Firm) -> None:
    firm.bring("cases", form())
    done = firm.bring("cases", form(subject="other words"), form(key="FORM-2"))
    assert (done.unchanged, done.added) == (1, 1)
    assert [case.subject for case in firm.all(Case)] == ["壶坏了", "壶坏了"]


def test_what_a_desk_must_never_keep_is_masked(firm: Firm) -> None:
    firm.bring(
        "cases", form(subject="卡号6222020200112233445", description="我的密码是abc12345", desired="退")
    )
    case = firm.one(Case)
    assert "0200112233" not in case.subject
    assert "abc12345" not in firm.one(CaseText).body


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (form(order_no="BT1"), "import.no_order"),
        (form(order_no=None, account="nobody"), "import.no_customer"),
        (form(received_at=at(-1)), "import.future"),
        (form(evidence=[PHOTO | {"received_at": at(-1)}]), "import.future"),
        (form(lines=[9]), "import.no_line"),
        (form(kind="refunds"), "import.choice"),
        (form(evidence=[{"kind": "photo"}]), "import.required"),
        (form(subject=""), "import.required"),
        (form(priority=9), "import.range"),
    ],
)
def test_cases_that_do_not_fit(firm: Firm, row: dict[str, Any], code: str) -> None:
    firm.bring("cases", row)
    assert firm.codes() == [(1, code)]
    assert firm.all(Case) == []
    assert firm.sound()


def test_an_account_must_be_the_orders_own(firm: Firm) -> None:
    firm.bring("customers", {"account": "liqiang", "name": "李强", "as_of": at(1)})
    firm.bring("cases", form(account="liqiang"))
    assert firm.codes() == [(1, "import.other_customer")]
    firm.bring("cases", form(account="wangli"), form(key="F2", order_no=None, account="liqiang"))
    assert [case.order_id is None for case in firm.all(Case)] == [False, True]


def test_an_after_sales_number_is_given_once(firm: Firm) -> None:
    firm.bring(
        "cases", form(after_sale_no="sh20261118-000001"), form(key="F2", after_sale_no="SH20261118000001")
    )
    assert firm.codes() == [(2, "import.after_sale_taken")]
    assert firm.one(Case).after_sale_no == "SH20261118000001"


def test_a_flat_case_from_csv(firm: Firm) -> None:
    path = firm.folder / "cases.csv"
    head = "key,kind,channel,received_at,order_no,subject,lines,flags"
    path.write_text(f"{head}\nF1,refund,email,{at(3)},bt20261114-000101,坏了,1,vip elderly\n")
    assert firm.file("cases", path).added == 1
    assert len(firm.all(CaseFlagRow)) == 2
    assert firm.one(CaseItem).quantity == 1


def test_the_samples_make_scenario_s1(tmp_path: Path) -> None:
    firm = make_firm(tmp_path)
    for kind in ("customers", "products", "orders", "wallets", "cases"):
        (path,) = SAMPLES.glob(f"{kind}.*")
        done = firm.file(kind, path)
        assert (done.rejected, done.added) == (0, done.rows), kind
    broken, past = firm.all(Case)
    assert (broken.subject, broken.received_at) == ("电热水壶开箱即坏", T0 - timedelta(hours=3))
    assert broken.queue_at == T0 + timedelta(hours=21)
    assert past.reason is RefundReason.NO_REASON
    assert firm.one(Evidence).case_id == broken.id
    with firm.store.read() as session:
        facts = [standing(session, firm.ctx, case.id, T0).facts for case in (broken, past)]
    assert [one["window.open"] for one in facts] == [True, False]
    assert [one["refund.proposed_fen"] for one in facts] == [12800, 8990]
    assert [one["payments.method"] for one in facts] == ["wallet", "wechat"]
    assert [one["evidence.media_count"] for one in facts] == [1, 0]
    assert [one["parcel.signed_days"] for one in facts] == [2, 12]
    assert firm.sound()
    firm.store.close()
