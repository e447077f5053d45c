from dataclasses import replace

import pytest

from bdesk.rules.walk.interpreter import unchanged, walk
from bdesk.rules.walk.model import ALWAYS, StepType, WaitsFor, Way
from bdesk.rules.walk.values import UNKNOWN
from bdesk.rules.walk.views import Offer, StageState, Walk
from tests.rules.walk.small import PAID, Agent, option, procedure, step, text


def test_a_look_ticks_itself_and_the_tick_is_the_systems() -> None:
    agent = Agent()
    agent.choose("yes")
    trail = agent.walk.trail
    assert [(one.step, one.chosen, one.by, one.quiet) for one in trail] == [
        ("hello", "yes", "1001", False),
        ("look", "paid", None, True),
    ]
    assert agent.at == "reason"
    assert agent.walk.via == (("look", "paid"),)
    assert [one.step for one in agent.walk.later] == ["decide", "tell"]
    assert agent.walk.stages[0].state is StageState.NOW


def test_a_way_with_an_outcome_ends_the_walk() -> None:
    agent = Agent(order__paid=False)
    agent.choose("yes")
    finished = agent.walk.finished
    assert finished is not None
    assert finished.outcome == "solved"
    assert all(stage.state is StageState.DONE for stage in agent.walk.stages)


def test_an_unknown_fact_stops_a_look_for_a_person() -> None:
    agent = Agent(order__paid=UNKNOWN)
    agent.choose("yes")
    assert agent.at == "look"
    agent.choose("paid")
    assert agent.at == "reason"
    assert agent.walk.trail[-1].by == "1001"


def test_nothing_after_a_changed_answer_runs_on_without_a_key() -> None:
    agent = Agent()
    for code in ("yes", "a"):
        agent.choose(code)
    agent.choose("other", at="hello")
    agent.choose("yes")
    current = agent.walk.current
    assert current is not None
    assert current.step.id == "reason"
    assert current.to_confirm
    assert current.kept is not None
    assert [one.code for one in current.options if one.kept] == ["a"]
    agent.choose("a")
    assert agent.at == "decide"


def test_stepping_back_keeps_the_answer_and_repeating_it_changes_nothing() -> None:
    agent = Agent()
    agent.choose("yes")
    agent.choose("a")
    assert agent.walk.back_to == ("hello", "reason")
    back = walk(agent.procedure, agent.answers, agent.facts, at="hello").current
    assert back is not None
    assert back.kept is not None
    assert back.kept.option == "yes"
    assert unchanged(back, "yes", {})
    assert not unchanged(back, "other", {})


def test_facts_that_take_the_ground_from_an_answer_are_reported() -> None:
    agent = Agent(
        procedure(step("one", option("go", "two", guard=PAID)), step("two", option("end", None, "solved")))
    )
    agent.choose("go")
    assert agent.at == "two"
    agent.facts["order.paid"] = False
    moved = agent.walk.moved
    assert agent.at == "one"
    assert moved is not None
    assert moved.answer.option == "go"
    assert [finding.leaf.fact for finding in moved.reasons] == ["order.paid"]


def test_another_way_to_the_same_step_waits_for_a_key() -> None:
    look = step(
        "look",
        type_=StepType.LOOK,
        say=False,
        ways=(Way("paid", PAID, "end", text("p")), Way("not", ALWAYS, "end", text("n"))),
    )
    agent = Agent(
        procedure(step("one", option("go", "look")), look, step("end", option("end", None, "solved")))
    )
    agent.choose("go")
    agent.choose("end")
    assert agent.walk.finished is not None
    agent.facts["order.paid"] = False
    current = agent.walk.current
    assert current is not None
    assert current.to_confirm


@pytest.mark.parametrize(("once", "at"), [(True, "end"), (False, "read_back")])
def test_a_look_that_is_looked_at_once_hears_nothing_of_what_answers_store(once: bool, at: str) -> None:
    look = step(
        "look",
        type_=StepType.LOOK,
        say=False,
        ways=(Way("said", PAID, "read_back", text("s")), Way("open", ALWAYS, "ask", text("o"))),
        once=once,
    )
    asked, read_back = step("ask", option("told", "end")), step("read_back", option("right", "end"))
    end = step("end", option("end", None, "solved"))
    agent = Agent(procedure(look, asked, read_back, end), order__paid=False)
    agent.choose("told")
    agent.facts["order.paid"] = True
    assert agent.at == at
    # Nobody has answered in the next cycle yet, and what was answered in another procedure is not its answer.
    assert _at(walk(agent.procedure, agent.answers, agent.facts, cycle=2)) == "read_back"
    elsewhere = [replace(one, carried=True) for one in agent.answers]
    assert _at(walk(agent.procedure, elsewhere, agent.facts)) == "read_back"


