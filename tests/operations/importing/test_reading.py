"""Files line by line: a bad line is that line's matter, a bad file stops before anything is written."""

import json
import tracemalloc
from pathlib import Path

import pytest

from bdesk.errors import BadInput
from bdesk.operations.importing import reading
from bdesk.operations.importing.products import SHAPE
from bdesk.operations.importing.reading import Form, inspect, rows

GOOD = '{"sku": "K1", "name": "壶", "as_of": "2026-11-18T09:00+08:00"}'


def of(folder: Path, content: str | bytes, name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def codes(path: Path, form: Form = Form.LINES) -> list[tuple[int, str | None]]:
    return [(row.line, row.problem.code if row.problem else None) for row in rows(path, form)]


def refused(path: Path, *, csv_allowed: bool = True) -> BadInput:
    with pytest.raises(BadInput) as caught:
        inspect(path, SHAPE, csv_allowed=csv_allowed)
    return caught.value


def test_broken_lines_are_told_apart_and_reading_goes_on(tmp_path: Path) -> None:
    lines = [b"\xef\xbb\xbf" + GOOD.encode(), b"", b"{", b'{"sku": "\xff"}', b"[1]", b"9" * 5000]
    lines += [b"[" * 100_000, GOOD.encode() + b"\r"]
    path = of(tmp_path, b"\n".join(lines))
    assert codes(path) == [
        (1, None),
        (3, "import.json"),
        (4, "import.utf8"),
        (5, "import.not_object"),
        (6, "import.json"),
        (7, "import.json"),
        (8, None),
    ]
    assert list(rows(path, Form.LINES))[-1].end == path.stat().st_size


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_LINE", 1000)
    path = of(tmp_path, '{"sku": "' + "x" * 5000 + '"}\n' + GOOD + "\n")
    found = list(rows(path, Form.LINES))
    assert [(row.line, row.problem.code if row.problem else None) for row in found] == [
        (1, "import.line"),
        (2, None),
    ]
    assert len(found[0].raw) == 200
    assert found[1].end == path.stat().st_size


def test_csv_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    text = 'sku,name\nK1,"two\nlines"\nK2,壶\nK3\nK4,"a"b\nK5,x\n'
    path = of(tmp_path, b"\xef\xbb\xbf" + text.encode(), "rows.csv")
    found = list(rows(path, Form.CSV))
    assert [(row.line, row.problem.code if row.problem else None) for row in found] == [
        (2, None),
        (4, None),
        (5, "import.cells"),
        (6, "import.csv"),
        (7, None),
    ]
    assert found[0].value == {"sku": "K1", "name": "two\nlines"}
    assert found[1].value == {"sku": "K2", "name": "壶"}


def test_a_quote_without_end_costs_only_its_own_rows(tmp_path: Path) -> None:
    filler = "".join(f"K{number},{'x' * 90}\n" for number in range(3000))
    path = of(tmp_path, f'sku,name\nK0,"open\n{filler}', "rows.csv")
    found = codes(path, Form.CSV)
    assert found[0] == (2, "import.csv")
    assert found[-1] == (3002, None)


def test_bytes_that_are_no_utf8_in_a_cell(tmp_path: Path) -> None:
    path = of(tmp_path, b"sku,name\nK1,\xb5\xe7\nK2,\xe5\xa3\xb6\n", "rows.csv")
    assert codes(path, Form.CSV) == [(2, "import.utf8"), (3, None)]


def test_the_file_as_a_whole(tmp_path: Path) -> None:
    path = of(tmp_path, GOOD + "\n{\n")
    source = inspect(path, SHAPE, csv_allowed=True)
    assert (source.form, source.size, source.rows) == (Form.LINES, path.stat().st_size, 2)
    assert len(source.digest) == 64


def test_a_column_nobody_knows_stops_the_file(tmp_path: Path) -> None:
    wrong = json.loads(GOOD) | {"price": "128.00"}
    error = refused(of(tmp_path, GOOD + "\n" + json.dumps(wrong)))
    assert error.code == "import.column"
    assert (error.params["line"], error.params["column"]) == (2, "price")
    assert "price_fen" in error.params["known"]  # type: ignore[operator]
    error = refused(of(tmp_path, "sku,name,price,as_of\n1,2,3,4\n", "rows.csv"))
    assert (error.params["line"], error.params["column"]) == (1, "price")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("rows.csv", "sku,name\nK1,a\n", "import.header"),
        ("rows.csv", "sku,sku,name,as_of\n1,2,3,4\n", "import.header_twice"),
        ("rows.csv", "sku,,name,as_of\n1,2,3,4\n", "import.header_twice"),
        ("rows.csv", "", "import.empty"),
        ("rows.jsonl", "\n\n", "import.empty"),
        ("rows.xlsx", "x", "import.suffix"),
        ("rows.jsonl", '{"sku": "壶"}\n'.encode("gb18030"), "import.encoding"),
    ],
)
def test_what_stops_a_file(tmp_path: Path, name: str, content: str | bytes, code: str) -> None:
    assert refused(of(tmp_path, content, name)).code == code


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.jsonl").params["reason"] == "no such file"
    (tmp_path / "folder.jsonl").mkdir()
    assert refused(tmp_path / "folder.jsonl").params["reason"] == "not a file"
    assert refused(of(tmp_path, "x", "rows.csv"), csv_allowed=False).code == "import.nested"


def test_reading_costs_the_same_memory_however_long_the_file(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = tmp_path / f"{count}.jsonl"
        with path.open("w") as file:
            for number in range(count):
                file.write(f'{{"sku": "K{number}", "name": "{"x" * 100}", "as_of": "2026-11-18T09:00Z"}}\n')
        tracemalloc.start()
        inspect(path, SHAPE, csv_allowed=True)
        for _ in rows(path, Form.LINES):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    # The digest reads blocks of a megabyte, whatever the file.
    assert peak(20_000) < peak(2_000) + 1_500_000
