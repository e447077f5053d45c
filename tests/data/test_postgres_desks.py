"""Desks that share a PostgreSQL store: one time for all, and one count of wrong passwords."""

from datetime import timedelta

import pytest

from bdesk.clock import LOCAL, SystemClock
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, Role
from bdesk.operations import revealing, standing_in
from bdesk.operations.roles import role_now
from bdesk.operations.supervising.kinds import set_kind
from tests.builders import context, customer, open_case, person
from tests.data.test_postgres import server, store, url

__all__ = ["server", "store", "url"]


@pytest.mark.parametrize("days", [7, -7])
def test_a_stand_in_holds_by_the_server_s_time_and_not_by_the_workstation_s(
    store: Store, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    admin, senior = context(store, person(store, "9001", Role.ADMIN)), person(store, "1101", Role.SENIOR)
    ctx, buyer = context(store, senior), customer(store)
    day = store.now().astimezone(LOCAL).date() + timedelta(days=max(days, 0))
    number = standing_in.name(admin, "1101", Role.SUPERVISOR, day, day)
    case_id = open_case(store, kind=CaseKind.CONSULTATION, customer_id=buyer, received_at=store.now())
    real = SystemClock.now
    monkeypatch.setattr(SystemClock, "now", lambda self: real(self) + timedelta(days=days))
    if days < 0:
        # A clock that is behind takes nobody's role away either.
        assert role_now(ctx) is Role.SUPERVISOR
        standing_in.end(admin, number)
    assert role_now(ctx) is Role.SENIOR
    with pytest.raises(NotAllowed, match=r"role\.cannot_reveal"):
        revealing.reveal(ctx, buyer, "call_back")
    with pytest.raises(NotAllowed, match=r"role\.cannot_supervise"):
        set_kind(ctx, case_id, CaseKind.FEEDBACK, "其实是反馈")
