"""A book of one's own that cannot be read: the desk stays, and says in the case's place what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bdesk import i18n, paths
from bdesk.data.book.late import late_book
from bdesk.data.store import Store
from bdesk.operations.queue import claim
from bdesk.screens.case.screen import CaseScreen
from tests.builders import context, customer, make_store, open_case, order, person
from tests.screens.desks import at_desk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    i18n.set_language("en")
    with make_store(tmp_path) as made:
        yield made


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_case_says_what_is_wrong_with_the_book(store: Store, size: tuple[int, int]) -> None:
    agent = person(store, "1001")
    case_id = open_case(store, order_id=order(store, customer(store)).id)
    claim(context(store, agent), case_id)
    own = paths.book_dir() / "procedures"
    own.mkdir(parents=True)
    broken = own / "refund.yaml"
    broken.write_text("code: refund\nsteps: [\n  - {id: a", "utf-8")
    async with at_desk(store, agent, size=size, book=late_book()) as desk:
        await desk.driver.press("enter")
        assert desk.on(CaseScreen)
        # Where its line breaks is up to how long the path is.
        said = "".join(desk.driver.screen_text().split())
        assert "refund.yaml,line3,column3" in said and "Correctitthere" in said
        desk.driver.widths_ok()
        broken.unlink()
        await desk.driver.press("f2", "enter")
        desk.driver.shows_not("refund.yaml").shows("All of it, or part?")
