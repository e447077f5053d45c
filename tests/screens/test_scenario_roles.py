"""Whoever tries a scenario sits down in the role they ask for, and sees what that role sees."""

from pathlib import Path

import pytest

from bdesk.clock import FrozenClock
from bdesk.errors import NotAllowed
from bdesk.models.kinds import Role
from bdesk.models.tables import Case, Staff
from bdesk.operations.looking import supervision
from bdesk.operations.looking.queue import first_page, parse_filters
from bdesk.operations.staff.people import sign_in
from tests.builders import context
from tests.screens.scenario import Seeded, at_work, rows

SCENARIOS = ("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8")
ROLES = (Role.AGENT, Role.SENIOR, Role.SUPERVISOR, Role.MANAGER, Role.RISK)


@pytest.mark.parametrize("code", SCENARIOS)
def test_every_scenario_is_entered_in_every_role(
    seeded: Seeded, code: str, tmp_path: Path, host: FrozenClock
) -> None:
    made = seeded(code)
    with at_work(made, tmp_path, host) as store:
        assert store.info.scenario == code
        assert store.pace == (10 if code == "S8" else 1)
        for role in ROLES:
            first = next(one for one in rows(store, Staff, active=True) if one.role is role)
            actor = sign_in(store, first.number, made.password)
            ctx = context(store, actor)
            view = first_page(ctx, parse_filters("", lambda _word: None))
            assert view.sections
            if role is Role.AGENT:
                with pytest.raises(NotAllowed, match=r"role\.no_board"):
                    supervision.board(ctx)
                waiting = {row.case_id for row in (*view.rows["mine"], *view.rows["waiting"])}
                assert bool(waiting) == any(one.open for one in rows(store, Case)), "something to begin with"
            else:
                assert supervision.board(ctx).role is role
