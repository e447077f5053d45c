"""Questions to departments that a procedure must not send."""

from bdesk.data.book.loader import known
from bdesk.rules.walk.check import Fault
from bdesk.rules.walk.check_tasks import check_task
from bdesk.rules.walk.model import EffectUse, Param
from bdesk.rules.walk.values import Risk

KNOWN = known({})


def asked(what: Param, to: Param) -> list[Fault]:
    use = EffectUse("task.open", (("what", what), ("to", to)), Risk.RECORD, False)
    return list(check_task("here", use, KNOWN))


def literal(value: str) -> Param:
    return Param(literal=value)


def test_a_department_that_is_never_asked_for_this() -> None:
    assert asked(literal("trace_refund"), literal("payment")) == []
    assert asked(literal("trace_refund"), literal("courier")) == [
        Fault("task.department", "here", "trace_refund courier")
    ]
    assert asked(literal("feedback"), literal("courier")) == []


def test_a_department_that_an_answer_names_is_asked_about_when_it_is_known() -> None:
    assert asked(literal("trace_refund"), Param(name="given.area")) == []


def test_the_effect_takes_the_codes_of_the_table() -> None:
    choices = {one.name: one.choices for one in KNOWN.effects["task.open"].params}["what"]
    assert set(choices) == set(KNOWN.tasks)
