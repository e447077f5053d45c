"""Small builders of rows on a real store, for everybody's tests.

    store = make_store(tmp_path)                    a SQLite file, its clock frozen at T0 (Wed 10:00 local)
    clock_of(store).move(timedelta(hours=1))        time passes
    agent = person(store, "1001")                   ActorView; role=, group=, skills=, customer_id=
    buyer = customer(store)                         id; account=, name=, phone= ...
    placed = order(store, buyer)                    Placed(id, order_no, items, payments ...), signed
    case_id = open_case(store, order_id=placed.id)  with its events and the clocks its procedure opens with
    adopt_limits(store, ("max_fen: 50000", "max_fen: 100"))    the store's limits from now on
    context(store, agent)                           what operations are handed

Each builder commits. Numbers count up, so that two calls never clash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlmodel import select

from bdesk.clock import FrozenClock, to_iso
from bdesk.data.book.adopted import adopt
from bdesk.data.book.book import Book, load_book
from bdesk.data.book.policies import packaged_limits_text
from bdesk.data.book.texts import Source
from bdesk.data.refold import refold
from bdesk.data.store import Store, create_store, open_store
from bdesk.data.unit import Unit, key_tail
from bdesk.models.kinds import (
    CaseKind,
    CaseState,
    Channel,
    OrderStatus,
    ParcelState,
    PaymentMethod,
    PaymentState,
    PersonState,
    Role,
    SignedBy,
    Stream,
)
from bdesk.models.tables import (
    Case,
    CaseItem,
    Customer,
    Group,
    Order,
    OrderItem,
    Parcel,
    Payment,
    Product,
    Scan,
    Staff,
    StaffSkill,
)
from bdesk.models.views.snapshot import ActorView
from bdesk.rules.walk.model import opening

T0 = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
"""Wednesday 10:00 in Asia/Shanghai, scenario S1's moment."""

_numbers = count(1)
_templates: dict[tuple[datetime, bool], bytes] = {}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order: `price_fen` is for one piece."""

    sku: str = "KETTLE-1"
    name: str = "电热水壶"
    price_fen: int = 12800
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Placed:
    """What `order` made."""

    id: int
    order_no: str
    customer_id: int
    items: tuple[int, ...]
    payments: tuple[int, ...]
    parcels: tuple[int, ...]


def make_store(folder: Path, *, at: datetime = T0, training: bool = False, name: str = "desk.db") -> Store:
    """A new store in `folder`. Its clock stands at `at` until the test moves it; a training store's too."""
    path = folder / name
    url, clock = f"sqlite:///{path}", FrozenClock(at)
    made = _templates.get((at, training))
    if made is None:
        # The migrations of a new store cost more than most tests; its bytes are the same every time.
        create_store(url, training=training, clock_anchor=at if training else None, clock=clock).close()
        _templates[at, training] = path.read_bytes()
        return open_store(url, clock=clock)
    path.touch(mode=0o600)
    path.write_bytes(made)
    return open_store(url, clock=clock)


def clock_of(store: Store) -> FrozenClock:
    """The frozen clock of a store from `make_store` (not a training one)."""
    assert isinstance(store.clock, FrozenClock)
    return store.clock


def person(
    store: Store,
    number: str | None = None,
    role: Role = Role.AGENT,
    *,
    name: str = "林晓",
    group: str | None = None,
    state: PersonState = PersonState.ONLINE,
    skills: Sequence[CaseKind] = (),
    customer_id: int | None = None,
    password_hash: str | None = None,
) -> ActorView:
    """A member of staff, on duty; their group is made when it is missing."""
    # Apart from the numbers that tests name themselves (1001, 2001, 5000, 9001 ...).
    number = number or str(70000 + next(_numbers))
    with store.write("test") as unit:
        group_id = None if group is None else _group(unit, group)
        staff = Staff(
            number=number, name=name, role=role, group_id=group_id, state=state, state_since=unit.now,
            customer_id=customer_id, password_hash=password_hash,
        )  # fmt: skip
        unit.session.add(staff)
        unit.session.flush()
        assert staff.id is not None
        for kind in skills:
            unit.session.add(StaffSkill(staff_id=staff.id, kind=kind))
        own = {} if customer_id is None else {"customer": customer_id}
        unit.append(Stream.STAFF, number, "staff.added", {"number": number, "role": role.value, **own})
        actor = ActorView(staff.id, number, name, role, group_id, group, customer_id)
        unit.commit()
    return actor


