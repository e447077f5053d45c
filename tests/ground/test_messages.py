"""The catalogue against the code, and the tool that keeps it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import messages


def test_every_text_of_the_code_has_its_chinese_and_the_mo_matches() -> None:
    assert messages.faults() == []


SAID_TO_CUSTOMERS = {
    "A colleague has to review this, from {at} at the earliest; we will answer you at once after that.",
    "Now: {state}. You hear by {by}.",
    "waiting for your material",
}


def test_only_customers_are_called_as_customers_are() -> None:
    chinese = messages.pairs(messages.load())
    polite = {text for text in messages.used() if "您" in chinese.get(text, "")}
    assert polite <= SAID_TO_CUSTOMERS


def test_pairs_are_added_changed_and_compiled(tmp_path: Path) -> None:
    po = tmp_path / "zh" / "x.po"
    messages.add([("Take {n}", "接 {n}"), ("100% sure", "百分百确定")], po)
    messages.add([("Take {n}", "领 {n}")], po)
    assert messages.pairs(messages.load(po)) == {"Take {n}": "领 {n}", "100% sure": "百分百确定"}
    before = po.with_suffix(".mo").read_bytes()
    assert before == messages.compiled(messages.load(po))
    messages.add([("Take {n}", "领 {n}")], po)
    assert po.with_suffix(".mo").read_bytes() == before


@pytest.mark.parametrize(
    ("msgid", "msgstr"), [("Take {n}", "接 {m}"), ("Take {n}", "接"), ("Take", " "), ("Take {", "接 {")]
)
def test_a_wrong_pair_is_refused_and_nothing_is_written(tmp_path: Path, msgid: str, msgstr: str) -> None:
    po = tmp_path / "x.po"
    with pytest.raises(messages.Faults):
        messages.add([("Fine", "好"), (msgid, msgstr)], po)
    assert not po.exists()


def test_several_people_can_add_at_once(tmp_path: Path) -> None:
    po = tmp_path / "x.po"
    script = "import sys; from pathlib import Path; from tools import messages\n"
    script += "for n in range(8): messages.add([(f'{sys.argv[2]} {n}', '字')], Path(sys.argv[1]))"
    root = Path(messages.__file__).parent.parent
    people = [
        subprocess.Popen([sys.executable, "-c", script, str(po), name], cwd=root) for name in ("a", "b", "c")
    ]
    assert [person.wait() for person in people] == [0, 0, 0]
    assert len(messages.pairs(messages.load(po))) == 24


def test_extraction_finds_each_way_of_writing_a_text(tmp_path: Path) -> None:
    package = tmp_path / "bdesk"
    (package / "speech").mkdir(parents=True)
    (package / "a.py").write_text(
        "from bdesk import i18n\nx = _('one' ' two')\ny = N_('three')\nz = i18n._('four')\n"
        "w = translate('zh', 'five')\nv = _(variable)\nMESSAGES = {'a': 'not speech'}\n"
    )
    (package / "speech" / "case.py").write_text("MESSAGES: dict[str, str] = {'code': 'six {x}'}\n")
    assert set(messages.used(package)) == {"one two", "three", "four", "five", "six {x}"}


def test_a_text_that_is_put_together_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "bdesk"
    package.mkdir()
    (package / "a.py").write_text("x = _(f'{n} cases')\n")
    with pytest.raises(messages.Faults, match=r"a\.py:1"):
        messages.used(package)


def test_a_row_without_a_tab_is_named(tmp_path: Path) -> None:
    rows = tmp_path / "x.tsv"
    rows.write_text("# comment\nTake\t接\nTake 接\n", encoding="utf-8")
    with pytest.raises(messages.Faults, match="line 3"):
        messages.read_tsv(rows)
