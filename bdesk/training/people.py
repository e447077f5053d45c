"""Customers and staff. Phones are 154 or 194, e-mail is example.*: neither reaches anybody (D2)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bdesk.data.journal import fingerprint
from bdesk.models.kinds import CaseKind, PersonState, Role, Stream
from bdesk.models.tables import Customer, Group, Staff, StaffSkill
from bdesk.operations.staff.groups import NAMES
from bdesk.training.draw import Draw
from bdesk.training.ledger import SYSTEM, Ledger
from bdesk.training.rows import Row
from bdesk.training.sizes import Preset
from bdesk.training.words.names import DECADES, SPECIAL, draw_name
from bdesk.training.words.places import draw_address, draw_place
from bdesk.training.world import World

TEAMS: dict[str, tuple[str, str]] = {
    "east": ("华东", "East"),
    "south": ("华南", "South"),
    "senior": ("专员组", "Specialists"),
    "supervisors": ("主管组", "Supervisors"),
}
"""Teams of the invented hotline, beside the departments that every store has."""

_AGENTS = (
    "林晓",
    "陈佳",
    "周敏",
    "吴磊",
    "郑雪",
    "黄凯",
    "徐婷",
    "孙浩",
    "朱倩",
    "何洋",
    "高鑫",
    "罗静",
)
_SUPERVISORS = ("韩冬", "方立新", "沈国强", "唐海燕", "姚建军")
_SKILLED: tuple[CaseKind, ...] = (
    CaseKind.REFUND,
    CaseKind.SHIPMENT_DELAY,
    CaseKind.AFTER_SALE,
    CaseKind.PROGRESS,
)
_JUST_LEFT = timedelta(minutes=8)
"""How long somebody a scenario names has been away."""
_FOREIGN = ("+1-202-555-01", "+44 7700 900", "+852 9000 0")
_MAIL = ("example.com", "example.org", "example.net")


def make_staff(
    world: World,
    preset: Preset,
    password_hash: str,
    states: Mapping[str, PersonState] | None = None,
) -> None:
    """Groups, then agents 1001.., seniors, supervisors 2001.., a manager, risk and an administrator. With
    `states` those who are named there are in that state, and all other agents at work."""
    for code, (zh, en) in {**NAMES, **TEAMS}.items():
        world.groups[code] = world.rows.add(Group, code=code, name_zh=zh, name_en=en)
    draw = world.draw("staff")
    made = world.now - timedelta(days=200)

    def add(number: str, name: str, role: Role, group: str, state: PersonState) -> Row:
        row = world.rows.add(
            Staff,
            number=number,
            name=name,
            role=role,
            group_id=world.groups[group]["id"],
            password_hash=password_hash,
            password_set_at=made,
            state=state,
            state_since=world.now - timedelta(minutes=draw.between(5, 200)),
        )
        world.staff[number] = row
        return row

    for position in range(preset.agents + preset.seniors):
        name = _AGENTS[position] if position < len(_AGENTS) else draw_name(draw, draw.pick((1980, 1990)))[0]
        role = Role.AGENT if position < preset.agents else Role.SENIOR
        state = PersonState.ONLINE if position < 2 else draw.weighted(_STATES)
        if states is not None:
            state = states.get(str(1001 + position), PersonState.ONLINE)
        team = "senior" if role is Role.SENIOR else ("east", "south")[position % 2]
        person = add(str(1001 + position), name, role, team, state)
        if states is not None and state is not PersonState.ONLINE:
            person["state_since"] = world.now - _JUST_LEFT
        if role is Role.AGENT and position % 5 == 4:
            for kind in _SKILLED:
                world.rows.add(StaffSkill, staff_id=person["id"], kind=kind)
    for position in range(preset.supervisors):
        # The third supervisor is on leave: somebody has to take over (training.md D4).
        state = PersonState.OFFLINE if position == 2 else PersonState.ONLINE
        add(str(2001 + position), _SUPERVISORS[position], Role.SUPERVISOR, "supervisors", state)
    add("2901", "曹卫东", Role.MANAGER, "supervisors", PersonState.AWAY)
    add("3001", "邓博文", Role.RISK, "risk", PersonState.ONLINE)
    add("9001", "彭立", Role.ADMIN, "technical", PersonState.OFFLINE)


_STATES: dict[PersonState, float] = {
    PersonState.ONLINE: 70,
    PersonState.BREAK: 10,
    PersonState.AFTER_CALL: 8,
    PersonState.AWAY: 5,
    PersonState.OFFLINE: 7,
}


def tell_staff(world: World, ledger: Ledger, made: datetime) -> None:
    """Their own streams: added when the store was made, and signed in where they are at work."""
    for number, row in world.staff.items():
        payload = {"number": number, "role": row["role"].value, "by": SYSTEM}
        payload["password"] = fingerprint(row["password_hash"])
        if row["customer_id"] is not None:
            payload["customer"] = row["customer_id"]
        ledger.say(Stream.STAFF, number, SYSTEM, "staff.added", payload, made)
        if row["state"] is not PersonState.OFFLINE:
            ledger.say(Stream.STAFF, number, number, "staff.signed_in", {}, row["state_since"])
            ledger.say(
                Stream.STAFF, number, number, "staff.state", {"state": row["state"].value}, row["state_since"]
            )


def make_one_a_customer(world: World) -> None:
    """One agent has an account in the shop: nobody may work their own orders (E29)."""
    if len(world.customers) > 5:
        world.staff["1004"]["customer_id"] = world.customers[5]["id"]


def phone_number(world: World, draw: Draw) -> str:
    """A mobile number that no carrier has; its last four digits differ while the pool lasts."""
    tail = world.phone_tails.pop() if world.phone_tails else draw.digits(4)
    return draw.pick(("154", "194")) + draw.digits(4) + tail


def _account(world: World, draw: Draw, initials: str) -> str:
    while True:
        account = f"bt_{initials or 'kh'}{draw.digits(5)}"
        if account not in world.accounts:
            world.accounts.add(account)
            return account


def _born(draw: Draw, decade: int, now: datetime) -> date:
    if decade == 2010:  # a child of twelve, whatever the year (E12)
        return date(now.year - 12, draw.between(1, 9), draw.between(1, 28))
    return date(decade + draw.between(0, 9), draw.between(1, 12), draw.between(1, 28))


def _contact(world: World, draw: Draw, position: int, account: str) -> tuple[str | None, str | None]:
    """Phone and e-mail: some have no e-mail, one in a store has neither (E34), a few live abroad."""
    if position == 21:
        return None, None
    if position in (13, 14, 15):
        return _FOREIGN[position - 13] + draw.digits(3 if position != 13 else 2), f"{account}@example.com"
    phone = phone_number(world, draw)
    return phone, None if draw.chance(8) else f"{account}@{draw.pick(_MAIL)}"


def add_customer(world: World, draw: Draw, position: int) -> Row:
    """One customer. The first ones carry the special names."""
    if position < len(SPECIAL):
        name, decade, initials = SPECIAL[position]
    else:
        decade = draw.weighted(DECADES)
        name, initials = draw_name(draw, decade)
    account = _account(world, draw, initials)
    phone, email = _contact(world, draw, position, account)
    place = draw_place(draw)
    since = world.now - draw.span(timedelta(days=3), timedelta(days=1600))
    changed = world.now - draw.span(timedelta(hours=20), timedelta(days=6)) if draw.chance(3) else None
    row = world.rows.add(
        Customer,
        account=account,
        name=name,
        name_initials=initials,
        phone=phone,
        phone_tail=phone[-4:] if phone else None,
        email=email,
        province=place.province,
        city=place.city,
        address=draw_address(draw, place),
        born_on=_born(draw, decade, world.now),
        vip=draw.chance(4),
        since=since,
        language="en" if name.isascii() or "Ü" in name else "zh",
        contact_changed_at=changed,
        previous_phone=phone_number(world, draw) if changed else None,
        as_of=world.now - timedelta(minutes=7),
    )
    world.customers.append(row)
    return row


def make_customers(world: World, count: int) -> None:
    draw = world.draw("customers")
    for position in range(count):
        add_customer(world, draw, position)
