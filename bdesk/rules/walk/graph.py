"""A procedure as a graph: what leads where, what cannot be reached, what never ends; and its drawings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bdesk.rules.walk.model import HERE, Option, Procedure, Step, StepType
from bdesk.rules.walk.values import Text

_SHAPES: Mapping[StepType, tuple[str, str]] = {
    StepType.ASK: ("[", "]"),
    StepType.LOOK: ("{{", "}}"),
    StepType.DECIDE: ("{", "}"),
    StepType.WAIT: ("([", "])"),
    StepType.CALL: ("[[", "]]"),
    StepType.CONVERT: (">", "]"),
    StepType.HAND_OFF: (">", "]"),
}


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from a step. `target` None: the walk ends, with `outcome`. `keyless`: taken without a key."""

    start: str
    code: str
    label: Text
    target: str | None
    outcome: str | None
    keyless: bool


def edges(procedure: Procedure) -> Iterator[Edge]:
    """Every way of every step, in order; timers included."""
    for step in procedure.steps:
        yield from edges_of(step)


def edges_of(step: Step) -> Iterator[Edge]:
    """The ways from one step."""
    for way in step.ways:
        yield Edge(step.id, way.code, way.label, _target(step, way.goto), way.outcome, True)
    for option in step.options:
        keyless = _ticks_itself(step, option)
        yield Edge(step.id, option.code, option.label, _target(step, option.goto), option.outcome, keyless)
    for timer in step.timers:
        if timer.goto is not None or timer.outcome is not None:
            yield Edge(step.id, timer.code, timer.label, timer.goto, timer.outcome, False)


def unreachable(procedure: Procedure) -> tuple[str, ...]:
    """Ids of steps that no way from the entry leads to."""
    onward = _onward(procedure)
    seen: set[str] = set()
    waiting = [procedure.entry]
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting.extend(onward.get(at, ()))
    return tuple(step.id for step in procedure.steps if step.id not in seen)


def dead_ends(procedure: Procedure) -> tuple[str, ...]:
    """Ids of steps from which no end can be reached."""
    ending = {edge.start for edge in edges(procedure) if edge.target is None and edge.outcome is not None}
    backward: dict[str, set[str]] = {}
    for edge in edges(procedure):
        if edge.target is not None:
            backward.setdefault(edge.target, set()).add(edge.start)
    seen: set[str] = set()
    waiting = list(ending)
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting.extend(backward.get(at, ()))
    return tuple(step.id for step in procedure.steps if step.id not in seen)


def keyless_loops(procedure: Procedure) -> tuple[tuple[str, ...], ...]:
    """Rings of steps that the system could tick round and round without a key."""
    onward: dict[str, list[str]] = {}
    for edge in edges(procedure):
        if edge.keyless and edge.target is not None:
            onward.setdefault(edge.start, []).append(edge.target)
    found: dict[frozenset[str], tuple[str, ...]] = {}
    done: set[str] = set()

    def visit(at: str, path: list[str]) -> None:
        if at in path:
            ring = tuple(path[path.index(at) :])
            found.setdefault(frozenset(ring), ring)
            return
        if at in done:
            return
        for target in onward.get(at, ()):
            visit(target, [*path, at])
        done.add(at)

    for step in procedure.steps:
        visit(step.id, [])
    return tuple(found.values())


def tree(procedure: Procedure, language: str) -> tuple[str, ...]:
    """The graph as lines of text: each step once, its ways below it, back references by id."""
    lines = [f"{procedure.code} v{procedure.version}  {procedure.title.get(language)}"]
    for place, stage in enumerate(procedure.stages):
        lines.append(f"{place + 1} {stage.get(language)}")
        for step in procedure.steps:
            if step.stage == place:
                lines.extend(_tree_step(step, language))
    return tuple(lines)


def mermaid(procedure: Procedure, language: str) -> tuple[str, ...]:
    """The graph in Mermaid's flowchart language."""
    names = {step.id: f"s{place}" for place, step in enumerate(procedure.steps)}
    lines = ["flowchart TD"]
    for step in procedure.steps:
        left, right = _SHAPES[step.type]
        lines.append(f'  {names[step.id]}{left}"{_plain(step.title.get(language))}"{right}')
    ends: dict[str, str] = {}
    for edge in edges(procedure):
        if edge.target is not None:
            target = names.get(edge.target, "unknown")
        else:
            target = ends.setdefault(edge.outcome or "", f"e{len(ends)}")
        arrow = "-.->" if edge.keyless else "-->"
        lines.append(f'  {names[edge.start]} {arrow}|"{_plain(edge.label.get(language))}"| {target}')
    lines.extend(f'  {name}(("{outcome}"))' for outcome, name in ends.items())
    return tuple(lines)


def _tree_step(step: Step, language: str) -> Iterator[str]:
    yield f"  {step.id}  [{step.type.value}] {step.title.get(language)}"
    number = 0
    for edge in edges_of(step):
        if edge.keyless or step.option(edge.code) is None:
            mark = "~"
        else:
            number += 1
            mark = str(number)
        end = f"-> {edge.target}" if edge.target is not None else f"= {edge.outcome}"
        yield f"    {mark} {edge.label.get(language)}  {end}"


def _plain(text: str) -> str:
    return text.replace('"', "'")


def _target(step: Step, goto: str | None) -> str | None:
    return step.id if goto == HERE else goto


def _ticks_itself(step: Step, option: Option) -> bool:
    may = step.silent and step.type not in (StepType.WAIT, StepType.LOOK)
    return may and not (option.effects or option.needs or option.clocks)


def _onward(procedure: Procedure) -> dict[str, list[str]]:
    onward: dict[str, list[str]] = {}
    for edge in edges(procedure):
        if edge.target is not None:
            onward.setdefault(edge.start, []).append(edge.target)
    return onward
