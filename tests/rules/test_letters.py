"""Letters: slots filled, types kept, nothing sent with an open place."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.data.book.loader import fact_specs
from bdesk.errors import DeskError
from bdesk.rules.facts import compute
from bdesk.rules.letters import Rendered, fill_slots, open_slots, render, render_for
from bdesk.rules.walk.values import UNKNOWN, FactType, LetterSpec, SlotSpec, Text
from tests.rules.samples import context, customer, snapshot


@dataclass(frozen=True)
class Letter:
    spec: LetterSpec
    subject: Text | None
    body: Text
    sms: Text | None = None


APPROVED = Letter(
    LetterSpec(
        "N2",
        (
            SlotSpec("order_no", FactType.TEXT, "order.no"),
            SlotSpec("amount", FactType.MONEY, "refund.proposed_fen"),
            SlotSpec("method", FactType.CODE, "payments.method"),
            SlotSpec("until", FactType.DATE, "deadline.reapply"),
            SlotSpec("detail", FactType.TEXT, None),
        ),
    ),
    Text("订单 {order_no} 退款已办理", "Refund for order {order_no}"),
    Text("退款 {amount} 元，原路退回{method}。{detail}", "We refund {amount} to your {method}. {detail}"),
    Text("退款 {amount} 元", "Refund {amount}"),
)


def test_a_letter_in_both_languages() -> None:
    facts = compute(context(snapshot()))
    zh = render_for(APPROVED, {"detail": "请查收"}, facts, {}, fact_specs(), "zh")
    assert zh == Rendered("订单 BT20261114000101 退款已办理", "退款 128.00 元，原路退回b特派钱包。请查收")
    words = Text("请查收", "Please check.")
    en = render_for(APPROVED, {"detail": words}, facts, {}, fact_specs(), "en")
    assert en.body == "We refund 128.00 to your b特派 wallet. Please check."


def test_what_the_effect_gives_goes_before_the_source() -> None:
    slots = fill_slots(APPROVED.spec, {"amount": 500}, compute(context(snapshot())))
    assert slots["amount"] == 500
    assert slots["order_no"] == "BT20261114000101"
    assert slots["detail"] is UNKNOWN


def test_answers_fill_slots_too() -> None:
    spec = LetterSpec("N4", (SlotSpec("what", FactType.TEXT, "given.missing"),))
    assert fill_slots(spec, {}, {}, {"missing": "面单照片"}) == {"what": "面单照片"}


def test_a_value_for_no_slot_is_refused() -> None:
    with pytest.raises(DeskError) as refusal:
        fill_slots(APPROVED.spec, {"amonut": 1}, {})
    assert (refusal.value.code, refusal.value.params["slot"]) == ("letter.unknown_slot", "amonut")


@pytest.mark.parametrize("empty", [None, UNKNOWN, "", " \u200b ", Text("", "x"), ()])
def test_an_open_slot_is_never_rendered(empty: object) -> None:
    slots = {"order_no": "BT1", "amount": 1, "method": "wallet", "detail": empty}
    with pytest.raises(DeskError) as refusal:
        render(APPROVED, slots, "zh", fact_specs())  # type: ignore[arg-type]
    assert refusal.value.code == "letter.open_slot"
    assert refusal.value.params == {"letter": "N2", "slot": "detail"}


def test_every_open_slot_is_named_for_the_preview() -> None:
    assert open_slots(APPROVED, {}, "zh") == ("order_no", "amount", "method", "detail")
    assert open_slots(APPROVED, {}, "zh", sms=True) == ("amount",)
    # A slot that no words use does not hold a letter up.
    assert "until" not in open_slots(APPROVED, {}, "en")


def test_a_place_without_a_slot_is_open() -> None:
    letter = Letter(LetterSpec("N9", ()), None, Text("您好{name}", "Dear {name}"))
    with pytest.raises(DeskError) as refusal:
        render(letter, {"name": "x"}, "zh")
    assert refusal.value.params["slot"] == "name"


def test_text_messages_have_no_subject_and_shorter_words() -> None:
    slots = {"amount": 12800}
    assert render(APPROVED, slots, "zh", sms=True) == Rendered("", "退款 128.00 元")
    only_body = Letter(APPROVED.spec, APPROVED.subject, Text("{amount}", "{amount}"))
    assert render(only_body, slots, "en", sms=True) == Rendered("", "128.00")


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (FactType.MONEY, 231050, "2,310.50"),
        (FactType.DATE, date(2026, 12, 3), "12月3日"),
        (FactType.INSTANT, datetime(2026, 12, 3, 2, tzinfo=UTC), "12月3日 10:00"),
        (FactType.INT, 3, "3"),
        (FactType.TEXT, "一\n二", "一\n二"),
    ],
)
def test_slots_are_spelt_by_their_type(kind: FactType, value: object, words: str) -> None:
    letter = Letter(LetterSpec("N1", (SlotSpec("x", kind),)), None, Text("{x}", "{x}"))
    assert render(letter, {"x": value}, "zh").body == words  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FactType.MONEY, "128.00"),
        (FactType.MONEY, True),
        (FactType.DATE, datetime(2026, 12, 3, tzinfo=UTC)),
        (FactType.INSTANT, date(2026, 12, 3)),
        (FactType.BOOL, 1),
        (FactType.CODE, 3),
        (FactType.CODES, "a"),
    ],
)
def test_a_value_of_another_type_is_refused(kind: FactType, value: object) -> None:
    letter = Letter(LetterSpec("N1", (SlotSpec("x", kind),)), None, Text("{x}", "{x}"))
    with pytest.raises(DeskError) as refusal:
        render(letter, {"x": value}, "zh")  # type: ignore[dict-item]
    assert refusal.value.code == "letter.bad_slot"


@given(said=st.text(max_size=30))
def test_a_customers_words_are_words(said: str) -> None:
    letter = Letter(
        LetterSpec("N1", (SlotSpec("said", FactType.TEXT), SlotSpec("amount", FactType.MONEY))),
        None,
        Text("您说：{said}。{amount}", "{said} {amount}"),
    )
    try:
        body = render(letter, {"said": f"a{said}{{amount}}{{said}}\x1b]2;x", "amount": 100}, "zh").body
    except DeskError:
        raise AssertionError("a filled slot was taken for an open one") from None
    assert "\x1b" not in body
    assert body.endswith("。1.00")
    assert "{amount}{said}" in body


def test_letters_speak_of_a_masked_customer() -> None:
    spec = LetterSpec("N3", (SlotSpec("name", FactType.TEXT, "customer.name_masked"),))
    letter = Letter(spec, None, Text("{name}您好", "Dear {name}"))
    facts = compute(context(snapshot(customer=customer(name="欧阳静怡"))))
    assert render_for(letter, {}, facts, {}, fact_specs(), "zh").body == "欧阳**您好"
