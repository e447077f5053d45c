"""The walk: (procedure, answers, facts) -> where we are, what is offered, what is refused and why.

Answers up to the last binding one are history: they are replayed as recorded, whatever the facts say now,
for it was those very effects that changed the facts. Behind them every look is looked at again and every
guard asked again. Nothing runs on by itself: an answer given before something else changed is kept, but
waits for a key.
"""

from collections import Counter
from collections.abc import Sequence

from bdesk.rules.walk.guards import evaluate
from bdesk.rules.walk.model import HERE, Option, Procedure, Step, StepType, WaitsFor, Way
from bdesk.rules.walk.present import Ground, chooses, ground, only_option, present, taken, way_as_option
from bdesk.rules.walk.values import Facts, GivenValue, Text
from bdesk.rules.walk.views import (
    Answer,
    Done,
    Finish,
    Later,
    Moved,
    StageState,
    StageView,
    StepView,
    Via,
    Waiting,
    Walk,
)


def walk(
    procedure: Procedure, answers: Sequence[Answer], facts: Facts, *, cycle: int = 1, at: str | None = None
) -> Walk:
    """Walk a procedure as far as answers and facts carry. Pure; the same input gives the same walk.

    `answers` in the order they were recorded. `at` stops at a step that was answered and is not history
    yet, with its answer kept, for stepping back; a step that is not on the way is ignored.
    """
    walker = _Walker(procedure, facts, cycle)
    mine = [answer for answer in answers if answer.cycle == cycle]
    last = max((index for index, answer in enumerate(mine) if answer.binding), default=-1)
    walker.replay(mine[: last + 1])
    walker.run(mine, last + 1, at)
    return walker.result(mine)


def unchanged(current: StepView, option: str, captures: dict[str, GivenValue]) -> bool:
    """Whether an answer says what the kept one says, so that recording it again would change nothing."""
    kept = current.kept
    return (
        kept is not None
        and not current.to_confirm
        and kept.option == option
        and dict(kept.captures) == dict(captures)
    )


