"""A handful of whole screens, as text: what changes here is looked at by a person before it is kept.

`BDESK_KEEP_PICTURES=1 pytest tests/screens/test_pictures.py` writes them anew.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bdesk import i18n
from bdesk.data.store import Store, open_store
from bdesk.operations.staff.people import find_actor
from bdesk.training.report import Report
from bdesk.training.seed import seed_store
from tests.screens.desks import at_desk

pytestmark = pytest.mark.usefixtures("patient_hand")

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
KEPT = Path(__file__).parent / "pictures"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Report]:
    url = f"sqlite:///{tmp_path_factory.mktemp('pictures') / 'desk.db'}"
    return url, seed_store(url, size="demo", seed=1, now=NOW, rate=0)


@pytest.fixture
def store(seeded: tuple[str, Report]) -> Iterator[Store]:
    with open_store(seeded[0]) as opened:
        yield opened


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("keys", [(), ("5", "enter"), ("f1",)], ids=["queue", "case", "help"])
async def test_the_screen_is_as_it_was_looked_at(
    store: Store, size: tuple[int, int], language: str, keys: tuple[str, ...], request: pytest.FixtureRequest
) -> None:
    i18n.set_language(language)
    try:
        async with at_desk(store, find_actor(store, "1001"), size=size) as desk:
            await desk.driver.press(*keys)
            shown = desk.driver.widths_ok().screen_text() + "\n"
    finally:
        i18n.set_language("en")
    name = request.node.callspec.id.replace("-", "_")
    kept = KEPT / f"{name}.txt"
    if os.environ.get("BDESK_KEEP_PICTURES"):
        kept.write_text(shown, encoding="utf-8")
    assert shown == kept.read_text(encoding="utf-8"), f"{kept.name} has changed: look, then keep it anew"
