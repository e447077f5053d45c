"""Files that would make a guard forget, or do alone what takes two."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.clock import LOCAL, to_iso
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import FreezeReason, FreezeSource, Role
from bdesk.models.tables import Customer, Freeze, Wallet
from bdesk.operations.importing.upsert import Pace, run_import
from bdesk.operations.staff import standing_in
from tests.builders import T0, clock_of, person
from tests.operations.desk import Desk
from tests.operations.frozen import freeze

Bring = Callable[..., list[str]]
KNOWN = {"account": "a1", "name": "张三", "phone": "15400001111", "email": "a@example.com"}


@pytest.fixture
def feed(store: Store) -> Desk:
    return Desk(store, person(store, "9001", Role.ADMIN))


@pytest.fixture
def bring(feed: Desk, tmp_path: Path) -> Bring:
    def run(kind: str, *rows: dict[str, object], by: Desk = feed) -> list[str]:
        path = tmp_path / "rows.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        refused: list[str] = []
        run_import(
            by.ctx, kind, path, on_reject=lambda one: refused.append(one.error.code), pace=Pace(rest=0)
        )
        return refused

    return run


def as_of(hour: int) -> str:
    return to_iso(T0.replace(hour=hour))


# Contacts (B0.4)


@pytest.mark.parametrize("emptied", [{"phone": "15400002222"}, {"email": "b@example.com"}])
@pytest.mark.parametrize("said", [None, "2020-01-01T00:00:00+08:00"])
def test_a_new_contact_is_guarded_from_now_whatever_the_file_says(
    feed: Desk, bring: Bring, emptied: dict[str, object], said: str | None
) -> None:
    """B0.4: a code goes to the old contact for seven days after a change."""
    bring("customers", {**KNOWN, "as_of": "2020-01-01T00:00:00+08:00"})
    later = {"contact_changed_at": said, "previous_phone": None, "as_of": "2020-01-02T00:00:00+08:00"}
    assert bring("customers", {**KNOWN, **emptied, **later}) == []
    (row,) = feed.rows(Customer)
    assert row.contact_changed_at == feed.ctx.now()
    assert row.previous_phone == ("15400001111" if "phone" in emptied else None)


@pytest.mark.parametrize("said", [None, "2020-01-01T00:00:00+08:00"])
def test_the_guard_is_not_lifted_by_a_later_file(feed: Desk, bring: Bring, said: str | None) -> None:
    bring("customers", {**KNOWN, "as_of": as_of(0)})
    changed = {**KNOWN, "phone": "15400002222"}
    bring("customers", {**changed, "as_of": as_of(1)})
    quiet = {**changed, "contact_changed_at": said, "previous_phone": "15400009999", "as_of": as_of(2)}
    assert bring("customers", quiet) == []
    (row,) = feed.rows(Customer)
    assert (row.contact_changed_at, row.previous_phone) == (feed.ctx.now(), "15400001111")


def test_the_old_phone_is_not_chosen_by_the_file_nor_by_changing_twice(feed: Desk, bring: Bring) -> None:
    bring("customers", {**KNOWN, "as_of": as_of(0)})
    bring("customers", {**KNOWN, "phone": "15400002222", "previous_phone": "15400009999", "as_of": as_of(1)})
    bring("customers", {**KNOWN, "phone": "15400003333", "as_of": as_of(2)})
    (row,) = feed.rows(Customer)
    assert (row.phone, row.previous_phone) == ("15400003333", "15400001111")
    clock_of(feed.store).move(timedelta(days=8))
    bring("customers", {**KNOWN, "phone": "15400004444", "as_of": as_of(3)})
    assert feed.rows(Customer)[0].previous_phone == "15400003333", "after the seven days the one before"


def test_a_file_names_no_old_phone_where_only_the_e_mail_changed(feed: Desk, bring: Bring) -> None:
    """Codes go to what was there before; a number that never was is none of that."""
    bring("customers", {**KNOWN, "as_of": as_of(0)})
    mine = {"previous_phone": "15400009999", "contact_changed_at": as_of(1)}
    bring("customers", {**KNOWN, **mine, "as_of": as_of(1)})
    bring("customers", {**KNOWN, **mine, "email": "b@example.com", "as_of": as_of(2)})
    bring("customers", {**KNOWN, **mine, "email": "b@example.com", "as_of": as_of(3)})
    (row,) = feed.rows(Customer)
    assert (row.previous_phone, row.previous_email) == (None, "a@example.com")


def test_a_first_phone_beside_an_e_mail_is_guarded(feed: Desk, bring: Bring) -> None:
    bring("customers", {**KNOWN, "phone": None, "as_of": as_of(0)})
    bring("customers", {**KNOWN, "as_of": as_of(1)})
    assert feed.rows(Customer)[0].contact_changed_at == feed.ctx.now()


# Wallets (B0.7: two people release, and nobody what an authority froze)


def held(feed: Desk, **what: FreezeReason | FreezeSource) -> tuple[dict[str, object], dict[str, object]]:
    """A frozen wallet and its freeze, as a file would say them."""
    freeze(feed.store, **what)  # type: ignore[arg-type]
    (wallet,), (one,) = feed.rows(Wallet), feed.rows(Freeze)
    (owner,) = feed.rows(Customer)
    row: dict[str, object] = {"wallet_no": wallet.wallet_no, "account": owner.account}
    row["as_of"] = to_iso(feed.ctx.now())
    return row, {"reason": one.reason, "source": one.source, "frozen_at": to_iso(one.frozen_at)}


JUDICIAL = {"reason": FreezeReason.JUDICIAL, "source": FreezeSource.JUDICIAL}
"""An authority's freeze."""


