"""Staff, groups and skills (B0.1, issue part 8)."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bdesk.models.kinds import CaseKind, PersonState, Role
from bdesk.models.tables.base import Row, VersionedRow, enum_field


class Group(Row, table=True):
    """A team that cases are handed to; a department outside the hotline is a group too."""

    __tablename__ = "staff_group"
    code: str = Field(max_length=32, unique=True)
    name_zh: str = Field(max_length=64)
    name_en: str = Field(max_length=64)


class Staff(VersionedRow, table=True):
    """One person who signs in. `number` is the 工号 that colleagues and letters use."""

    __tablename__ = "staff"
    number: str = Field(max_length=16, unique=True)
    name: str = Field(max_length=64)
    role: Role = enum_field(Role)
    group_id: int | None = Field(default=None, foreign_key="staff_group.id")
    password_hash: str | None = Field(default=None, max_length=256)
    password_set_at: datetime | None = None
    must_change_password: bool = False
    failed_sign_ins: int = 0
    locked_until: datetime | None = None
    active: bool = True
    state: PersonState = enum_field(PersonState, PersonState.OFFLINE)
    state_since: datetime | None = None
    language: str = Field(default="zh", max_length=2)
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    # How often this person was signed out everywhere; a desk that was opened before is at its end.
    signed_out: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class StaffSkill(Row, table=True):
    """Which kinds of case somebody is offered; no row at all means every kind."""

    __tablename__ = "staff_skill"
    __table_args__ = (UniqueConstraint("staff_id", "kind"),)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    kind: CaseKind = enum_field(CaseKind)


class StaffTeam(Row, table=True):
    """The groups that somebody may work for; at the door they choose one. None at all: their own alone."""

    __tablename__ = "staff_team"
    __table_args__ = (UniqueConstraint("staff_id", "group_id"),)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    group_id: int = Field(foreign_key="staff_group.id")


class StaffRelative(Row, table=True):
    """A customer who is a relative of somebody who works here: none of their matters is for that person."""

    __tablename__ = "staff_relative"
    __table_args__ = (UniqueConstraint("staff_id", "customer_id"),)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    customer_id: int = Field(foreign_key="customer.id")


class KeptSignIn(Row, table=True):
    """Somebody stays signed in on one machine. The token is in a keyring there; here is its digest alone.
    `asks`: the desk was locked, so that the next start asks for the password all the same."""

    __tablename__ = "kept_sign_in"
    staff_id: int = Field(foreign_key="staff.id", index=True)
    digest: str = Field(max_length=64, unique=True)
    machine: str = Field(max_length=64)
    kept_at: datetime
    expires_at: datetime
    asks: bool = False
    ended_at: datetime | None = None


class StandIn(Row, table=True):
    """Somebody acts in a role that is not theirs, from `from_at` until `until_at`: whole local days, the end
    not included. It ends by itself; `ended_at` is when somebody ended it before."""

    __tablename__ = "stand_in"
    staff_id: int = Field(foreign_key="staff.id", index=True)
    role: Role = enum_field(Role)
    from_at: datetime
    until_at: datetime
    named_by: str = Field(max_length=16)
    named_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = Field(default=None, max_length=16)


class DoorSlot(SQLModel, table=True):
    """Wrong sign-ins with a number that nobody has, so that guessing it waits as guessing a password does.

    A number falls into one of a fixed count of slots: whoever tries a million numbers fills no disk.
    """

    __tablename__ = "door_slot"
    id: int = Field(primary_key=True)
    failed: int = 0
    locked_until: datetime | None = None