def _at(walked: Walk) -> str | None:
    return walked.current.step.id if walked.current is not None else None


def test_up_to_the_last_binding_answer_the_walk_is_history() -> None:
    agent = Agent()
    for code in ("yes", "a", "pay"):
        agent.choose(code)
    agent.facts.update({"order.paid": False, "order.sum_fen": 0, "limits.sum_fen": 0})
    assert agent.at == "tell"
    assert agent.walk.moved is None
    assert all(one.frozen for one in agent.walk.trail)
    assert agent.walk.back_to == ()


def test_a_recalled_answer_gives_the_step_back() -> None:
    agent = Agent()
    for code in ("yes", "a", "pay"):
        agent.choose(code)
    agent.answers.pop()
    assert agent.at == "decide"


def test_history_leaves_out_what_was_answered_anew_before_it() -> None:
    agent = Agent()
    agent.choose("yes")
    agent.choose("a")
    agent.choose("b", at="reason")
    agent.choose("pay")
    assert [one.chosen for one in agent.walk.trail] == ["yes", "paid", "b", "pay"]
    assert agent.walk.given["reason"] == "b"


def test_answers_that_are_stored_count_as_facts_at_once() -> None:
    agent = Agent()
    agent.choose("yes")
    agent.choose("b")
    current = agent.walk.current
    assert current is not None
    assert agent.walk.given == {"reason": "b"}


def test_a_step_that_comes_back_to_itself_counts_rounds() -> None:
    agent = Agent()
    agent.choose("yes")
    agent.choose("note", words="one")
    agent.choose("note", words="two")
    current = agent.walk.current
    assert current is not None
    assert (current.step.id, current.round) == ("reason", 3)
    assert [one.step for one in agent.walk.trail] == ["hello", "look", "reason"]


def test_a_waiting_step_goes_on_when_its_fact_comes_true() -> None:
    wait = step(
        "wait",
        type_=StepType.WAIT,
        say=False,
        waits_for=WaitsFor.CUSTOMER,
        ways=(Way("in", PAID, "end", text("in")),),
    )
    agent = Agent(
        procedure(step("one", option("go", "wait")), wait, step("end", option("end", None, "solved"))),
        order__paid=False,
    )
    agent.choose("go")
    waiting = agent.walk.waiting
    assert waiting is not None
    assert waiting.waits_for is WaitsFor.CUSTOMER
    assert waiting.since == agent.answers[0].at
    agent.facts["order.paid"] = True
    assert agent.at == "end"


def test_a_silent_step_with_one_way_left_ticks_itself_and_never_one_that_does_something() -> None:
    silent = step(
        "silent",
        option("a", "end", guard=PAID),
        option("b", "end", guard=Agent().procedure.step("look").ways[0].guard),
        say=False,
    )
    both = Agent(procedure(silent, step("end", option("end", None, "solved"))))
    assert both.at == "silent"
    one = Agent(
        procedure(
            step("silent", option("a", "end", guard=PAID), say=False),
            step("end", option("end", None, "solved")),
        )
    )
    assert one.at == "end"
    one.facts["order.paid"] = UNKNOWN
    assert one.at == "silent"
    current = one.walk.current
    assert current is not None
    assert current.options[0].offer is Offer.UNKNOWN


def test_other_cycles_are_another_walk() -> None:
    agent = Agent()
    agent.choose("yes")
    assert walk(agent.procedure, agent.answers, agent.facts, cycle=2).trail == ()


def test_a_ring_of_ways_stops_instead_of_running_for_ever() -> None:
    ring = procedure(
        step("a", type_=StepType.LOOK, say=False, ways=(Way("x", ALWAYS, "b", text("x")),)),
        step("b", type_=StepType.LOOK, say=False, ways=(Way("y", ALWAYS, "a", text("y")),)),
    )
    assert Agent(ring).at == "a"
