"""A whole run: who may, what is journalled, and what is left when it is killed in the middle."""

import json
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from bdesk.data.store import open_store
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import Role
from bdesk.models.tables import Product
from bdesk.operations.importing.upsert import Pace, run_import
from tests.builders import context
from tests.operations.importing.firm import QUICK, Firm, at, make_firm

pytestmark = pytest.mark.usefixtures("book_at_hand")

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = make_firm(tmp_path)
    yield made
    made.store.close()


def product(number: int, **more: object) -> dict[str, object]:
    return {"sku": f"K{number}", "name": "壶", "as_of": at(2)} | more


def test_a_run_is_journalled_with_counts_and_the_digest_of_its_file(firm: Firm) -> None:
    done = firm.bring("products", product(1), product(2), "{")
    start, end = firm.events("import.run")
    assert start.payload == {
        "phase": "start",
        "kind": "products",
        "digest": done.digest,
        "bytes": start.payload["bytes"],
    }
    assert end.payload == {
        "phase": "end", "run": start.id, "kind": "products", "digest": done.digest,
        "rows": 3, "added": 2, "changed": 0, "unchanged": 0, "rejected": 1,
    }  # fmt: skip
    assert [one.payload["key"] for one in firm.events("import.row")] == ["K1", "K2"]
    assert {one.actor for one in firm.events("import.run")} == {"9001"}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_only_administrators_import(tmp_path: Path, role: Role) -> None:
    firm = make_firm(tmp_path, role)
    with pytest.raises(NotAllowed, match=r"role\.cannot_import"):
        firm.bring("products", product(1))
    assert firm.events("import.run") == []
    firm.store.close()


def test_a_wrong_file_writes_nothing(firm: Firm) -> None:
    with pytest.raises(BadInput, match=r"import\.column"):
        firm.bring("products", product(1), product(2, prize=1))
    with pytest.raises(BadInput, match=r"import\.kind"):
        firm.bring("parcels", product(1))
    assert firm.all(Product) == []
    assert firm.events("import.run") == []


def test_chunks_end_by_rows_and_by_time(firm: Firm) -> None:
    rows = [product(number) for number in range(7)]
    for pace in (Pace(rows=2, rest=0), Pace(rows=500, seconds=0, rest=0)):
        assert firm.bring("products", *rows, pace=pace).rows == 7
    assert [row.sku for row in firm.all(Product)] == [f"K{number}" for number in range(7)]
    assert firm.sound()


def test_every_byte_is_told_of(firm: Firm) -> None:
    path = firm.write([product(1), "{", product(2)])
    seen: list[tuple[int, int]] = []
    run_import(
        firm.ctx,
        "products",
        path,
        on_reject=lambda _: None,
        on_bytes=lambda *both: seen.append(both),
        pace=QUICK,
    )
    size = path.stat().st_size
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (size, size)
    assert len(seen) == 3


def test_the_file_costs_no_memory(firm: Firm) -> None:
    """Twenty thousand lines, most of them bad so that it does not take a minute: what is held is a chunk."""

    def peak(count: int) -> int:
        good = json.dumps(product(1, category="x" * 32))
        path = firm.write([good if number % 20 == 0 else "{" + "x" * 80 for number in range(count)])
        tracemalloc.start()
        done = run_import(
            firm.ctx, "products", path, on_reject=lambda _: None, pace=Pace(rows=200, seconds=9, rest=0)
        )
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (done.rows, done.rejected) == (count, count - count // 20)
        return used

    few = peak(1000)
    assert peak(20_000) < few + 1_500_000


KILLED = """
import sys
from pathlib import Path
from bdesk.data.book.book import load_book
from bdesk.data.store import open_store
from bdesk.operations.context import Context
from bdesk.operations.importing.upsert import Pace, run_import
from bdesk.operations.staff.people import find_actor
store = open_store(sys.argv[1])
ctx = Context(store, load_book(), find_actor(store, "9001"))
def tell(done, size):
    print(done, flush=True)
run_import(ctx, "orders", Path(sys.argv[2]), on_reject=print, on_bytes=tell, pace=Pace(rows=5, rest=0.05))
"""


def test_killed_in_the_middle_and_run_again(firm: Firm, tmp_path: Path) -> None:
    from bdesk.models.tables import Order
    from tests.operations.importing.firm import order

    # The killed process has the host's own clock, which may stand before the samples' day.
    when = {"as_of": "2020-01-01T00:00:00+08:00", "placed_at": "2019-12-30T00:00:00+08:00"}
    path = firm.write([order(f"BT20261114{number:06d}", **when) for number in range(60)], "orders.jsonl")
    url = firm.store.url
    firm.store.close()
    script = [sys.executable, "-c", KILLED, url, str(path)]
    with subprocess.Popen(script, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as run:
        assert run.stdout is not None
        for _ in range(12):
            assert run.stdout.readline()
        run.send_signal(signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL
    firm.ctx = context(open_store(url), firm.ctx.actor)
    kept = len(firm.all(Order))
    assert 10 <= kept < 60
    assert firm.sound()
    assert [one.payload["phase"] for one in firm.events("import.run")] == ["start"]
    done = firm.file("orders", path)
    assert (done.added, done.unchanged, done.rejected) == (60 - kept, kept, 0)
    assert len(firm.all(Order)) == 60
    assert firm.sound()
