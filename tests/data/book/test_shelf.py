"""The finished book on its shelf: read back as it was, without a parser, and never trusted when broken."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bdesk.data.book import files, shelf
from bdesk.data.book.book import Book, forget, load_book
from bdesk.data.book.codec import pack, unpack
from bdesk.data.book.reading import Late, from_plain, read_book, to_plain
from bdesk.models.kinds import CaseKind
from bdesk.rules.walk.model import Leaf, Op
from bdesk.rules.walk.values import Risk, Text


@pytest.fixture(autouse=True)
def fresh(parsed: None) -> None:
    """As on a machine whose texts were parsed once, and no book of them finished."""
    forget()


def begin_anew() -> None:
    """As a process that has read nothing yet."""
    forget()
    files.forget()


def kept(home: Path) -> list[Path]:
    return list((home / "cache" / "book").glob("*.book"))


def same(one: Book, other: Book) -> bool:
    return all(
        dict(getattr(one, name)) == dict(getattr(other, name))
        for name in ("procedures", "serving", "clock_kinds", "calendars", "letters", "fact_specs",
                     "effect_specs", "versions", "texts")
    ) and (one.limits, one.take_next) == (other.limits, other.take_next)  # fmt: skip


def test_a_kept_book_is_the_book_it_was_made_from() -> None:
    book = read_book()
    again = from_plain(json.loads(json.dumps(to_plain(book))))
    assert same(again, book)
    assert again.procedure_for(CaseKind.REFUND) is again.procedure("refund")
    assert again.calendars["hotline"] is again.calendars[f"hotline@{again.version('calendar', 'all')}"]


def test_a_second_start_parses_nothing(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_book()
    assert len(kept(own_home)) == 1

    def refuse(self: YAML, stream: object) -> object:
        raise AssertionError("parsed again")

    monkeypatch.setattr(YAML, "load", refuse)
    for one in (own_home / "cache" / "book").glob("*.json"):
        one.unlink()
    begin_anew()
    assert same(load_book(), first)


def test_a_second_start_loads_neither_parser_nor_schema(own_home: Path) -> None:
    load_book()
    code = (
        "import sys; from bdesk.data.book.book import load_book; load_book().procedure('refund');"
        "print([one for one in sys.modules if one.startswith('ruamel') or one.startswith('chinese')"
        " or one in ('bdesk.data.book.schema', 'bdesk.data.book.loader', 'bdesk.data.book.clocks')])"
    )
    env = {**os.environ, "BDESK_HOME": str(own_home)}
    told = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"\xff\xfe", b"0" * 64 + b"\n{}", b"null"],
    ids=["empty", "cut", "binary", "other digest", "nothing"],
)
def test_a_damaged_book_is_read_past(own_home: Path, damage: bytes) -> None:
    first = load_book()
    (path,) = kept(own_home)
    whole = path.read_bytes()
    path.write_bytes(damage)
    begin_anew()
    assert same(load_book(), first)
    assert path.read_bytes() == whole, "and put right"


def test_a_whole_book_of_another_shape_is_read_past(own_home: Path) -> None:
    first = load_book()
    shelf.put(shelf.key(), {"procedures": 3})
    begin_anew()
    assert same(load_book(), first)


def test_a_changed_text_is_another_book_and_few_are_kept(own_home: Path) -> None:
    folder = own_home / "book" / "letters"
    folder.mkdir(parents=True)
    packaged = Path(__file__).parents[3] / "bdesk" / "data" / "book" / "letters" / "n11.yaml"
    for number in range(6):
        (folder / "n11.yaml").write_text(packaged.read_text("utf-8") + f"# {number}\n", "utf-8")
        begin_anew()
        load_book()
    assert len(kept(own_home)) == shelf.KEPT[".book"]


def test_where_nothing_can_be_kept_the_book_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").write_text("in the way")
    monkeypatch.setenv("BDESK_HOME", str(tmp_path))
    assert load_book().procedure("refund").code == "refund"


def test_only_known_classes_are_made() -> None:
    with pytest.raises(TypeError):
        pack(object())
    for bad in ({"c": ["Path", {}]}, {"e": ["Role", "king"]}, {"x": 1}, {"c": 1}, {}):
        with pytest.raises((KeyError, TypeError, ValueError)):
            unpack(bad)


def test_values_come_back_as_they_were() -> None:
    for value in (
        None, True, 0, "", ("a", 1), frozenset({"b", "a"}), {"x": Risk.MONEY}, timedelta(days=2, seconds=5),
        Leaf("order.no", Op.IN, ("a", "b")), Text("甲", "a"),
    ):  # fmt: skip
        again = unpack(json.loads(json.dumps(pack(value))))
        assert again == value
        assert type(again) is type(value)


def test_a_late_value_is_made_once() -> None:
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    late: Late[object] = Late({"one": make})
    assert "one" in late
    assert list(late) == ["one"]
    assert made == []
    assert late["one"] is late["one"]
    assert len(made) == 1
    with pytest.raises(KeyError):
        late["two"]
