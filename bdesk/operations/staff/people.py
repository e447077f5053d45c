"""Staff: adding them, signing in, their state. Passwords are argon2id (MEASURED.md: 19 MiB, t=2, p=1)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from bdesk.data import journal
from bdesk.data.queries import staff as queries
from bdesk.data.store import Store
from bdesk.data.unit import Unit
from bdesk.data.writers import Tries
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import CaseKind, PersonState, Role, Stream
from bdesk.models.tables import DoorSlot, Group, Staff, StaffSkill, StaffTeam
from bdesk.models.views.changed import Changed
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.operations.staff.customers import customer_of
from bdesk.operations.staff.door import count_nobody, must_not_wait, slot_of, wait_after
from bdesk.operations.staff.passwords import NOBODY, check_password, has_han, hash_password, hasher, matches
from bdesk.operations.staff.releasing import release_all
from bdesk.operations.staff.stay_rows import end as end_stays
from bdesk.secrets.machine import this_machine
from bdesk.text import clean, normalise_key

LONGEST_NUMBER = 16


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What `staff add` and `init` are told."""

    number: str
    name: str
    role: Role
    password: str
    group: str | None = None
    """The group they begin with."""
    more_groups: tuple[str, ...] = ()
    must_change: bool = False
    skills: tuple[CaseKind, ...] = ()
    account: str | None = None
    """Their own account, where they are a customer too: nothing of it is theirs to work or to decide."""


@dataclass(frozen=True, slots=True)
class StaffChange:
    """Whose account was changed, and the numbers of the cases that went back to the queue."""

    number: str
    released: tuple[str, ...] = ()


def actor_of(session: Session, staff: Staff, now: datetime) -> ActorView:
    """The frozen view of a person that every operation is handed, in the role in which they act at `now`."""
    found = queries.actor(session, staff.number, now)
    assert found is not None  # nobody disabled comes this far
    return found


def find_actor(store: Store, number: str) -> ActorView:
    """A person by number, without a password: for training stores' `--as` only.

    Raises NotAllowed("staff.unknown") for nobody or somebody disabled.
    """
    now = store.now()
    with store.read() as session:
        found = queries.actor(session, normalise_key(number), now)
        if found is None:
            raise NotAllowed("staff.unknown", number=clean(number))
        let_in(store, session.get_one(Staff, found.id))
    return found


def let_in(store: Store, staff: Staff) -> None:
    """They may write through this open store until they are signed out everywhere."""
    store.let_in(staff.number, staff.signed_out)
    store.tries.came_in(staff.number)


def add_person(unit: Unit, person: NewPerson, password_hash: str) -> Staff:
    """The row and the event of a new person, uncommitted. `password_hash` is made before the write begins:
    argon2id takes its time, and every desk would wait for the lock as long.

    Raises BadInput: staff.number, staff.taken, group.unknown, staff.no_customer.
    """
    number = normalise_key(person.number)
    if not number or not number.isalnum() or len(number) > LONGEST_NUMBER:
        raise BadInput("staff.number", number=clean(person.number))
    if unit.session.scalars(select(Staff).where(Staff.number == number)).first() is not None:
        raise BadInput("staff.taken", number=number)
    groups = [group_of(unit, code) for code in (person.group, *person.more_groups) if code]
    staff = Staff(
        number=number,
        name=clean(person.name).strip()[:64] or number,
        role=person.role,
        group_id=groups[0].id if groups else None,
        password_hash=password_hash,
        password_set_at=unit.now,
        must_change_password=person.must_change,
        customer_id=None if person.account is None else customer_of(unit, person.account),
    )
    unit.session.add(staff)
    unit.session.flush()
    assert staff.id is not None
    for kind in dict.fromkeys(person.skills):
        unit.session.add(StaffSkill(staff_id=staff.id, kind=kind))
    if len(groups) > 1:
        for group_id in dict.fromkeys(group.id for group in groups if group.id is not None):
            unit.session.add(StaffTeam(staff_id=staff.id, group_id=group_id))
    print_ = journal.fingerprint(password_hash)
    added = {"number": number, "role": person.role.value, "by": unit.actor, "password": print_}
    more = {} if staff.customer_id is None else {"customer": staff.customer_id}
    said = {**added, "must_change": person.must_change, **more}
    unit.append(Stream.STAFF, number, "staff.added", said)
    return staff


def by_number(unit: Unit, number: str) -> Staff:
    """A member of staff to change, disabled or not, held where the database locks rows.

    Raises NotAllowed("staff.unknown").
    """
    wanted = select(Staff).where(Staff.number == normalise_key(number)).with_for_update()
    found = unit.session.scalars(wanted).first()
    if found is None:
        raise NotAllowed("staff.unknown", number=clean(number))
    return found


def group_of(unit: Unit, code: str) -> Group:
    """A group by its code. Raises BadInput("group.unknown")."""
    found = unit.session.scalars(select(Group).where(Group.code == code)).first()
    if found is None:
        raise BadInput("group.unknown", group=clean(code))
    return found


