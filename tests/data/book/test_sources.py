"""The documented facts: all there, well formed, in both languages, and faults told by their place."""

import re
from collections import Counter

import pytest

from bdesk.data.book.sources import (
    load_contradictions,
    load_facts,
    load_sections,
    parse_contradictions,
    parse_section,
)
from bdesk.data.book.yamltext import BadBook

# Lines of each published text; a source beyond them would point at nothing.
LINES = {"S0": 35, "S1": 79, "S2": 78, "S3": 68}

# Facts per section, counted by hand.
SECTIONS = {
    "RF": (1, "refund", 13),
    "WR": (2, "wallet_refund", 10),
    "SD": (3, "shipment_delay", 13),
    "PF": (4, "payment_failure", 5),
    "AP": (5, "appeal", 40),
    "WU": (6, "unfreeze", 7),
    "LG": (7, "login", 3),
    "WS": (8, "wallet_limits", 12),
    "AS": (9, "after_sale", 36),
    "CP": (10, "complaint", 7),
    "AC": (11, "account_change", 11),
    "CR": (12, "records", 9),
    "FB": (13, "feedback", 10),
    "CH": (14, "channels", 29),
    "TR": (15, "progress", 6),
    "PL": (16, "platform", 9),
}

# Lines of the texts that hold a rule; each is cited by at least one fact, and no other line is.
RULE_LINES = {
    "S0": set(range(1, 35)),
    "S1": {1, 5, 7, *range(13, 17), 18, 22, 24, 28, *range(30, 33), 34, 42, 44, *range(50, 54), 55,
           *range(61, 65), 66, 70, *range(72, 76)},
    "S2": {1, 5, 7, *range(15, 21), *range(26, 31), 40, 42, *range(48, 52), *range(57, 61),
           *range(66, 71), 74, 76},
    "S3": {5, 9, *range(11, 15), 16, 20, 28, 30, 32, 34, 38, 40, 42, 44, 48, 50, 52, 54, 60, 62, 64, 68},
}  # fmt: skip

HAN = re.compile("[\u4e00-\u9fff]")

GOOD = """\
section: 1
prefix: RF
area: refund
title: {zh: 退款, en: Refund}
facts:
  - id: RF-01
    source: "S0:12"
    kind: rule
    zh: 原因
    en: Reason
    desk: Something
"""


def test_there_are_220_facts_with_unique_ids() -> None:
    ids = [fact.id for section in load_sections() for fact in section.facts]
    assert len(ids) == 220
    assert len(set(ids)) == 220
    assert list(load_facts()) == ids


def test_each_section_has_its_facts_numbered_without_a_gap() -> None:
    found = {s.prefix: (s.number, s.area, len(s.facts)) for s in load_sections()}
    assert found == SECTIONS
    for section in load_sections():
        expected = [f"{section.prefix}-{number:02d}" for number in range(1, len(section.facts) + 1)]
        assert [fact.id for fact in section.facts] == expected
        assert {(fact.section, fact.area) for fact in section.facts} == {(section.number, section.area)}


def test_sources_point_into_the_texts_and_every_line_with_a_rule_is_cited() -> None:
    cited: dict[str, set[int]] = {name: set() for name in LINES}
    for fact in load_facts().values():
        name, line = fact.source.split(":")
        assert 1 <= int(line) <= LINES[name], fact.id
        cited[name].add(int(line))
    assert cited == RULE_LINES


def test_both_languages_are_there_and_are_sentences() -> None:
    for fact in load_facts().values():
        assert HAN.search(fact.zh), fact.id
        assert fact.zh.endswith("。"), fact.id
        assert not HAN.search(fact.en.replace("B特派", "")), fact.id
        assert fact.en.endswith("."), fact.id
        assert fact.desk.endswith(".") and not HAN.search(fact.desk), fact.id
        assert len(fact.zh) <= 60 and len(fact.en) <= 120 and len(fact.desk) <= 120, fact.id


