"""Own files of the book, and the cache of what was read from them."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from bdesk import paths
from bdesk.data.book import files, shelf
from bdesk.data.book.files import Source, plain
from bdesk.data.book.policies import packaged_limits_text, parse_limits
from bdesk.data.book.yamltext import BadBook

LEVELS = "abcdefghij"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in pairwise(LEVELS)
)


@pytest.mark.parametrize("text", [BOMB, "a: &a\n  b: *a\n", "[" * 5000, "a: [" * 2000])
def test_a_bomb_is_refused_in_its_place(text: str) -> None:
    with pytest.raises(BadBook) as refused:
        plain(Source("bomb.yaml", text))
    assert refused.value.params["file"] == "bomb.yaml"
    with pytest.raises(BadBook):
        parse_limits(text, "limits.yaml")


def test_a_tag_makes_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    found = plain(Source("tag.yaml", f"a: !!python/object/apply:os.system ['touch {mark}']\n"))
    assert found == {"a": [f"touch {mark}"]}
    assert not mark.exists()


def test_a_file_without_end_is_not_read(own_home: Path) -> None:
    folder = own_home / "book" / "policies"
    folder.mkdir(parents=True)
    (folder / "limits.yaml").write_text("# " + "x" * 3_000_000 + "\n" + packaged_limits_text(), "utf-8")
    with pytest.raises(Exception, match=r"book\.unreadable"):
        files.read(folder / "limits.yaml")


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_cache_that_others_can_write_is_not_believed(own_home: Path, mode: int) -> None:
    """Whoever writes there would set everybody's limits."""
    shelf.put("name", {"limits": "mine"})
    assert shelf.take("name") == {"limits": "mine"}
    folder = paths.home() / "cache" / "book"
    os.chmod(folder, mode)
    assert shelf.take("name") is None
    source = Source("x.yaml", "a: 1\n")
    files.forget()
    plain(source)
    files.forget()
    for kept in folder.glob("*.json"):
        kept.write_text('{"a": 2}', "utf-8")
    assert plain(source) == {"a": 1}


def test_a_cache_that_is_a_link_is_not_followed(own_home: Path, tmp_path: Path) -> None:
    (paths.home() / "cache").mkdir(mode=0o700)
    (tmp_path / "theirs").mkdir()
    (paths.home() / "cache" / "book").symlink_to(tmp_path / "theirs")
    shelf.put("name", {"limits": "mine"})
    assert list((tmp_path / "theirs").iterdir()) == []
    assert shelf.take("name") is None
