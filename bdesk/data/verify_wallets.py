"""Wallets, freezes and when contact data changed, against all that the journal says of them.

A freeze is put by an import or at a desk and released at another case, so what events of several streams say
is gathered while the journal is read, and compared once at its end. What no event speaks of cannot be
compared: the wallet side sees its own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import RowMapping, select
from sqlmodel import Session

from bdesk.clock import to_iso
from bdesk.data import journal
from bdesk.data.core import CUSTOMER, FREEZE, WALLET
from bdesk.models.kinds import FreezeReason, FreezeSource, Stream, WalletState
from bdesk.models.views.journal import Event
from bdesk.models.views.verdict import Fault

TOLD = "wallet"
"""What an `import.row` event says of a wallet: its state, and each freeze by number and digest."""

DIFFERS, CONTACT_DIFFERS = "wallet.differs", "contact.differs"

_SPEAK = frozenset({"wallet.frozen", "release.done"})
_CONTACTS = frozenset({"phone", "email"})


def freeze_digest(row: Mapping[str, object]) -> str:
    """One digest of what a freeze is and whether it is over, so that no journal says it in words."""
    over = row["released_at"]
    parts = (row["id"], row["reason"], row["source"], to_iso(over) if isinstance(over, datetime) else "")
    return journal.fingerprint("|".join(str(part) for part in parts))


@dataclass(slots=True)
class WalletRows:
    """What was said of wallets and of contacts, each with the place of the event that says it."""

    _said: list[tuple[Event, str, str]] = field(default_factory=list)
    _contacts: dict[int, tuple[Event, str]] = field(default_factory=dict)

    def of_case(self, case: str, events: Sequence[Event]) -> None:
        gone = journal.voided(events)
        for event in events:
            if event.id in gone:
                continue
            if event.kind in _SPEAK:
                self._said.append((event, Stream.CASE.value, case))
            elif event.kind == "account.changed" and event.payload.get("change") in _CONTACTS:
                customer = event.payload.get("customer")
                if isinstance(customer, int):
                    self._contacts[customer] = max(
                        (event, case), self._contacts.get(customer, (event, case)), key=lambda one: one[0].id
                    )

    def of_store(self, name: str, event: Event) -> None:
        if event.kind == "import.row" and TOLD in event.payload:
            self._said.append((event, Stream.STORE.value, name))

    def faults(self, session: Session) -> Iterator[Fault]:
        """Wallets and freezes other than was said last; contacts that changed later than their row has."""
        yield from self._of_wallets(session)
        kept = select(CUSTOMER.c.id, CUSTOMER.c.contact_changed_at).where(CUSTOMER.c.id.in_(self._contacts))
        rows = {row.id: row.contact_changed_at for row in session.execute(kept)} if self._contacts else {}
        for customer, (event, case) in sorted(self._contacts.items()):
            at = rows.get(customer)
            if at is None or at < event.recorded_at:
                yield Fault(Stream.CASE.value, case, event.sequence, event.id, CONTACT_DIFFERS)

    def _of_wallets(self, session: Session) -> Iterator[Fault]:
        if not self._said:
            return
        freezes = {row["id"]: row for row in session.execute(select(FREEZE)).mappings()}
        states = {row.id: row.state for row in session.execute(select(WALLET.c.id, WALLET.c.state))}
        holding: dict[int, tuple[tuple[Event, str, str], dict[str, object]]] = {}
        told: dict[int, tuple[tuple[Event, str, str], object]] = {}
        whole: dict[int, _Place] = {}
        for one in sorted(self._said, key=lambda each: each[0].id):
            try:
                _read(one, freezes, holding, told)
                if one[0].kind == "import.row":
                    whole[int(str(one[0].payload["row"]))] = one
            except (KeyError, TypeError, ValueError):
                yield _fault(one, "event.unreadable")
        for number, (by, columns) in sorted(holding.items()):
            row = freezes.get(number)
            if row is None or not _fits(row, columns):
                yield _fault(by, DIFFERS)
        yield from (_fault(by, DIFFERS) for by in _by_nobody(freezes, whole, holding))
        for wallet, (by, state) in sorted(told.items()):
            if state is not None and states.get(wallet) != state:
                yield _fault(by, DIFFERS)


_Place = tuple[Event, str, str]


def _by_nobody(
    freezes: Mapping[int, RowMapping], whole: Mapping[int, _Place], told: Collection[int]
) -> Iterator[_Place]:
    """A file names all the freezes that a wallet has; one more since then is told by the desk that put it."""
    for number, row in freezes.items():
        if row["wallet_id"] in whole and number not in told:
            yield whole[row["wallet_id"]]


def _read(
    one: _Place,
    freezes: Mapping[int, RowMapping],
    holding: dict[int, tuple[_Place, dict[str, object]]],
    told: dict[int, tuple[_Place, object]],
) -> None:
    """Take in what one event says: of a freeze its columns or its digest, of its wallet the state."""
    event = one[0]
    if event.kind == "import.row":
        said = event.payload[TOLD]
        if not isinstance(said, Mapping):
            raise TypeError(TOLD)
        for number, digest in said["freezes"]:
            holding[int(number)] = (one, {"digest": digest})
        told[int(str(event.payload["row"]))] = (one, WalletState(str(said["state"])))
        return
    number = int(str(event.payload["freeze"]))
    wallet = freezes[number]["wallet_id"] if number in freezes else None
    if event.kind == "wallet.frozen":
        manual: dict[str, object] = {
            "reason": FreezeReason.FRAUD_RISK,
            "source": FreezeSource.MANUAL,
            "released_at": None,
        }
        holding[number] = (one, manual)
        state: object = WalletState.FROZEN
    elif event.payload.get("extent") == "full":
        holding[number] = (one, {"released_at": event.recorded_at})
        others = (row for row in freezes.values() if row["wallet_id"] == wallet and row["id"] != number)
        held = any(row["released_at"] is None or row["released_at"] > event.recorded_at for row in others)
        # With another freeze the wallet stays as it is, and it is not said how that was.
        state = None if held else WalletState.NORMAL
    else:
        state = WalletState.LIMITED
    if wallet is not None:
        told[wallet] = (one, state)


def _fits(row: RowMapping, columns: Mapping[str, object]) -> bool:
    return all(
        freeze_digest(dict(row)) == value if name == "digest" else row[name] == value
        for name, value in columns.items()
    )


def _fault(one: _Place, code: str) -> Fault:
    event, stream, name = one
    return Fault(stream, name, event.sequence, event.id, code)