@pytest.mark.parametrize("what", [{}, JUDICIAL], ids=["system", "judicial"])
@pytest.mark.parametrize("state", ["normal", "limited", "closed", None])
def test_a_file_never_makes_a_held_wallet_looser(
    feed: Desk, bring: Bring, what: dict[str, FreezeReason | FreezeSource], state: str | None
) -> None:
    row, _one = held(feed, **what)
    assert bring("wallets", {**row, "state": state}) == ["import.frozen"]
    assert feed.rows(Wallet)[0].state == "frozen"


@pytest.mark.parametrize("what", [{}, JUDICIAL], ids=["system", "judicial"])
@pytest.mark.parametrize("more", [{"released_at": as_of(1)}, {"source": "user"}], ids=["end", "source"])
def test_a_file_never_ends_a_freeze_nor_makes_it_another_s(
    feed: Desk,
    bring: Bring,
    what: dict[str, FreezeReason | FreezeSource],
    more: dict[str, str],
) -> None:
    row, one = held(feed, **what)
    assert bring("wallets", {**row, "freezes": [{**one, **more}]}) == ["import.freeze_stays"]
    (stands,) = feed.rows(Freeze)
    assert (stands.released_at, stands.source) == (None, one["source"])
    assert feed.rows(Wallet)[0].state == "frozen"


def test_of_an_authority_s_freeze_nothing_is_corrected(feed: Desk, bring: Bring) -> None:
    row, one = held(feed, reason=FreezeReason.JUDICIAL, source=FreezeSource.JUDICIAL)
    assert bring("wallets", {**row, "freezes": [{**one, "amount_fen": 1}]}) == ["import.freeze_stays"]


def test_a_file_may_freeze(feed: Desk, bring: Bring) -> None:
    row, one = held(feed)
    more = {"reason": "judicial", "source": "judicial", "frozen_at": as_of(1)}
    assert bring("wallets", {**row, "state": "frozen", "freezes": [one, more]}) == []
    assert [each.source for each in feed.rows(Freeze)] == ["system", "judicial"]


def test_nobody_imports_by_standing_in(feed: Desk, store: Store, bring: Bring) -> None:
    senior, today = Desk(store, person(store, "1101", Role.SENIOR)), feed.ctx.now().astimezone(LOCAL).date()
    row, one = held(feed)
    for role in (Role.SUPERVISOR, Role.MANAGER):
        number = standing_in.name(feed.ctx, "1101", role, today, today)
        with pytest.raises(NotAllowed, match=r"role\.cannot_import"):
            bring("wallets", {**row, "state": "normal", "freezes": [one]}, by=senior)
        standing_in.end(feed.ctx, number)
