"""What is said for codes: every change, event, effect, letter and limit has words in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import bdesk
from bdesk.errors import FactsMoved
from bdesk.i18n import LANGUAGES, set_language, translate
from bdesk.models.kinds import NotificationChannel, PaymentMethod
from bdesk.models.labels import label
from bdesk.rules.limits import LimitReason
from bdesk.speech import MESSAGES, speak, speak_error
from bdesk.speech.words import LISTS

PACKAGE = Path(bdesk.__file__).parent
LETTERS = tuple(f"N{number}" for number in range(1, 18))


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    set_language("en")
    yield
    set_language(None)


def effect_names() -> list[str]:
    kept = YAML(typ="safe").load((PACKAGE / "data" / "book" / "effect_names.yaml").read_text("utf-8"))
    return [one["name"] for one in kept["effects"]]


def calls_of(*names: str) -> Iterator[tuple[ast.Call, str]]:
    """Calls of functions and methods of these names in operations."""
    for path in sorted((PACKAGE / "operations").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in names:
                yield node, f"{path.name}:{node.lineno}"


def text_of(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_every_change_has_its_toast() -> None:
    codes: dict[str, str] = {}
    for call, where in calls_of("finish", "Changed"):
        given = text_of(call.args[1]) if len(call.args) > 1 else None
        for keyword in call.keywords:
            if keyword.arg == "code":
                given = text_of(keyword.value)
        if given:
            codes[given] = where
    assert {"queue.taken", "effect.committed", "undo.done"} <= set(codes)
    assert {code: where for code, where in codes.items() if code not in MESSAGES} == {}


def test_every_event_of_a_case_has_its_line() -> None:
    kinds: dict[str, str] = {}
    for call, where in calls_of("add"):
        on = call.func.value if isinstance(call.func, ast.Attribute) else None
        act = on.attr if isinstance(on, ast.Attribute) else getattr(on, "id", "")
        kind = text_of(call.args[0]) if call.args else None
        if act in ("act", "other") and kind:
            kinds[kind] = where
    assert {"case.claimed", "step.answered", "effect.committed"} <= set(kinds)
    assert {kind: where for kind, where in kinds.items() if f"event.{kind}" not in MESSAGES} == {}


def test_every_effect_has_its_words_in_the_strip() -> None:
    # A letter is said by its own code, a refund by what `refunds.preview` calls it.
    said = {"refund": "strip.refund", "refund.other_target": "strip.refund_other", "letter": "strip.letter"}
    for name in effect_names():
        assert said.get(name, f"strip.{name}") in MESSAGES, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_letter_has_its_words(lang: str) -> None:
    set_language(lang)
    for letter in LETTERS:
        for channel in NotificationChannel:
            said = speak(f"strip.letter.{letter}", {"channel": channel.value, "letter": letter})
            assert label(channel) in said
            assert letter not in said
        assert speak("recall.letter", {"letter": letter, "target": "z***@x"}).endswith("z***@x")
        assert letter not in speak("recall.letter", {"letter": letter, "target": "z***@x"})


def test_a_letter_of_ones_own_is_named_as_it_is() -> None:
    said = speak("strip.letter.W1", {"channel": "email", "letter": "W1"})
    assert said == "W1 by e-mail"


def test_the_strip_reads_as_on_the_desk() -> None:
    set_language("zh")
    refund = speak("strip.refund", {"amount_fen": 12800, "methods": ("wechat",), "order_tail": "7741"})
    letter = speak("strip.letter.N2", {"channel": "email", "target": "z***@example.com", "letter": "N2"})
    assert f"{refund} + {letter}" == "退款 128.00 原路 微信 + 结果邮件"
    two = speak("strip.refund", {"amount_fen": 12800, "methods": ("wechat", "wallet"), "order_tail": ""})
    assert two == "退款 128.00 原路 微信、b特派钱包"
    assert speak("strip.case.close", {"outcome": "approved_full", "survey": None}) == "结案：全部同意"
    assert speak("strip.case.raise", {"to": "supervisor", "reason": "x"}) == "升级给主管"
    assert speak("strip.task.open", {"to": "courier", "what": "courier_claim"}) == "派单快递：快递核查"
    assert speak("strip.approval.request", {"action": "refund", "amount_fen": None}) == "提请审批：退款"


@pytest.mark.parametrize("reason", list(LimitReason))
def test_every_limit_has_its_words(reason: LimitReason) -> None:
    assert reason.value in MESSAGES
    params = {"amount_fen": 100, "limit_fen": 50, "needs": "supervisor", "action": "refund"}
    assert "_" not in speak(reason.value, params)


def test_codes_in_parameters_are_said_in_words() -> None:
    assert speak("queue.taken", {"case_no": "KF1", "reason": "hard_soon"}) == (
        "Took KF1: promise due within 30 minutes"
    )
    assert (
        speak("undo.never", {"kind": "case.opened"})
        == "This cannot be undone (opened). Write a note instead."
    )
    assert speak("event.case.put_aside", {"reason": "next_taken"}) == "Put aside: next one taken"
    assert speak("event.clock.paused", {"reason": "courier"}) == "Clock stopped: waiting for the courier"
    assert speak("event.refund.held", {"amount_fen": 100, "method": PaymentMethod.ALIPAY}) == (
        "Refund 1.00 Alipay"
    )


def test_words_of_the_content_come_first() -> None:
    words = {"order.status": "Order status", "clock.refund_review": "Refund review"}
    assert "(Order status)" not in speak_error(FactsMoved(("order.status",)), words)
    assert "Order status" in speak_error(FactsMoved(("order.status",)), words)
    assert speak("clock.not_running", {"clock": "refund_review"}, words) == (
        "The clock Refund review does not run. Nothing was changed: read the case again."
    )


def test_lists_that_share_a_value_share_its_word() -> None:
    for name, lists in LISTS.items():
        for lang in LANGUAGES:
            set_language(lang)
            said: dict[str, str] = {}
            for kind in lists:
                for member in kind:
                    word = said.setdefault(member.value, label(member))
                    assert word == label(member), (name, member)


def test_the_chinese_of_refusals_never_calls_an_agent_as_it_calls_customers() -> None:
    polite = {code: said for code in MESSAGES if "您" in (said := translate("zh", MESSAGES[code]))}
    assert polite == {}