def add_staff(ctx: Context, person: NewPerson) -> ActorView:
    """Add somebody. Only an admin may (B0.1). Raises BadInput for a number that is taken."""
    must_may(ctx, "staff.people.add_staff")
    password_hash = hash_password(person.password)
    with ctx.store.write(ctx.actor.number) as unit:
        actor = actor_of(unit.session, add_person(unit, person, password_hash), unit.now)
        unit.commit()
        return actor


def change_staff(
    ctx: Context, number: str, *, active: bool | None = None, password: str | None = None
) -> StaffChange:
    """Disable, enable or give a new first password. Only an admin may, and nobody disables themselves.

    Whoever is disabled goes off duty, and the cases they hold go back to the queue in the same commit: the
    customers' clocks run on untouched (SLA.md). Whoever is disabled or gets a password is signed out
    everywhere: enabling brings no open desk back, and whoever knew the old password works on nowhere.
    """
    must_may(ctx, "staff.people.change_staff")
    password_hash = None if password is None else hash_password(password)
    with ctx.store.write(ctx.actor.number) as unit:
        staff = by_number(unit, number)
        if active is False and staff.id == ctx.actor.id:
            raise NotAllowed("staff.not_yourself")
        released: tuple[str, ...] = ()
        if active is not None:
            staff.active = active
            payload = {"active": active, "by": ctx.actor.number}
            unit.append(Stream.STAFF, staff.number, "staff.active", payload)
        if active is False:
            end_stays(unit, staff, "disabled")
            released = release_all(unit, ctx, staff)
        if password_hash is not None:
            staff.must_change_password = True
            staff.failed_sign_ins, staff.locked_until = 0, None
            _set_password(unit, staff, password_hash)
        if active is False or password_hash is not None:
            end_desks(unit, staff)
        known = StaffChange(staff.number, released)
        unit.commit()
        return known


def _set_password(unit: Unit, staff: Staff, password_hash: str) -> None:
    staff.password_hash, staff.password_set_at = password_hash, unit.now
    end_stays(unit, staff, "password")
    print_ = journal.fingerprint(password_hash)
    said = {"by": unit.actor, "password": print_, "must_change": staff.must_change_password}
    unit.append(Stream.STAFF, staff.number, "staff.password", said)


def sign_out(ctx: Context, number: str) -> int:
    """End every kept sign-in of a person, on all machines; how many those were. Their open desks end too:
    they write nothing more, and lock when they next look at the store.

    One's own, or as an administrator anybody's. Raises NotAllowed("role.only_admin"), ("staff.unknown").
    """
    number = normalise_key(number)
    if number != ctx.actor.number:
        must_may(ctx, "staff.people.sign_out")
    with ctx.store.write(ctx.actor.number) as unit:
        staff = by_number(unit, number)
        ended = end_stays(unit, staff, "signed_out")
        end_desks(unit, staff)
        unit.commit()
        return ended


def end_desks(unit: Unit, staff: Staff) -> None:
    """Every open desk of theirs ends."""
    staff.signed_out += 1
    change_state(unit, staff, PersonState.OFFLINE)
    unit.append(Stream.STAFF, staff.number, "staff.signed_out", {"by": unit.actor})


def sign_in(
    store: Store, number: str, password: str, *, on_duty: bool = True, at_desk: bool = False
) -> ActorView:
    """Let somebody in; `on_duty` sets them online, which a command that ends at once must not. `at_desk`: as
    of `compared`.

    One refusal and one wait for every cause, a number that nobody has included, so that they hint at
    nothing (UX, Sign-in).

    A password with Han in it is an input method left on: BadInput("password.han"), not an attempt.
    Each failure after the third doubles the wait, up to 15 minutes: NotAllowed("sign_in.wait").
    """
    if has_han(password):
        raise BadInput("password.han")
    number = normalise_key(number)
    known, good = compared(store, number, password, at_desk=at_desk)
    rehashed = hasher().hash(password) if good and hasher().check_needs_rehash(known or "") else None
    with store.write(number[:16] or "?", at_the_door=True) as unit:
        staff = held(unit, number)
        if staff is None:
            count_nobody(unit, number)
        staff = must_be_theirs(unit, staff, known, good, tries=store.tries if at_desk else None)
        payload: dict[str, object] = {"on_duty": on_duty}
        if rehashed is not None:
            staff.password_hash, payload["password"] = rehashed, journal.fingerprint(rehashed)
        if on_duty:
            change_state(unit, staff, PersonState.ONLINE)
        unit.append(Stream.STAFF, staff.number, "staff.signed_in", payload)
        actor = actor_of(unit.session, staff, unit.now)
        let_in(store, staff)
        unit.commit()
        return actor


