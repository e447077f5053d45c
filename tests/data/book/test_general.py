"""The general procedure at the desk: every kind of case can be recorded, answered, passed on and closed."""

from importlib import resources

import pytest
from ruamel.yaml import YAML

from bdesk.data.book import loader
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind
from bdesk.rules.cases import STRONG_KINDS
from bdesk.rules.walk.values import FactValue
from tests.data.book.walking import Agent

KINDS = [CaseKind(kind) for kind in loader.procedure("general").kinds]


def at_handle(kind: CaseKind, **facts: FactValue) -> Agent:
    agent = Agent(procedure=loader.procedure_for(kind))
    agent.know({"case.kind": kind.value, "case.stoppable_clock": "resolution"})
    agent.know({name.replace("__", "."): value for name, value in facts.items()})
    agent.choose("confirmed")
    if kind is CaseKind.COMPLAINT:
        agent.choose("letter")
    assert agent.step.step.id == "handle"
    return agent


def moves(agent: Agent, option: str, **captures: str) -> list[tuple[str, str]]:
    return [(one.move.verb.value, one.move.kind) for one in agent.choose(option, **captures).clocks]


def test_every_kind_of_case_has_a_procedure() -> None:
    for kind in CaseKind:
        assert kind in loader.procedure_for(kind).kinds
    assert loader.procedure_for(CaseKind.WALLET_REFUND).code == "refund"
    assert loader.procedure_for(CaseKind.PAYMENT_FAILURE).code == "payment_failure"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_noted_answered_asked_raised_parked_and_closed(kind: CaseKind) -> None:
    agent = at_handle(kind)
    assert agent.choose("answer", text="已经为您查到").letters == ("N11",)
    assert agent.choose("note", text="客户着急").effects[0].effect == "note.add"
    assert agent.choose("aside").effects[0].effect == "case.put_aside"
    assert agent.choose("raise", text="客户要求主管").effects[0].effect == "case.raise"
    stop = agent.choose("material", text="付款截图").effects[0]
    assert (stop.effect, stop.params["clock"]) == ("clock.stop_with_letter", "resolution")
    assert agent.walk.waiting is not None
    agent.know({"evidence.new_since_request": 1})
    assert agent.step.step.id == "handle"
    agent.choose("close")
    agent.choose("answered")
    assert agent.walk.finished is not None
    assert agent.walk.finished.outcome == "answered"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_passed_on_and_goes_on_there(kind: CaseKind) -> None:
    agent = at_handle(kind)
    agent.choose("pass_on")
    agent.choose("group")
    planned = agent.choose("go", group="payment", briefing="请查扣款")
    assert planned.effects[0].params == {"group": "payment", "note": "请查扣款"}
    assert agent.step.step.id == "handle"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_becomes_another_and_none_becomes_itself(kind: CaseKind) -> None:
    agent = at_handle(kind)
    agent.choose("pass_on")
    agent.choose("convert")
    with pytest.raises(NotAllowed):
        agent.plan("go", kind=kind.value)
    agent.choose("go", kind="refund")
    assert agent.walk.finished is not None
    assert agent.walk.finished.outcome == "converted"


def test_what_was_written_for_one_thing_is_not_sent_with_the_next() -> None:
    agent = at_handle(CaseKind.CONSULTATION)
    agent.choose("answer", text="已经为您查到")
    assert agent.step.captures[0].value is None
    assert "note" not in agent.plan("aside").effects[0].params


def test_a_complaint_is_acknowledged_and_has_its_result() -> None:
    agent = Agent(procedure=loader.procedure_for("complaint"))
    agent.know({"case.kind": "complaint"})
    agent.choose("confirmed")
    assert moves(agent, "spoken") == [("fulfil", "complaint_ack")]
    agent.choose("formal")
    assert ("fulfil", "complaint_result") in moves(agent, "result", finding="已核实，向您致歉")


def test_feedback_is_forwarded_to_a_department() -> None:
    agent = at_handle(CaseKind.FEEDBACK)
    agent.choose("formal")
    planned = agent.plan("forward", area="warehouse", finding="包装太多")
    assert planned.effects[0].params == {
        "to": "warehouse",
        "what": "feedback",
        "text": "包装太多",
        "due_hours": 72,
    }
    assert moves(agent, "forward", area="warehouse", finding="包装太多") == [("fulfil", "feedback_forward")]


def test_a_change_of_wallet_limits_needs_a_code() -> None:
    agent = at_handle(CaseKind.WALLET_LIMITS, verification__level=2)
    agent.choose("verify")
    assert agent.step.step.id == "verify_strong/code"
    agent.know({"verification.level": 3})
    assert agent.step.step.id == "handle"


def test_the_kinds_whose_verification_needs_a_code_are_known_to_who_hides_the_factors() -> None:
    """Before it has passed their screens show no value that a thief could be asked for."""
    strong = {CaseKind.WALLET_LIMITS}  # by the look of the test above
    for path in sorted((resources.files("bdesk.data.book") / "procedures").iterdir(), key=str):
        tree = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        levels = {step["with"]["level"] for step in tree["steps"] if step.get("fragment") == "verification"}
        # General matters are of both levels: the kind of the test above is the one of level 3.
        if 3 in levels and path.name != "general.yaml":
            strong |= {CaseKind(kind) for kind in tree["kinds"]}
    assert strong == STRONG_KINDS
