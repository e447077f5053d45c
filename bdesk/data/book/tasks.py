"""What other departments may be asked, as content: read from task_names.yaml, and the facts that follow."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bdesk.data.book.files import bad, fit, plain, position
from bdesk.data.book.schema import Code, Raw
from bdesk.data.book.texts import Source, packaged_source
from bdesk.models.clock_kinds import PauseReason
from bdesk.models.kinds import Department
from bdesk.rules.facts.tasks import PREFIX
from bdesk.rules.tasks import Needs, TaskKind, TaskKinds
from bdesk.rules.walk.values import FactSpec, FactType, Text

TASK_NAMES = "task_names.yaml"

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class RawFinding(Raw):
    zh: Words
    en: Words
    dated: bool = False
    money: bool = False


class RawTask(Raw):
    what: Code
    fact: Code | None = None
    zh: Words
    en: Words
    to: list[Department] | Literal["any"]
    due_hours: Annotated[int, Field(ge=1)]
    finding: Literal["must", "may"] | None = None
    findings: dict[Code, RawFinding] = Field(default_factory=dict)
    stops: dict[Department, PauseReason] = Field(default_factory=dict)


class RawTasks(Raw):
    tasks: list[RawTask]


def task_kinds() -> TaskKinds:
    """Every kind of task by its code, as the book says now. Raises what `parse_tasks` raises."""
    return parse_tasks(tasks_source().text)


def tasks_source() -> Source:
    """The text of the kinds."""
    return packaged_source(TASK_NAMES)


@lru_cache(maxsize=8)
def parse_tasks(text: str) -> TaskKinds:
    """The kinds of a text. Raises BadBook for a code that stands twice, for findings nobody may give and for
    a finding that must be given and has no codes."""
    found = Source(TASK_NAMES, text)
    kinds: dict[str, TaskKind] = {}
    for place, one in enumerate(fit(found, RawTasks, plain(found)).tasks):
        if one.what in kinds:
            raise bad(found, *position(found, ("tasks", place, "what")), f"{one.what} stands twice")
        if (one.finding is None) is bool(one.findings):
            raise bad(
                found, *position(found, ("tasks", place)), f"{one.what}: finding and findings go together"
            )
        kinds[one.what] = _kind(one)
    return kinds


def _kind(raw: RawTask) -> TaskKind:
    return TaskKind(
        what=raw.what,
        fact=raw.fact or raw.what,
        label=Text(raw.zh, raw.en),
        to=tuple(one.value for one in (Department if raw.to == "any" else raw.to)),
        due_hours=raw.due_hours,
        needs=Needs(raw.finding or Needs.NEVER),
        findings={code: Text(one.zh, one.en) for code, one in raw.findings.items()},
        dated=frozenset(code for code, one in raw.findings.items() if one.dated),
        opens_money=frozenset(code for code, one in raw.findings.items() if one.money),
        stops={one.value: reason for one, reason in raw.stops.items()},
    )


def task_facts(kinds: TaskKinds | None = None) -> Mapping[str, FactSpec]:
    """The contracts of the facts about tasks, by name; of the kinds in use where none are given."""
    found: dict[str, FactSpec] = {}
    for kind in (task_kinds() if kinds is None else kinds).values():
        zh, en = kind.label.zh, kind.label.en[:1].upper() + kind.label.en[1:]
        name = f"{PREFIX}{kind.fact}"
        values = {"none": Text("未发起", "none"), "open": Text("等待答复", "open"), **kind.findings}
        if kind.needs is not Needs.MUST:
            values["answered"] = Text("已答复", "answered")
        made = (
            FactSpec(
                name, FactType.CODE, Text(zh, en), f"newest {kind.what} task in this cycle", values=values
            ),
            FactSpec(
                f"{name}_answer",
                FactType.TEXT,
                Text(f"{zh}答复", f"{en}: answer"),
                "text of its answer",
                absent=True,
            ),
            FactSpec(
                f"{name}_due",
                FactType.INSTANT,
                Text(f"{zh}时限", f"{en}: due"),
                "when its answer is due; absent without a task",
                absent=True,
            ),
            FactSpec(
                f"{name}_late",
                FactType.BOOL,
                Text(f"{zh}超时", f"{en}: overdue"),
                "its answer is due and not there",
            ),
        )
        found |= {one.name: one for one in made}
        if kind.dated:
            label = Text(f"{zh}日期", f"{en}: day")
            meaning = "the day that its answer names; absent without one"
            found[f"{name}_on"] = FactSpec(f"{name}_on", FactType.DATE, label, meaning, absent=True)
    return found
