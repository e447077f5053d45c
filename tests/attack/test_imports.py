"""Files that would make a guard forget."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bdesk.clock import to_iso
from bdesk.models.tables import Customer
from bdesk.operations.importing.upsert import Pace, run_import
from tests.builders import T0
from tests.operations.desk import Desk

Bring = Callable[..., None]


@pytest.fixture
def bring(chief: Desk, tmp_path: Path) -> Bring:
    def run(kind: str, *rows: dict[str, object]) -> None:
        path = tmp_path / "rows.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        refused: list[object] = []
        run_import(chief.ctx, kind, path, on_reject=refused.append, pace=Pace(rest=0))
        assert refused == []

    return run


@pytest.mark.parametrize("emptied", [{"phone": "15400002222"}, {"email": "b@example.com"}])
def test_a_new_contact_is_guarded_though_the_file_empties_the_guard(
    chief: Desk, bring: Bring, emptied: dict[str, object]
) -> None:
    """B0.4: a code goes to the old contact for seven days after a change."""
    known = {"account": "a1", "name": "张三", "phone": "15400001111", "email": "a@example.com"}
    bring("customers", {**known, "as_of": to_iso(T0.replace(hour=0))})
    later = {"contact_changed_at": None, "previous_phone": None, "as_of": to_iso(T0.replace(hour=1))}
    bring("customers", {**known, **emptied, **later})
    (row,) = chief.rows(Customer)
    assert row.contact_changed_at == T0.replace(hour=1)
    assert row.previous_phone == ("15400001111" if "phone" in emptied else None)
