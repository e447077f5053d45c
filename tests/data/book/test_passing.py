"""An answer that only leads to another kind makes the case that kind itself."""

from dataclasses import replace

import pytest

from bdesk.data.book.passing import passed_on
from bdesk.rules.walk.model import ALWAYS, EffectUse, Option, Param, Step, StepType, Way
from bdesk.rules.walk.values import Risk, Text

T = Text("字", "word")
CONVERT = EffectUse("case.convert", (("kind", Param(literal="refund")),), Risk.RECORD, False)
NOTE = EffectUse("note.add", (), Risk.RECORD, False)
GO = Option("go", T, effects=(CONVERT,), outcome="converted", primary=True)
END = Step("end", StepType.CONVERT, 0, T, options=(GO,), kind="refund")


def asked(option: Option) -> Step:
    return Step("ask", StepType.ASK, 0, T, options=(option,))


def test_it_does_so_and_the_step_is_gone() -> None:
    option = Option("leave", T, goto="end", sets=(("reason", "quality"),))
    (step,) = passed_on((asked(option), END), "ask")
    (joined,) = step.options
    assert (joined.effects, joined.goto, joined.outcome) == ((CONVERT,), None, "converted")
    assert (joined.code, joined.sets) == ("leave", option.sets)


@pytest.mark.parametrize(
    "end",
    [
        replace(END, say=T),
        replace(END, options=(GO, Option("stay", T, goto="ask"))),
        replace(END, options=(replace(GO, needs=("why",)),)),
        replace(END, type=StepType.ASK),
    ],
    ids=["something to say", "something to choose", "something to fill in", "another step"],
)
def test_where_something_is_said_or_decided_it_stays(end: Step) -> None:
    steps = (asked(Option("leave", T, goto="end")), end)
    assert passed_on(steps, "ask") == steps


def test_what_an_answer_does_itself_is_done_first() -> None:
    steps = (asked(Option("leave", T, goto="end", effects=(NOTE,))), END)
    assert passed_on(steps, "ask") == steps


def test_where_the_facts_lead_there_somebody_presses_its_key() -> None:
    look = Step("look", StepType.LOOK, 0, T, ways=(Way("way", ALWAYS, "end", T),))
    kept = passed_on((look, asked(Option("leave", T, goto="end")), END), "look")
    assert [step.id for step in kept] == ["look", "ask", "end"]
    assert kept[1].options[0].outcome == "converted"