class _Walker:
    """The walk in progress; thrown away when its result is read."""

    def __init__(self, procedure: Procedure, facts: Facts, cycle: int) -> None:
        self.procedure = procedure
        self.facts = facts
        self.cycle = cycle
        self.position: str | None = procedure.entry
        self.trail: list[Done] = []
        self.given: dict[str, GivenValue] = {}
        self.via: list[tuple[str, str]] = []
        self.answered: Counter[str] = Counter()
        self.used: set[int] = set()
        self.finish: Finish | None = None
        self.moved: Moved | None = None
        self.current: StepView | None = None

    @property
    def ground(self) -> Ground:
        return ground(self.procedure, self.facts, self.given)

    # History ---------------------------------------------------------------------------------

    def replay(self, answers: list[Answer]) -> None:
        """Take answers as they were recorded; one to a step already on the path starts over from there."""
        path: list[tuple[int, Answer]] = []
        for index, answer in enumerate(answers):
            for place, (_, earlier) in enumerate(path):
                if (earlier.step, earlier.round) == (answer.step, answer.round) and not earlier.binding:
                    del path[place:]
                    break
            path.append((index, answer))
        for index, answer in path:
            self._recorded(index, answer)

    def _recorded(self, index: int, answer: Answer) -> None:
        for step_id, code in answer.via:
            if self.procedure.has(step_id):
                step = self.procedure.step(step_id)
                self._tick(step, code, _label(step, code), frozen=True)
        if not self.procedure.has(answer.step):
            return
        step = self.procedure.step(answer.step)
        option = _option(step, answer.option)
        if option is not None:
            self._take(step, option, answer, index, frozen=True)

    # What is asked again ---------------------------------------------------------------------

    def run(self, answers: list[Answer], start: int, at: str | None) -> None:
        newest = {(one.step, one.round): index for index, one in enumerate(answers) if index >= start}
        high = -1
        ticked: set[str] = set()
        while self.position is not None:
            step = self.procedure.step(self.position)
            round_no = self.answered[step.id] + 1
            index = newest.get((step.id, round_no))
            answer = answers[index] if index is not None else None
            if answer is not None and at == step.id:
                return self._stop(step, round_no, answer, False)
            way = None if step.id in ticked else self._own_way(step, answer is not None, answers)
            if way is not None:
                ticked.add(step.id)
                high = max(high, self._came_true(step, newest, answers))
                self._tick(step, way.code, way.label, frozen=False)
                self._go(step, way)
                continue
            if answer is None or index is None:
                return self._stop(step, round_no, None, False)
            option = _option(step, answer.option)
            if option is None or not self._stands(step, option, answer):
                return self._stop(step, round_no, answer, True)
            if index < high or (answer.via != tuple(self.via) and not answer.carried):
                return self._stop(step, round_no, answer, True)
            high = index
            ticked.clear()
            self._take(step, option, answer, index, frozen=False)
        return None

    def _came_true(self, step: Step, newest: dict[tuple[str, int], int], answers: list[Answer]) -> int:
        """Take in what was answered at a step whose facts have since come true (a check that passed)."""
        last = -1
        while (index := newest.get((step.id, self.answered[step.id] + 1))) is not None:
            answer = answers[index]
            option = _option(step, answer.option)
            if option is None or option.goto != HERE:
                break
            last = index
            self._take(step, option, answer, index, frozen=False)
        return last

    def _own_way(self, step: Step, answered: bool, answers: list[Answer]) -> Way | Option | None:
        way = _settled(step, answers) or taken(step, self.ground)
        if way is not None:
            return way
        return None if answered else only_option(step, self.ground)

    def _stands(self, step: Step, option: Option, answer: Answer) -> bool:
        given = {**self.given, **answer.captures, **dict(option.sets)}
        before, after = self.ground, ground(self.procedure, self.facts, given)
        verdict = evaluate(option.guard, before.facts, before.given)
        if verdict.truth:
            verdict = evaluate(option.accept, after.facts, after.given)
        # A look was answered by a person because its facts were unknown; they may still be.
        if verdict.truth or (verdict.truth is None and chooses(step)):
            return True
        self.moved = Moved(answer, verdict.because)
        return False

    # Moves -----------------------------------------------------------------------------------

    def _tick(self, step: Step, code: str, label: Text, *, frozen: bool) -> None:
        self.via.append((step.id, code))
        if self.trail and self.trail[-1].step == step.id and self.trail[-1].by is not None:
            # The step was answered and the facts have come true: one tick, with the name of who did it.
            return
        option = step.option(code)
        if option is not None:
            self.given.update(option.sets)
        quiet = step.type is StepType.LOOK or step.silent
        self._done(step, code, label, None, round_no=self.answered[step.id] + 1, frozen=frozen, quiet=quiet)

    def _take(self, step: Step, option: Option, answer: Answer, index: int, *, frozen: bool) -> None:
        self.used.add(index)
        self.given.update(answer.captures)
        self.given.update(option.sets)
        self.answered[step.id] += 1
        self.via.clear()
        if self.trail and self.trail[-1].step == step.id and option.goto == HERE:
            self.trail.pop()
        self._done(
            step,
            option.code,
            option.label,
            answer,
            round_no=self.answered[step.id],
            frozen=frozen,
            quiet=False,
        )
        self._go(step, option)

    def _done(
        self,
        step: Step,
        code: str,
        label: Text,
        answer: Answer | None,
        *,
        round_no: int,
        frozen: bool,
        quiet: bool,
    ) -> None:
        seen = self.ground
        self.trail.append(
            Done(
                step=step.id,
                type=step.type,
                title=seen.fill(step.title),
                chosen=code,
                label=seen.fill(label),
                by=answer.by if answer is not None else None,
                at=answer.at if answer is not None else None,
                round=round_no,
                frozen=frozen,
                quiet=quiet,
                fragment=step.fragment,
                captures=dict(answer.captures) if answer is not None else {},
            )
        )

    def _go(self, step: Step, way: Way | Option) -> None:
        if way.outcome is not None:
            reject = way.reject if isinstance(way, Option) else None
            self.finish = Finish(way.outcome, step.id, reject, step.group, step.kind)
            self.position = None
        elif way.goto != HERE:
            self.position = way.goto

    def _stop(self, step: Step, round_no: int, kept: Answer | None, to_confirm: bool) -> None:
        self.current = present(self.procedure, step, round_no, self.ground, kept, to_confirm)

    # Result ----------------------------------------------------------------------------------

    def result(self, answers: list[Answer]) -> Walk:
        shown = self.current.step if self.current is not None else None
        waiting = None
        if shown is not None and shown.type is StepType.WAIT:
            since = next((one.at for one in reversed(self.trail) if one.at is not None), None)
            waiting = Waiting(shown.id, shown.waits_for or WaitsFor.COLLEAGUE, shown.timers, since)
        return Walk(
            code=self.procedure.code,
            version=self.procedure.version,
            cycle=self.cycle,
            trail=tuple(self.trail),
            current=self.current,
            later=tuple(self._later(shown)),
            stages=self._stages(shown),
            given=dict(self.given),
            via=self._via(),
            finished=self.finish,
            waiting=waiting,
            moved=self.moved,
            unreached=tuple(self._unreached(answers)),
        )

    def _via(self) -> Via:
        return tuple(self.via)

    def _unreached(self, answers: list[Answer]) -> list[Answer]:
        newest = {(one.step, one.round): index for index, one in enumerate(answers)}
        shown = self.current.kept if self.current is not None else None
        return [answers[i] for i in sorted(newest.values()) if i not in self.used and answers[i] is not shown]

    def _stages(self, shown: Step | None) -> tuple[StageView, ...]:
        at = shown.stage if shown is not None else len(self.procedure.stages)

        def state(place: int) -> StageState:
            return StageState.DONE if place < at else StageState.NOW if place == at else StageState.LATER

        return tuple(StageView(title, state(place)) for place, title in enumerate(self.procedure.stages))

    def _later(self, shown: Step | None) -> list[Later]:
        """The likeliest way on, for the dim lines: first choices, and ways the facts do not exclude."""
        found: list[Later] = []
        seen: set[str] = set()
        step = shown
        while step is not None and step.id not in seen:
            seen.add(step.id)
            if step is not shown and step.type is not StepType.LOOK and step.type is not StepType.WAIT:
                found.append(Later(step.id, self.ground.fill(step.title), step.stage))
            following = self._likely(step)
            step = self.procedure.step(following) if following is not None else None
        return found

    def _likely(self, step: Step) -> str | None:
        if step.ways and step.type is StepType.LOOK:
            for way in step.ways:
                if evaluate(way.guard, self.ground.facts, self.given).truth is not False:
                    return way.goto
            return None
        first = next((one for one in step.options if one.primary), None) or (
            step.options[0] if step.options else None
        )
        if first is None or first.goto == HERE:
            return next((way.goto for way in step.ways if way.goto is not None), None)
        return first.goto


def _settled(step: Step, answers: Sequence[Answer]) -> Way | None:
    """The way that a look which is looked at once took: the first answer behind it says which."""
    if not step.once:
        return None
    here = (code for one in answers if not one.carried for at, code in one.via if at == step.id)
    took = next(here, None)
    return next((way for way in step.ways if way.code == took), None)


def _option(step: Step, code: str) -> Option | None:
    option = step.option(code)
    if option is not None:
        return option
    way = next((one for one in step.ways if one.code == code), None)
    if way is not None:
        return way_as_option(way)
    timer = next((one for one in step.timers if one.code == code and one.goto is not None), None)
    return Option(timer.code, timer.label, goto=timer.goto) if timer is not None else None


def _label(step: Step, code: str) -> Text:
    option = _option(step, code)
    return option.label if option is not None else Text("", "")
