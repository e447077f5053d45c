"""Every member of the closed lists has its own word in both languages."""

from collections.abc import Iterator
from enum import StrEnum

import pytest

from bdesk.i18n import LANGUAGES, set_language, translate
from bdesk.models import clock_kinds, kinds
from bdesk.models.clock_label_words import CLOCK_WORDS
from bdesk.models.kinds import CaseKind, Channel, Department
from bdesk.models.label_words import KIND_WORDS
from bdesk.models.labels import label, label_of


def _lists() -> list[type[StrEnum]]:
    return [
        value
        for module in (kinds, clock_kinds)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    ]


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    yield
    set_language(None)


@pytest.mark.parametrize("kind", _lists(), ids=lambda kind: kind.__name__)
def test_each_member_has_a_word_of_its_own_in_both_languages(kind: type[StrEnum]) -> None:
    words = {**KIND_WORDS, **CLOCK_WORDS}[kind]
    assert set(words) == {member.name for member in kind}
    for lang in LANGUAGES:
        set_language(lang)
        said = [label(member) for member in kind]
        assert len(set(said)) == len(said), said
        assert all(text.strip() for text in said)


@pytest.mark.parametrize("kind", _lists(), ids=lambda kind: kind.__name__)
def test_the_chinese_is_chinese(kind: type[StrEnum]) -> None:
    for msgid in {**KIND_WORDS, **CLOCK_WORDS}[kind].values():
        said = translate("zh", msgid)
        assert said == "VIP" or any("\u4e00" <= char <= "\u9fff" for char in said), msgid


def test_words_are_those_of_the_desk() -> None:
    set_language("zh")
    kinds_said = [label(kind) for kind in (CaseKind.REFUND, CaseKind.SHIPMENT_DELAY, CaseKind.UNFREEZE)]
    assert kinds_said == ["退款", "未发货", "解冻"]
    assert label_of(Channel, "hotline") == "热线"
    # Two lists share the value "risk"; each has its own word.
    assert (label(kinds.PaymentFailure.RISK), label(Department.RISK)) == ("风控拦截", "风控")


def test_an_unknown_code_comes_back_as_it_is() -> None:
    assert label_of(Channel, "pigeon") == "pigeon"


class Strange(StrEnum):
    ODD = "odd"


def test_a_list_without_words_shows_its_values() -> None:
    assert label(Strange.ODD) == "odd"
