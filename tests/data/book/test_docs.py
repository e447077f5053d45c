"""docs/procedures.md: every example in it loads, and the whole one is sound."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from bdesk.data.book import loader
from bdesk.data.book.clocks import load_clocks
from bdesk.data.book.schema import RawOpens, RawOption, RawTimer

PAGE = Path(__file__).parents[3] / "docs" / "procedures.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
PIECES: dict[str, TypeAdapter[Any]] = {
    "opens": TypeAdapter(list[RawOpens]),
    "options": TypeAdapter(list[RawOption]),
    "timers": TypeAdapter(list[RawTimer]),
}


def test_there_are_examples_of_everything() -> None:
    said = {key for text in EXAMPLES for key in YAML(typ="safe").load(text)}
    assert {"procedure", "letter", *PIECES} <= said


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.partition(":")[0])
def test_an_example_loads(text: str, own_home: Path) -> None:
    data = YAML(typ="safe").load(text)
    if "procedure" in data:
        made = loader.build_procedure(text, "procedures.md")
        assert loader.faults(made, load_clocks().kinds) == ()
        return
    if "letter" in data:
        folder = own_home / "book" / "letters"
        folder.mkdir(parents=True)
        (folder / "n18.yaml").write_text(text, "utf-8")
        assert loader.letters()["N18"].spec.slots
        assert loader.faults(loader.procedure("general"), load_clocks().kinds) == ()
        return
    for key, written in data.items():
        assert PIECES[key].validate_python(written)


def test_every_type_of_step_and_command_is_named() -> None:
    text = PAGE.read_text("utf-8")
    for word in ("ask", "decide", "look", "wait", "call", "hand_off", "convert"):
        assert f"`{word}`" in text
    for command in ("list", "show", "check", "coverage"):
        assert f"bdesk procedure {command}" in text
