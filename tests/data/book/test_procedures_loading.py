"""Reading procedure files: what is wrong is told by file, line and column; what is right is read once."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bdesk.cli import main
from bdesk.data.book import files, loader
from bdesk.data.book.clocks import load_clocks
from bdesk.errors import BadInput, NotFound

pytestmark = pytest.mark.usefixtures("parsed")

SOUND = """\
procedure: mine
version: 1
kinds: [refund]
title: {zh: 我的, en: Mine}
stages: [{zh: 一, en: One}]
entry: one
steps:
  - id: one
    type: ask
    stage: 1
    title: {zh: 第一步, en: First}
    options:
      - {code: end, label: {zh: 完, en: End}, outcome: solved}
"""


def begin_anew() -> None:
    """As a process that has parsed nothing yet."""
    loader.forget()
    files.forget()


@pytest.fixture(autouse=True)
def fresh() -> None:
    loader.forget()


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("    type: ask", "    type: aks", 9, "type"),
        ("    title: {zh: 第一步, en: First}", "    title: {zh: 第一步}", 11, "en"),
        ("version: 1", "version: 1\nversion: 2", 3, "twice"),
        ("version: 1", "version: one", 2, "version"),
        ("    stage: 1", "    stage: 6", 10, "stage"),
        ("    stage: 1", "    stage: 1\n    colour: red", 11, "colour"),
        ("outcome: solved}", "outcome: solved, goto: one}", 13, "not both"),
        ("outcome: solved}", "outcome: solved, guard: {fact: order.known}}", 13, "op"),
        ("outcome: solved}", "outcome: solved", 13, ""),
        ("    type: ask", "    type: call\n    fragment: nowhere", 8, "unknown fragment"),
        ("    type: ask", "    type: call\n    fragment: closing", 8, "takes"),
        ("    type: ask", "    type: call\n    fragment: opening", 8, "exits"),
    ],
)
def test_a_fault_is_told_by_file_line_and_column(old: str, new: str, line: int, what: str) -> None:
    with pytest.raises(BadInput) as refused:
        loader.build_procedure(SOUND.replace(old, new), "mine.yaml")
    told = refused.value.params
    assert told["file"] == "mine.yaml"
    assert told["line"] in (line, line + 1)
    assert isinstance(told["column"], int)
    assert what in f"{told['where']} {told['what']}"
    assert "\n" not in str(told["what"])


def test_a_fragment_that_calls_itself_is_refused(own_home: Path) -> None:
    folder = own_home / "book" / "procedures"
    folder.mkdir(parents=True)
    (folder / "round.yaml").write_text(
        "fragment: round\ntitle: {zh: 转, en: Round}\nexits: []\nentry: a\n"
        "steps:\n  - {id: a, type: call, fragment: round}\n",
        "utf-8",
    )
    with pytest.raises(BadInput) as refused:
        loader.build_procedure(
            SOUND.replace("    type: ask", "    type: call\n    fragment: round"), "mine.yaml"
        )
    assert "calls itself" in str(refused.value.params["what"])


def test_yaml_1_2_keeps_words_and_times_as_they_are() -> None:
    made = loader.build_procedure(SOUND.replace("en: Mine", "en: on").replace("zh: 我的", "zh: 12:30"))
    assert (made.title.zh, made.title.en) == ("12:30", "on")


def test_a_second_reading_needs_no_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    begin_anew()
    first = loader.build_procedure(SOUND)

    def refuse(self: YAML, stream: object) -> object:
        raise AssertionError("parsed again")

    monkeypatch.setattr(YAML, "load", refuse)
    begin_anew()
    assert loader.build_procedure(SOUND) == first


def test_a_damaged_cache_is_read_past(own_home: Path) -> None:
    begin_anew()
    first = loader.build_procedure(SOUND)
    kept = list((own_home / "cache" / "book").glob("*.json"))
    assert kept
    for one in kept:
        one.write_text("{", "utf-8")
    begin_anew()
    assert loader.build_procedure(SOUND) == first


def test_an_own_file_stands_for_the_packaged_one(own_home: Path) -> None:
    folder = own_home / "book" / "procedures"
    folder.mkdir(parents=True)
    (folder / "general.yaml").write_text(SOUND.replace("procedure: mine", "procedure: general"), "utf-8")
    assert loader.procedure("general").title.en == "Mine"
    assert loader.procedure("refund").code == "refund"


def test_a_kept_text_walks_without_the_files_it_came_from() -> None:
    refund = loader.procedure("refund")
    again = loader.parse_text(loader.procedure_text("refund"))
    assert again.steps == refund.steps
    assert again.entry == refund.entry
    with pytest.raises(BadInput):
        loader.parse_text("{}")


def test_fragments_change_the_digest_of_who_calls_them(own_home: Path) -> None:
    before = loader.procedure("refund").digest
    found = next(one for one in files.sources("procedures") if one.name.endswith("closing.yaml"))
    folder = own_home / "book" / "procedures"
    folder.mkdir(parents=True)
    (folder / "closing.yaml").write_text(found.text + "\n# ours\n", "utf-8")
    loader.forget()
    assert loader.procedure("refund").digest != before


def test_the_packaged_book_has_no_fault() -> None:
    clocks = load_clocks().kinds
    for one in loader.procedures():
        assert loader.faults(one, clocks) == ()
        assert len(one.stages) <= 5


def test_every_step_says_how_long_it_takes_and_every_text_is_in_both_languages() -> None:
    for one in loader.procedures():
        for step in one.steps:
            if step.say is not None and step.type.value not in ("wait",):
                assert step.usual_seconds, step.id
            assert step.title.zh
            assert step.title.en


def test_no_field_can_hold_a_password_or_a_code() -> None:
    for one in loader.procedures():
        for step in one.steps:
            for capture in step.captures:
                assert not any(word in capture.label.zh for word in ("密码", "验证码", "卡号", "身份证"))


def test_a_hand_off_says_where_the_group_goes_on() -> None:
    """Kept texts of earlier versions may lack it and still walk; a file that is checked may not."""
    text = SOUND.replace("    type: ask", "    type: hand_off\n    group: payment").replace(
        "    options:\n      - {code: end, label: {zh: 完, en: End}, outcome: solved}\n", ""
    )
    made = loader.build_procedure(text)
    assert made.steps[0].options[0].outcome == "handed_off"
    assert "hand_off.ends" in [fault.code for fault in loader.faults(made, load_clocks().kinds)]


def test_unknown_procedures_are_not_found() -> None:
    with pytest.raises(NotFound):
        loader.procedure("nothing")


def test_every_refund_fact_is_realised_and_nothing_is_declared_twice() -> None:
    states = {one.id: one for one in loader.covered()}
    assert len(states) == 220
    assert all(states[f"RF-{n:02d}"].state.value == "step" for n in range(1, 14))
    for one in (
        "AS-15",
        "AS-16",
        "AS-17",
        "AS-18",
        "AS-21",
        "AS-22",
        "AS-23",
        "AS-24",
        "AS-25",
        "AS-26",
        "AS-34",
    ):
        assert states[one].state.value == "step", one
    assert states["AP-23"].state.value == "declined"


def test_the_command_line_lists_shows_checks_and_covers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {one["code"] for one in listed["procedures"]} >= {"refund", "general"}
    assert main(["procedure", "check"]) == 0
    capsys.readouterr()
    assert main(["procedure", "coverage", "--json"]) == 0
    covered = json.loads(capsys.readouterr().out)
    assert covered.keys() == {"facts", "contradictions"}
    assert all(one.keys() == {"id", "state", "elements"} for one in covered["facts"])
    assert all(isinstance(part, str) for one in covered["facts"] for part in one["elements"])
    assert main(["procedure", "show", "refund"]) == 0
    assert "assess/decide" in capsys.readouterr().out
    assert main(["procedure", "show", "refund", "--mermaid"]) == 0
    assert capsys.readouterr().out.startswith("flowchart TD")
    assert main(["procedure", "show", "nothing"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_check_tells_what_is_wrong_and_exits_with_one(
    own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = own_home / "book" / "procedures"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(SOUND.replace("outcome: solved", "outcome: exploded"), "utf-8")
    assert main(["procedure", "check", "mine"]) == 1
    assert "exploded" in capsys.readouterr().out
    (folder / "mine.yaml").write_text("procedure: [", "utf-8")
    begin_anew()
    assert main(["procedure", "check"]) == 2
    assert "mine.yaml" in capsys.readouterr().err


WAIT = SOUND.replace(
    "    type: ask",
    "    type: wait\n    waits_for: third_party\n    timers:\n      - {TIMER, do: goto, goto: one}",
)


@pytest.mark.parametrize(
    ("timer", "after", "code"),
    [
        ("after_days: 3", timedelta(days=3), "after_3_days"),
        ("after_minutes: 10", timedelta(minutes=10), "after_10_minutes"),
    ],
)
def test_a_timer_counts_days_or_minutes(timer: str, after: timedelta, code: str) -> None:
    made = loader.build_procedure(WAIT.replace("TIMER", timer), "mine.yaml")
    (found,) = made.step("one").timers
    assert (found.after, found.code) == (after, code)
    assert made.shortest_timer == after


@pytest.mark.parametrize(
    "timer", ["after_days: 1, after_minutes: 10", "after_minutes: 4", "after_minutes: 1441", "letter: N11"]
)
def test_a_timer_without_one_time_of_its_own_is_refused(timer: str) -> None:
    with pytest.raises(BadInput):
        loader.build_procedure(WAIT.replace("TIMER", timer), "mine.yaml")
