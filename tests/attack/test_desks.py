"""An open desk: whose limits it shows."""

from pathlib import Path

from bdesk.data.store import Store
from tests.attack.test_limits import GENEROUS, own_limits
from tests.operations.desk import Desk
from tests.screens.desks import at_desk


async def test_a_desk_with_limits_of_its_own_says_whose_count(
    store: Store, desk: Desk, own_home: Path, tmp_path: Path
) -> None:
    own_limits(own_home, GENEROUS)
    async with at_desk(store, desk.ctx.actor, drafts=tmp_path / "drafts") as at:
        await at.driver.run(lambda: at.driver.app.run_worker(at.driver.app.sat_down()))
        await at.driver.idle()
        at.driver.shows("The limits on this machine are not the store's")
