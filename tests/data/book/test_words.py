"""The words of procedures: short enough for 80 columns, natural, in both languages, and never banned."""

import re
from collections.abc import Iterator

import pytest

from bdesk.data.book import loader
from bdesk.rules.walk.elements import elements
from bdesk.rules.walk.model import Option, Procedure, Step
from bdesk.rules.walk.values import Text
from bdesk.rules.walk.words import PLACE
from bdesk.screens.case.form import MOST_LABEL
from bdesk.widgets.cells import width

LABEL = 34
"""Cells of a numbered answer beside its digit in a pane of 50 or on a screen of 80 columns."""
TITLE = 20
FIELD = 16
WHY = 44
LONG = frozenset(
    {"assess/decide.approve", "assess/decide.finance", "assess/approved.refund", "other_target/pay.refund"}
)
"""Outcomes that move money say amount, path and letter; they have two lines (UX 5)."""


def procedures() -> list[Procedure]:
    return list(loader.procedures())


def steps() -> Iterator[tuple[str, Step]]:
    for one in procedures():
        for step in one.steps:
            yield f"{one.code}: {step.id}", step


def options() -> Iterator[tuple[str, Option]]:
    for where, step in steps():
        for option in step.options:
            yield f"{where}.{option.code}", option


def plain(text: str) -> str:
    """With the places taken by something of the usual length."""
    return PLACE.sub("12345678", text)


def wide(where: str, text: Text, most: int) -> list[str]:
    return [
        f"{where} {lang} {width(plain(words))}: {words}"
        for lang, words in (("zh", text.zh), ("en", text.en))
        if width(plain(words)) > most
    ]


def test_labels_fit_beside_their_digit() -> None:
    found = [
        line
        for where, option in options()
        if where.partition(": ")[2] not in LONG
        for line in wide(where, option.label, LABEL)
    ]
    assert found == []


def test_titles_fit_the_stepper() -> None:
    assert [line for where, step in steps() for line in wide(where, Text(step.title.zh, ""), TITLE)] == []
    assert [line for where, step in steps() for line in wide(where, Text("", step.title.en), LABEL)] == []
    for one in procedures():
        assert [line for stage in one.stages for line in wide(one.code, stage, FIELD)] == []


def test_fields_and_reasons_are_short() -> None:
    for where, step in steps():
        for capture in step.captures:
            assert wide(f"{where}.{capture.name}", Text(capture.label.zh, ""), FIELD) == []
            assert wide(f"{where}.{capture.name}", Text("", capture.label.en), MOST_LABEL - 2) == []
    found = [line for where, option in options() if option.why for line in wide(where, option.why, WHY)]
    assert found == []


def test_nothing_banned_is_said_or_written() -> None:
    for one in procedures():
        for element in elements(one):
            for text in element.texts:
                assert not any(phrase in text.zh for phrase in loader.BANNED), element.where


def test_customers_are_addressed_and_agents_are_not() -> None:
    """您 belongs to what a customer hears or reads; a label, a title or a reason speaks to the agent."""
    for where, step in steps():
        assert "您" not in step.title.zh, where
        for capture in step.captures:
            assert "您" not in capture.label.zh, where
    for where, option in options():
        assert "您" not in option.label.zh, where
        assert option.why is None or "您" not in option.why.zh, where
    for where, step in steps():
        if step.say is not None:
            assert not re.search(r"(?<!其)你", step.say.zh), where


@pytest.mark.parametrize("sign", ["——", "…"])
def test_chinese_is_written_with_plain_signs(sign: str) -> None:
    for where, step in steps():
        assert sign not in step.title.zh, where
        for option in step.options:
            assert sign not in option.label.zh, where


def test_scripts_are_said_in_one_breath() -> None:
    """Four lines of 50 cells at most: what is longer is not read out but skipped."""
    found = [line for where, step in steps() if step.say for line in wide(where, Text(step.say.zh, ""), 200)]
    found += [line for where, step in steps() if step.say for line in wide(where, Text("", step.say.en), 300)]
    assert found == []
