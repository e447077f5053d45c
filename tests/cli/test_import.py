"""`bdesk import`: the reject file, exit codes, who may, and the columns in the documentation."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bdesk.cli import main
from bdesk.cli.importing import RejectFile
from bdesk.errors import BadInput, DeskError
from bdesk.i18n import set_language
from bdesk.models.kinds import Role
from bdesk.operations.importing.columns import Shape
from bdesk.operations.importing.upsert import KINDS, Reject
from tests.builders import make_store, person

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2020-11-18T09:00+08:00"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A training store, where --as is enough, with an administrator 9001 and an agent 1001."""
    store = make_store(tmp_path, training=True)
    person(store, "9001", Role.ADMIN)
    person(store, "1001")
    store.close()
    monkeypatch.setenv("BDESK_STORE", store.url)
    monkeypatch.setenv("BDESK_AS", "9001")
    yield tmp_path


def product(sku: str, **more: Any) -> str:
    return json.dumps({"sku": sku, "name": "壶", "as_of": AS_OF} | more, ensure_ascii=False) + "\n"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["import", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_counts_for_people_and_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "p.jsonl"
    path.write_text(product("K1") + product("K2"))
    code, out, err = run(capsys, "products", str(path))
    assert (code, err) == (0, "")
    assert out == "2 rows: 2 added, 0 changed, 0 unchanged, 0 rejected.\n"
    code, out, _ = run(capsys, "products", str(path), "--json")
    document = json.loads(out)
    assert document["rejects"] is None
    assert (document["import"]["unchanged"], document["import"]["rows"]) == (2, 2)
    assert sorted(one.name for one in folder.glob("p.*")) == ["p.jsonl"]


def test_bad_rows_land_in_the_reject_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "p.jsonl"
    path.write_text(product("K1") + "{\n" + product("K2", price_fen="12.80") + product("K3"))
    code, out, err = run(capsys, "products", str(path))
    rejects = folder / "p.jsonl.rejects.jsonl"
    assert (code, err) == (1, "")
    assert out.splitlines()[0] == "4 rows: 2 added, 0 changed, 0 unchanged, 2 rejected."
    assert str(rejects) in out
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    first, second = map(json.loads, rejects.read_text().splitlines())
    assert (first["line"], first["code"], first["row"]) == (2, "import.json", "{")
    assert (second["line"], second["code"]) == (3, "import.fen")
    assert second["words"] == "price_fen must be whole fen, such as 12800 for 128.00, not 12.80"
    assert second["row"]["sku"] == "K2"
    path.write_text(product("K1"))
    assert run(capsys, "products", str(path))[0] == 0
    assert not rejects.exists()


def test_a_reject_file_elsewhere_never_costs_another_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, other = folder / "p.jsonl", folder / "other.txt"
    path.write_text(product("K1") + "{\n")
    assert run(capsys, "products", str(path), "--rejects", str(folder / "r"))[0] == 1
    assert json.loads((folder / "r").read_text())["line"] == 2
    other.write_text("dear diary")
    for place in (other, path):
        code, _, err = run(capsys, "products", str(path), "--rejects", str(place))
        assert (code, err.count("\n")) == (2, 1)
        assert "would be lost" in err
    assert other.read_text() == "dear diary"
    assert path.read_text().count("\n") == 2


def test_a_reject_file_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("x")
    with RejectFile(tmp_path / "none" / "r", tmp_path / "in.jsonl") as refused:
        with pytest.raises(DeskError) as caught:
            refused.add(Reject(1, BadInput("import.utf8"), "x"))
        assert caught.value.code == "import.rejects_unwritable"


def test_a_reject_keeps_whatever_the_row_was(tmp_path: Path) -> None:
    with RejectFile(tmp_path / "r", tmp_path / "in.jsonl") as refused:
        refused.add(Reject(1, BadInput("import.utf8"), "\udce9\x1b]2;x"))
    assert json.loads((tmp_path / "r").read_text())["row"].endswith("\x1b]2;x")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("parcels", "p.jsonl"), 2, "There is no import of parcels."),
        (("orders", "p.csv"), 2, "write p.csv as JSON Lines"),
        (("products", "none.jsonl"), 2, "cannot be read: there is no such file"),
        (
            ("products", "wrong.jsonl"),
            2,
            "wrong.jsonl, line 1: products have no column prize. Known: sku, name",
        ),
        (("products", "p.jsonl", "--as", "1001"), 1, "you are signed in as agent"),
        (("products", "p.jsonl", "--as", "9"), 1, "Nobody with the number 9 works here."),
        (("products",), 2, "FILE is missing"),
    ],
)
def test_refusals_are_one_line(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(folder)
    (folder / "p.jsonl").write_text(product("K1"))
    (folder / "wrong.jsonl").write_text(product("K1", prize=1))
    (folder / "p.csv").write_text("order_no\n1\n")
    found, out, err = run(capsys, *arguments)
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert said in err


def test_refusals_in_chinese(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "p.jsonl").write_text("{\n")
    set_language("zh")
    assert "拒收 1" in run(capsys, "products", str(folder / "p.jsonl"))[1]
    assert "不是 JSON" in (folder / "p.jsonl.rejects.jsonl").read_text()


def test_no_store_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run(capsys, "orders", str(tmp_path / "x.jsonl"))
    assert (code, out, err.count("\n")) == (1, "", 1)


def test_every_column_is_documented() -> None:
    text = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    sections = {part.lstrip("# ").split()[0]: part for part in text.split("\n#")[1:]}

    def check(shape: Shape) -> None:
        for column in shape.columns:
            assert f"| `{column.name}` |" in sections[shape.name], (shape.name, column.name)
            if column.nested is not None and column.name != "customer":
                check(column.nested)

    for kind in KINDS.values():
        check(kind.shape)


def test_the_samples_are_moved_to_the_present(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = [sys.executable, str(ROOT / "samples" / "fresh.py"), str(folder / "s")]
    moved = [*script, "--to", "2026-11-18T09:00+08:00"]
    made = subprocess.run(moved, capture_output=True, text=True, check=True).stdout.splitlines()
    assert sorted(os.path.basename(one) for one in made) == [
        "cases.jsonl",
        "customers.jsonl",
        "orders.jsonl",
        "products.csv",
        "wallets.jsonl",
    ]
    case = json.loads((folder / "s" / "cases.jsonl").read_text().splitlines()[0])
    assert case["received_at"] == "2026-11-18T06:00:00+08:00"
    assert case["order_no"] == "BT20261114000101"
    for kind in ("customers", "products", "orders", "wallets", "cases"):
        (path,) = (folder / "s").glob(f"{kind}.*")
        assert run(capsys, kind, str(path))[0] == 0
    naive = subprocess.run([*script, "--to", "2026-11-18T09:00"], capture_output=True, text=True)
    assert naive.returncode == 2
    assert "needs an offset" in naive.stderr