def test_no_two_facts_say_the_same() -> None:
    facts = load_facts().values()
    for texts in ([fact.zh for fact in facts], [fact.en for fact in facts]):
        assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_context_is_the_platform_section_and_declined_is_serving_by_tone() -> None:
    facts = load_facts().values()
    assert {fact.id for fact in facts if fact.context} == {f"PL-{n:02d}" for n in range(1, 10)}
    declined = [fact for fact in facts if fact.declined or fact.declined_zh]
    assert [fact.id for fact in declined] == ["AP-23"]
    assert "same rules" in str(declined[0].declined)
    assert HAN.search(str(declined[0].declined_zh))


@pytest.mark.parametrize(
    ("id_", "source", "kind"),
    [
        ("RF-08", "S0:16", "limit"),
        ("AS-08", "S1:22", "limit"),
        ("AP-19", "S2:40", "limit"),
        ("AS-25", "S1:53", "reject"),
        ("AP-18", "S2:30", "exception"),
        ("SD-03", "S0:19", "status"),
        ("WS-11", "S3:62", "exception"),
        ("CH-25", "S3:20", "data"),
    ],
)
def test_some_facts_by_hand(id_: str, source: str, kind: str) -> None:
    fact = load_facts()[id_]
    assert (fact.source, fact.kind) == (source, kind)


def test_kinds_that_procedures_must_fit_are_counted() -> None:
    kinds = Counter(fact.kind for fact in load_facts().values())
    assert {kind: kinds[kind] for kind in ("limit", "reject", "evidence", "exception", "data", "status")} == {
        "limit": 12, "reject": 5, "evidence": 10, "exception": 5, "data": 11, "status": 1,
    }  # fmt: skip


def test_contradictions_are_eighteen_and_name_known_facts() -> None:
    found = load_contradictions()
    assert [item.id for item in found] == [f"X{n}" for n in range(1, 19)]
    for item in found:
        assert set(item.facts) <= set(load_facts())
        assert HAN.search(item.tension_zh) and HAN.search(item.resolution_zh)
        assert item.tension_en.endswith(".") and item.resolution_en.endswith(".")


@pytest.mark.parametrize(
    ("old", "new", "line", "column"),
    [
        ("RF-01", "XX-01", 6, 5),
        ('"S0:12"', '"S4:12"', 7, 5),
        ('"S0:12"', '"S0:0"', 7, 5),
        ("kind: rule", "kind: rumour", 8, 5),
        ("zh: 原因", 'zh: " "', 9, 5),
        ("    en: Reason\n", "", 6, 5),
        ("desk:", "dask:", 6, 5),
        ("    desk: Something", "    desk: Something\n    zh: 又", 12, 5),
        ("area: refund", "area: refund: twice", 3, 13),
    ],
)
def test_a_fault_is_told_by_file_line_and_column(old: str, new: str, line: int, column: int) -> None:
    assert len(parse_section(GOOD, "own.yaml").facts) == 1
    assert old in GOOD
    with pytest.raises(BadBook) as caught:
        parse_section(GOOD.replace(old, new), "own.yaml")
    assert caught.value.params["file"] == "own.yaml"
    assert (caught.value.params["line"], caught.value.params["column"]) == (line, column)
    assert caught.value.code == "book.bad_file"


def test_a_fact_twice_is_refused_where_it_stands_again() -> None:
    again = GOOD + GOOD[GOOD.index("  - id") :]
    with pytest.raises(BadBook) as caught:
        parse_section(again, "own.yaml")
    assert (caught.value.params["line"], caught.value.params["what"]) == (12, "RF-01 stands twice")


def test_a_contradiction_of_an_unknown_fact_is_refused() -> None:
    text = (
        "contradictions:\n  - id: X1\n    facts: [RF-99]\n"
        "    tension: {zh: 甲, en: a}\n    resolution: {zh: 乙, en: b}\n"
    )
    with pytest.raises(BadBook) as caught:
        parse_contradictions(text, "x.yaml", {"RF-01"})
    assert (caught.value.params["line"], caught.value.params["column"]) == (3, 13)
    assert len(parse_contradictions(text, "x.yaml", {"RF-99"})) == 1
