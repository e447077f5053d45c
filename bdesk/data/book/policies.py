"""The packaged policies: numbers that bind cases. The rules that use them are in `bdesk.rules`."""

from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bdesk.data.book.yamltext import Reading, read_yaml
from bdesk.models.kinds import PaymentMethod, Role
from bdesk.rules.limits import Allowed, Ceiling, Cell, FlagRule, LimitRow, Limits, Need

Fen = Annotated[int, Field(ge=0)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Method = Literal["wallet", "wechat", "alipay", "debit_card", "credit_card", "instalment", "cod"]
V = TypeVar("V")
Decider = Literal["agent", "senior", "supervisor", "manager", "risk"]

NUMBERS: frozenset[str] = frozenset(
    {
        "many_refunds",
        "many_refunds_days",
        "new_account_days",
        "reapply_max",
        "reapply_days",
        "evidence_remind_days",
        "evidence_close_days",
        "lost_scan_days",
        "original_path_days",
        "refund_parts_max",
        "delay_alert_days",
        "ship_hours",
        "presale_days",
        "first_scan_hours",
        "stuck_days",
        # Goods sent back (P7)
        "inspection_dispute_fen",
        "perishable_hours",
    }
)
"""The bounds that rules ask for by name; a policy has every one of them and no other."""

TEXTS: frozenset[str] = frozenset({"return_address"})
"""The words that procedures ask for by name: likewise."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Both(_Strict):
    zh: Words
    en: Words


class _Cell(_Strict):
    may: Literal["decide", "propose"]
    max_fen: Fen | None = None
    percent: Annotated[int, Field(ge=1, le=100)] | None = None
    cap_fen: Fen | None = None
    floor_fen: Fen | None = None


class _Flags(_Strict):
    any_of: Annotated[list[Name], Field(min_length=1)]
    deciders: list[Decider]


class _Row(_Strict):
    action: Name
    title: _Both
    roles: Annotated[dict[Decider, _Cell], Field(min_length=1)]
    flags: list[_Flags] = []
    two_persons: bool = False
    note: Literal["always"] | None = None
    note_above_fen: Fen | None = None
    needs: list[Literal["evidence", "consent", "other_decider"]] = []
    min_verification: Annotated[int, Field(ge=0, le=3)] = 0
    max_hours_late: Annotated[int, Field(ge=0)] | None = None
    max_per_year: Annotated[int, Field(ge=0)] | None = None


class _Payment(_Strict):
    caps_fen: dict[Method, Annotated[int, Field(ge=1)]]
    regions: Annotated[list[Region], Field(min_length=1)]


class _Limits(_Strict):
    version: Annotated[int, Field(ge=1)]
    approval_hours: Annotated[int, Field(ge=1, le=24)]
    payment: _Payment | None = None
    numbers: dict[Name, Annotated[int, Field(ge=0)]]
    texts: dict[Name, Words] = {}
    actions: Annotated[list[_Row], Field(min_length=1)]


def parse_limits(text: str, file: str, *, kept: bool = False) -> Limits:
    """The approval matrix in a YAML text. Raises BadBook with the place of the first fault.

    `kept`: a store adopted it, maybe under an earlier program, and works by it until another is adopted: a
    number that was not asked for then is the packaged one, and one that nobody asks for any more is let be.
    """
    reading = read_yaml(text, _Limits, file)
    policy = reading.value
    rows: dict[str, LimitRow] = {}
    for index, row in enumerate(policy.actions):
        if row.action in rows:
            raise reading.fault(("actions", index, "action"), f"{row.action} stands twice")
        _check_cells(reading, index, row)
        rows[row.action] = _row(row)
    numbers = _named(reading, "numbers", policy.numbers, NUMBERS, kept=kept)
    texts = _named(reading, "texts", policy.texts, TEXTS, kept=kept)
    if policy.payment is None and not kept:
        raise reading.fault((), "payment is missing")
    caps, regions = _payment(policy.payment)
    return Limits(
        version=policy.version,
        approval_hours=policy.approval_hours,
        rows=MappingProxyType(rows),
        numbers=MappingProxyType(numbers),
        texts=MappingProxyType(texts),
        caps_fen=caps,
        regions=regions,
    )


def _payment(raw: _Payment | None) -> tuple[Mapping[PaymentMethod, int], tuple[str, ...]]:
    """Caps and regions; of limits that were adopted before there were any, those of the package."""
    if raw is None:
        packaged = parse_limits(packaged_limits_text(), "policies/limits.yaml")
        return packaged.caps_fen, packaged.regions
    caps = {PaymentMethod(method): fen for method, fen in raw.caps_fen.items()}
    return MappingProxyType(caps), tuple(dict.fromkeys(raw.regions))


def _named(
    reading: Reading[_Limits], part: str, told: Mapping[str, V], asked: frozenset[str], *, kept: bool
) -> dict[str, V]:
    """The values of a part by name, each of those that are asked for."""
    missing, unknown = sorted(asked - told.keys()), sorted(told.keys() - asked)
    if kept:
        packaged: Mapping[str, V] = {}
        if missing:
            packaged = getattr(parse_limits(packaged_limits_text(), "policies/limits.yaml"), part)
        return {name: packaged[name] for name in missing} | {
            name: value for name, value in told.items() if name in asked
        }
    if missing:
        raise reading.fault((part,), f"{missing[0]} is missing")
    if unknown:
        raise reading.fault((part, unknown[0]), f"nothing asks for {unknown[0]}")
    return dict(told)


def packaged_limits_text() -> str:
    """The text of the packaged matrix, as the store keeps it for the cases that were decided by it."""
    file = resources.files("bdesk.data.book").joinpath("policies", "limits.yaml")
    return file.read_text(encoding="utf-8")


def _check_cells(reading: Reading[_Limits], index: int, row: _Row) -> None:
    """What the shape alone cannot say: which bounds of a cell go together."""
    for role, cell in row.roles.items():
        path = ("actions", index, "roles", role)
        if cell.percent is None and (cell.cap_fen is not None or cell.floor_fen is not None):
            raise reading.fault(path, "a cap or a floor needs a percent")
        if cell.percent is not None and cell.max_fen is not None:
            raise reading.fault(path, "either max_fen or percent")
        if cell.may == "propose" and (cell.percent is not None or cell.max_fen is not None):
            raise reading.fault(path, "who only proposes has no ceiling")
        if None not in (cell.cap_fen, cell.floor_fen) and (cell.floor_fen or 0) > (cell.cap_fen or 0):
            raise reading.fault(path, "the floor is above the cap")
    if row.two_persons and not any(cell.may == "propose" for cell in row.roles.values()):
        raise reading.fault(("actions", index, "two_persons"), "two persons need a role that proposes")


def _row(row: _Row) -> LimitRow:
    return LimitRow(
        action=row.action,
        zh=row.title.zh,
        en=row.title.en,
        cells=MappingProxyType({Role(role): _cell(cell) for role, cell in row.roles.items()}),
        flag_rules=tuple(
            FlagRule(frozenset(rule.any_of), frozenset(Role(name) for name in rule.deciders))
            for rule in row.flags
        ),
        two_persons=row.two_persons,
        note_always=row.note == "always",
        note_above_fen=row.note_above_fen,
        needs=frozenset(Need(need) for need in row.needs),
        min_verification=row.min_verification,
        max_hours_late=row.max_hours_late,
        max_per_year=row.max_per_year,
    )


def _cell(cell: _Cell) -> Cell:
    ceiling = None
    if cell.max_fen is not None or cell.percent is not None:
        ceiling = Ceiling(cell.max_fen, cell.percent, cell.cap_fen, cell.floor_fen)
    return Cell(Allowed(cell.may), ceiling)