def compared(store: Store, number: str, password: str, *, at_desk: bool = False) -> tuple[str | None, bool]:
    """The hash that is kept for a number, None for nobody, and whether the password fits it: one hash,
    whoever it is. Before the write begins, since argon2id takes its time.

    `at_desk`: typed again at an open desk by who came in there. They have a few tries while the number waits,
    or whoever guesses at the door would keep them from their work. Raises NotAllowed("sign_in.wait").
    """
    known, locked = _at_the_door(store, number)
    # By the store's time: a machine whose own clock is behind would wait for as long as it is.
    if not at_desk or not store.tries.are_left(number):
        must_not_wait(locked, store.now(), store.pace)
    fits = matches(known or NOBODY, password)
    return known, fits and known is not None


def held(unit: Unit, number: str) -> Staff | None:
    """The row of a person whose password is asked for, locked where the database locks rows: of many guesses
    at once each sees what those before it were counted as."""
    mine = select(Staff).where(Staff.number == number).with_for_update()
    return unit.session.scalars(mine.execution_options(populate_existing=True)).first()


def must_be_theirs(
    unit: Unit, staff: Staff | None, known: str | None, good: bool, *, tries: Tries | None = None
) -> Staff:
    """What `compared` found counts: a wrong password makes the number wait, a right one ends that. `tries`:
    of an open desk, where it was typed at one.

    Raises NotAllowed("sign_in.wait"), and NotAllowed("sign_in.refused") with the failure committed.
    """
    if staff is None:
        raise NotAllowed("sign_in.refused")
    # Asked again under the lock: whoever guesses from many desks at once waits as one does from one.
    if tries is None or not tries.are_left(staff.number):
        must_not_wait(staff.locked_until, unit.now, unit.pace)
    if not good or not staff.active or staff.password_hash != known:
        if tries is not None:
            tries.was_wrong(staff.number)
        _count_failure(unit, staff)
        raise NotAllowed("sign_in.refused")
    if tries is not None:
        tries.came_in(staff.number)
    staff.failed_sign_ins, staff.locked_until = 0, None
    return staff


def _at_the_door(store: Store, number: str) -> tuple[str | None, datetime | None]:
    """The kept hash of a number, None for nobody, and until when it waits."""
    with store.read() as session:
        staff = session.scalars(select(Staff).where(Staff.number == number)).first()
        if staff is not None:
            return staff.password_hash, staff.locked_until
        slot = session.get(DoorSlot, slot_of(number))
        return None, slot.locked_until if slot is not None else None


def must_change_password(store: Store, actor: ActorView) -> bool:
    """Whether this person signs in with a password that somebody else chose."""
    with store.read() as session:
        staff = session.get(Staff, actor.id)
        return staff is not None and staff.must_change_password


def change_password(store: Store, actor: ActorView, old: str, new: str) -> None:
    """My own password. Raises NotAllowed("sign_in.refused") for a wrong old one, which counts and waits like
    a wrong sign-in, NotAllowed("sign_in.wait"), BadInput for a bad new one or the same again."""
    check_password(new)
    if new == old:
        raise BadInput("password.same")
    known, good = compared(store, actor.number, old, at_desk=True)
    password_hash = hash_password(new)
    with store.write(actor.number) as unit:
        staff = must_be_theirs(unit, held(unit, actor.number), known, good, tries=store.tries)
        staff.must_change_password = False
        _set_password(unit, staff, password_hash)
        unit.commit()


def _count_failure(unit: Unit, staff: Staff) -> None:
    staff.failed_sign_ins += 1
    staff.locked_until = wait_after(staff.failed_sign_ins, unit.now, unit.pace)
    # Whoever types it is not known, but where: the number alone would name who it was done to.
    payload = {"count": staff.failed_sign_ins, "until": staff.locked_until, "machine": this_machine()}
    unit.append(Stream.STAFF, staff.number, "staff.sign_in_failed", payload)
    unit.commit()


def change_state(unit: Unit, staff: Staff, state: PersonState) -> None:
    """Another state and its event; uncommitted."""
    if staff.state is state:
        return
    staff.state, staff.state_since = state, unit.now
    unit.append(Stream.STAFF, staff.number, "staff.state", {"state": state.value})


def set_state(ctx: Context, state: PersonState) -> Changed:
    """My state: online, break, away, after-call, offline (menu 1-4 and leaving)."""
    with ctx.store.write(ctx.actor.number) as unit:
        staff = unit.session.get(Staff, ctx.actor.id)
        if staff is None:
            raise NotAllowed("staff.unknown", number=ctx.actor.number)
        change_state(unit, staff, state)
        unit.commit()
    return Changed(code="staff.state", params={"state": state.value})


def set_language(ctx: Context, language: str) -> Changed:
    """The language this person's desk opens in: zh or en."""
    if language not in ("zh", "en"):
        raise BadInput("language.unknown", language=language)
    with ctx.store.write(ctx.actor.number) as unit:
        staff = unit.session.get(Staff, ctx.actor.id)
        if staff is not None and staff.language != language:
            staff.language = language
            unit.commit()
    return Changed(code="staff.language", params={"language": language})