def customer(store: Store, account: str | None = None, **values: Any) -> int:
    """A customer; any column of Customer may be given."""
    account = account or f"user{next(_numbers):05d}"
    phone = values.pop("phone", f"154{next(_numbers):08d}")
    row = Customer(
        account=account,
        name=values.pop("name", "王丽"),
        phone=phone,
        phone_tail=None if phone is None else phone[-4:],
        email=values.pop("email", f"{account}@example.com"),
        city=values.pop("city", "杭州市"),
        since=values.pop("since", T0 - timedelta(days=700)),
        **values,
    )
    with store.write("test") as unit:
        unit.session.add(row)
        unit.commit()
    assert row.id is not None
    return row.id


def order(
    store: Store,
    customer_id: int,
    *,
    order_no: str | None = None,
    items: Sequence[Item] = (Item(),),
    coupon_fen: int = 0,
    freight_fen: int = 0,
    status: OrderStatus = OrderStatus.SIGNED,
    payments: Sequence[Mapping[str, Any]] = ({},),
    signed_days: int | None = 2,
    placed_days: int = 5,
    **values: Any,
) -> Placed:
    """An order of `placed_days` ago, paid from the wallet in one payment for its whole sum, sent in one
    parcel and signed for `signed_days` ago (None: not sent). `payments` override columns of Payment."""
    with store.write("test") as unit:
        goods = sum(item.price_fen * item.quantity for item in items)
        total = goods - coupon_fen + freight_fen
        number = order_no or unit.next_number("BT")
        placed_at = unit.now - timedelta(days=placed_days)
        row = Order(
            order_no=number, order_tail=key_tail(number), customer_id=customer_id, status=status,
            placed_at=placed_at, goods_fen=goods, coupon_fen=coupon_fen, freight_fen=freight_fen,
            total_fen=total, as_of=unit.now, **values,
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        assert row.id is not None
        sent = signed_days is not None
        parcels = (_parcel(unit, row.id, unit.now - timedelta(days=signed_days or 0)),) if sent else ()
        made = Placed(
            id=row.id,
            order_no=number,
            customer_id=customer_id,
            items=tuple(_item(unit, row.id, line, item, parcels) for line, item in enumerate(items, start=1)),
            payments=tuple(_payment(unit, row.id, total, placed_at, more) for more in payments),
            parcels=parcels,
        )
        unit.commit()
    return made


def open_case(
    store: Store,
    *,
    order_id: int | None = None,
    customer_id: int | None = None,
    kind: CaseKind = CaseKind.REFUND,
    clocks: Sequence[str] | None = None,
    owner: ActorView | None = None,
    received_at: datetime | None = None,
    description: str = "",
    item_ids: Sequence[int] = (),
    **values: Any,
) -> int:
    """A case with `case.opened` and its clocks attached from the receipt, folded into the queue.

    `clocks` None: those its procedure opens with. Any column of Case may be given.
    """
    book = load_book()
    with store.write("test") as unit:
        received = received_at or unit.now
        if customer_id is None and order_id is not None:
            customer_id = unit.session.get_one(Order, order_id).customer_id
        case = _case(unit, book, kind, received, order_id, customer_id, values)
        if owner is not None:
            case.owner_id, case.claimed_at, case.state = owner.id, unit.now, CaseState.IN_PROGRESS
        unit.session.add(case)
        unit.session.flush()
        assert case.id is not None
        for item_id in item_ids:
            unit.session.add(CaseItem(case_id=case.id, item_id=item_id))
        payload: dict[str, object] = {"kind": kind, "channel": case.channel}
        if description:
            text, digest = unit.text(case, "description", description)
            payload |= {"text": text.id, "digest": digest}
        book.keep_texts(unit, case.procedure)
        unit.on_case(case, "case.opened", payload, received)
        if clocks is None:
            for move in opening(book.procedure_for(kind), kind, case.channel, case.priority):
                attach(unit, case, move.kind, received, **move.literals)
        for clock in clocks or ():
            attach(unit, case, clock, received)
        refold(unit, case, book, unit.now)
        unit.commit()
    return case.id


def attach(unit: Unit, case: Case, clock: str, start_at: datetime, **params: object) -> None:
    """The event that starts a clock on a case."""
    payload: dict[str, object] = {
        "clock": clock, "cycle": case.cycle, "start_at": to_iso(start_at),
        "policy": case.policy_version, "calendar": case.calendar_version,
    }  # fmt: skip
    unit.on_case(case, "clock.attached", {**payload, **({"params": params} if params else {})})


def event(
    store: Store, case_id: int, kind: str, payload: Mapping[str, object] | None = None, **more: Any
) -> int:
    """One event on a case and a fold after it; its id. `occurred_at` may be given."""
    with store.write(more.pop("actor", "test")) as unit:
        case = unit.case(case_id)
        made = unit.on_case(case, kind, payload or {}, **more)
        refold(unit, case, load_book(), unit.now)
        unit.commit()
    return made.id


def context(store: Store, actor: ActorView, **more: Any) -> Any:
    """An operations Context; `recall_seconds` and `ports` may be given."""
    from bdesk.operations.context import Context  # here, so that tests of the data room need not load it

    return Context(store=store, book=load_book(), actor=actor, **more)


def adopt_limits(store: Store, *changes: tuple[str, str]) -> str:
    """The store adopts the packaged limits with some words of theirs replaced; the new version."""
    text = packaged_limits_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with store.write("test") as unit:
        payload = adopt(unit, Source("limits.yaml", text))
        unit.commit()
    return str(payload["version"])


def _group(unit: Unit, code: str) -> int:
    found = unit.session.exec(select(Group).where(Group.code == code)).first()
    if found is None:
        found = Group(code=code, name_zh=code, name_en=code)
        unit.session.add(found)
        unit.session.flush()
    assert found.id is not None
    return found.id


def _item(unit: Unit, order_id: int, line: int, item: Item, parcels: tuple[int, ...]) -> int:
    if unit.session.exec(select(Product).where(Product.sku == item.sku)).first() is None:
        unit.session.add(Product(sku=item.sku, name=item.name, price_fen=item.price_fen, stock=10))
    row = OrderItem(
        order_id=order_id, line=line, sku=item.sku, name=item.name, quantity=item.quantity,
        price_fen=item.price_fen, parcel_id=parcels[0] if parcels else None,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    assert row.id is not None
    return row.id


def _payment(unit: Unit, order_id: int, total: int, paid_at: datetime, more: Mapping[str, Any]) -> int:
    values: dict[str, Any] = {
        "payment_no": f"PAY{next(_numbers):011d}", "method": PaymentMethod.WALLET,
        "state": PaymentState.SUCCESS, "amount_fen": total, "paid_at": paid_at, **more,
    }  # fmt: skip
    row = Payment(order_id=order_id, **values)
    unit.session.add(row)
    unit.session.flush()
    assert row.id is not None
    return row.id


def _parcel(unit: Unit, order_id: int, signed_at: datetime) -> int:
    row = Parcel(
        order_id=order_id, waybill=f"SF0000{next(_numbers):08d}", carrier="顺丰", state=ParcelState.SIGNED,
        shipped_at=signed_at - timedelta(days=2), signed_at=signed_at, signed_by=SignedBy.SELF,
        last_scan_at=signed_at,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    assert row.id is not None
    unit.session.add(Scan(parcel_id=row.id, at=signed_at, place="杭州", text="已签收"))
    return row.id


def _case(
    unit: Unit,
    book: Book,
    kind: CaseKind,
    received: datetime,
    order_id: int | None,
    customer_id: int | None,
    values: Mapping[str, Any],
) -> Case:
    number = unit.next_number("KF")
    procedure = book.procedure_for(kind).code
    known: dict[str, Any] = {
        "case_no": number, "case_tail": key_tail(number), "kind": kind, "channel": Channel.REFUND_FORM,
        "filed": True,
        "order_id": order_id, "customer_id": customer_id, "received_at": received, "opened_at": unit.now,
        "queue_at": received, "procedure": procedure, "subject": "收到就是坏的",
        "procedure_version": book.version("procedure", procedure),
        "policy_version": book.version("policy", "clocks"),
        "calendar_version": book.version("calendar", "all"),
    }  # fmt: skip
    return Case(**{**known, **values})
