"""What was answered, as it is told afterwards: with the money that was committed, not what is left now."""

from bdesk.i18n import _
from bdesk.operations.looking.case import CasePage
from bdesk.rules.walk.values import FactType
from bdesk.rules.walk.views import Done
from bdesk.rules.walk.words import PLACE, fill
from bdesk.screens.case.present import said
from bdesk.screens.moments import passed
from bdesk.widgets.stepper import Step


def told(page: CasePage, done: Done) -> str:
    """The outcome of a step that was answered, in words."""
    amount = _committed(page, done)
    step = page.standing.procedure.step(done.step) if page.standing.procedure.has(done.step) else None
    option = step.option(done.chosen) if step is not None else None
    if amount is None or option is None:
        return said(done.label)
    specs = page.standing.procedure.facts
    places = (name for name in PLACE.findall(option.label.zh) if name in specs)
    money = dict.fromkeys((name for name in places if specs[name].type is FactType.MONEY), amount)
    return said(fill(option.label, {**page.standing.facts, **money}, done.captures, specs))


def done_steps(page: CasePage, most: int) -> list[Step]:
    """The steps behind, then the one at hand; on at most so many lines, the earliest told as one."""
    walk, now = page.standing.walk, page.standing.snapshot.now
    steps = [
        Step(
            said(done.title),
            "done",
            by=told(page, done) if done.by is not None else _("system"),
            at=passed(done.at, now) if done.at is not None else "",
        )
        for done in walk.trail
        if not done.quiet
    ]
    if len(steps) >= most:
        earlier = len(steps) - most + 2
        steps = [Step(_("{count} earlier steps", count=earlier), "done"), *steps[earlier:]]
    if walk.current is not None:
        steps.append(Step(said(walk.current.title), "now"))
    return steps


def _committed(page: CasePage, done: Done) -> int | None:
    """The amount that was committed with this answer, in fen."""
    for line in page.timeline:
        option = str(line.params.get("option", "")).removeprefix(f"{done.step}.")
        if line.kind == "effect.committed" and not line.voided and line.params.get("step") == done.step:
            amount = line.params.get("amount_fen")
            if option == done.chosen and isinstance(amount, int) and amount:
                return amount
    return None
