import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest

import bdesk
from bdesk.errors import BadInput, FactsMoved, NotFound
from bdesk.i18n import set_language
from bdesk.speech import MESSAGES, _merged, speak, speak_error

REFUSALS = {"DeskError", "NotAllowed", "StoreProblem", "BadInput"}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language(None)


class Channel(StrEnum):
    PHONE = "phone"


def test_a_refusal_is_said_in_both_languages() -> None:
    assert speak_error(NotFound("case", "KF1")) == "There is no case KF1. Check how it is written."
    set_language("zh")
    assert speak_error(NotFound("case", "KF1")) == "没有工单 KF1，请核对。"


def test_parameters_are_said_as_people_say_them() -> None:
    params = {
        "paid_fen": 231050,
        "due_at": datetime(2026, 9, 30, 8, 30, tzinfo=UTC),
        "left": timedelta(minutes=95),
        "soon": timedelta(minutes=5),
        "short": timedelta(seconds=54),
        "channel": Channel.PHONE,
        "what": ("a", "b"),
        "vip": True,
        "n": 3,
    }
    assert speak("unknown.code", params) == (
        "unknown.code (paid_fen 2,310.50, due_at 2026-09-30 16:30, left 1 h 35 min, soon 5 min, short 54 s, "
        "channel telephone, what a, b, vip yes, n 3)"
    )
    assert speak("unknown.code") == "unknown.code"


def test_a_refusal_in_a_refusal_is_spoken() -> None:
    problem = BadInput("settings.range", name="recall_seconds", low=0, high=60)
    error = BadInput("settings.bad", path="s.toml", line=3, problem=problem)
    assert speak_error(error) == "s.toml, line 3: recall_seconds must be a whole number from 0 to 60"


def test_a_missing_place_does_not_turn_a_refusal_into_a_crash() -> None:
    assert speak("not_found", {"kind": "case"}) == "not_found (kind case)"


def test_braces_and_escapes_in_a_value_do_no_harm() -> None:
    said = speak("not_found", {"kind": "case", "key": "{x}\x1b]2;y\n"})
    assert said == "There is no case {x}]2;y . Check how it is written."


def test_lists_are_joined_as_the_language_does() -> None:
    set_language("zh")
    assert "a、b" in speak_error(FactsMoved(("a", "b")))


def test_one_code_has_one_sentence() -> None:
    with pytest.raises(RuntimeError, match="x"):
        _merged([{"x": "one"}, {"x": "two"}])


def _codes() -> Iterator[tuple[str, str]]:
    package = Path(bdesk.__file__).parent
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, f"{path.relative_to(package)}:{node.lineno}"


def test_every_refusal_in_the_code_has_a_sentence() -> None:
    found = dict(_codes())
    assert "time.naive" in found
    assert [f"{where}: {code}" for code, where in found.items() if code not in MESSAGES] == []
