from datetime import date

import pytest

from bdesk.errors import BadInput, NotAllowed
from bdesk.rules.walk.model import Capture, CaptureType, Choice, EffectUse, Leaf, Op, Param
from bdesk.rules.walk.plan import parse, plan
from bdesk.rules.walk.values import UNKNOWN, Risk
from tests.rules.walk.small import PAID, Agent, option, procedure, step, text


def _ready() -> Agent:
    agent = Agent()
    agent.choose("yes")
    agent.choose("a")
    return agent


def test_an_answer_says_what_it_would_do_and_on_which_facts_it_rests() -> None:
    agent = _ready()
    planned = plan(agent.procedure, agent.walk, "pay", {}, agent.facts)
    assert planned.money_fen == 100
    assert planned.binding
    assert planned.strip
    assert planned.goto == "tell"
    assert planned.rests_on == {"order.sum_fen": 100, "limits.sum_fen": 200}
    ending = plan(agent.procedure, agent.walk, "no", {}, agent.facts)
    assert ending.finish is not None
    assert (ending.finish.outcome, ending.finish.reject) == ("rejected", "fraud")
    assert not ending.binding


def test_a_refusal_says_why_in_words_and_names_the_fact() -> None:
    agent = _ready()
    agent.facts["limits.sum_fen"] = 99
    with pytest.raises(NotAllowed) as refused:
        plan(agent.procedure, agent.walk, "pay", {}, agent.facts)
    assert refused.value.code == "option.refused"
    assert refused.value.params["facts"] == ("order.sum_fen",)
    assert str(refused.value.params["why"]) == "Sum 1.00, must be at most Limit 0.99"


def test_an_unknown_option_or_field_is_refused() -> None:
    agent = _ready()
    with pytest.raises(NotAllowed, match=r"option\.none"):
        plan(agent.procedure, agent.walk, "nowhere", {}, agent.facts)
    with pytest.raises(BadInput, match=r"capture\.unknown"):
        plan(agent.procedure, agent.walk, "pay", {"x": "y"}, agent.facts)


def test_fields_an_option_needs_must_be_filled_and_fit() -> None:
    agent = Agent()
    agent.choose("yes")
    with pytest.raises(BadInput, match=r"capture\.missing"):
        plan(agent.procedure, agent.walk, "note", {}, agent.facts)
    with pytest.raises(BadInput, match=r"capture\.bad"):
        plan(agent.procedure, agent.walk, "note", {"words": "x" * 11}, agent.facts)


def test_an_effect_never_runs_on_a_fact_that_cannot_be_told() -> None:
    use = EffectUse("refund", (("amount_fen", Param(name="order.sum_fen")),), Risk.MONEY, True)
    agent = Agent(procedure(step("one", option("pay", None, "solved", guard=PAID, effects=(use,)))))
    agent.facts["order.sum_fen"] = UNKNOWN
    with pytest.raises(NotAllowed, match=r"effect\.untold"):
        plan(agent.procedure, agent.walk, "pay", {}, agent.facts)


def test_effects_with_a_condition_are_done_only_when_it_holds() -> None:
    use = EffectUse("note", (("text", Param(literal="x")),), Risk.RECORD, False, PAID)
    agent = Agent(procedure(step("one", option("go", None, "solved", effects=(use,)))))
    assert len(plan(agent.procedure, agent.walk, "go", {}, agent.facts).effects) == 1
    agent.facts["order.paid"] = False
    assert plan(agent.procedure, agent.walk, "go", {}, agent.facts).effects == ()


def test_accept_is_asked_with_the_fields_filled() -> None:
    amount = Capture("amount", CaptureType.AMOUNT, text("amount"))
    accept = Leaf("given.amount", Op.LE, None, "order.sum_fen")
    made = procedure(
        step("one", option("go", None, "solved", accept=accept, needs=("amount",)), captures=(amount,))
    )
    agent = Agent(made)
    assert plan(made, agent.walk, "go", {"amount": 100}, agent.facts).captures == {"amount": 100}
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        plan(made, agent.walk, "go", {"amount": 101}, agent.facts)


CHOICES = (Choice("x", text("x")), Choice("y", text("y")))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (CaptureType.AMOUNT, "128", 12800),
        (CaptureType.AMOUNT, "１２８．５", 12850),
        (CaptureType.AMOUNT, "1,280.05", 128005),
        (CaptureType.DATE, "2026-11-14", date(2026, 11, 14)),
        (CaptureType.YESNO, "1", True),
        (CaptureType.YESNO, "否", False),
        (CaptureType.DIGITS, "００３７", "0037"),
        (CaptureType.ITEMS, "1 2、3", ("1", "2", "3")),
        (CaptureType.CHOICE, "2", "y"),
        (CaptureType.TEXT, " 文字 ", "文字"),
        (CaptureType.TEXT, "急，用！", "急，用！"),
        (CaptureType.TEXT, "Ａ１：２", "A1：2"),
        (CaptureType.TEXT, "a＠．b", "a@.b"),
    ],
)
def test_what_is_typed_becomes_a_value(kind: CaptureType, typed: str, value: object) -> None:
    choices = CHOICES if kind is CaptureType.CHOICE else ()
    assert parse(Capture("f", kind, text("f"), length=4, choices=choices), typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        (CaptureType.AMOUNT, "0", "not_amount"),
        (CaptureType.AMOUNT, "1.234", "not_amount"),
        (CaptureType.AMOUNT, "-5", "not_amount"),
        (CaptureType.DATE, "14/11", "not_date"),
        (CaptureType.YESNO, "maybe", "not_offered"),
        (CaptureType.DIGITS, "037", "not_digits"),
        (CaptureType.DIGITS, "00a7", "not_digits"),
        (CaptureType.CHOICE, "3", "not_offered"),
        (CaptureType.TEXT, "   ", "bad"),
        (CaptureType.ITEMS, "", "bad"),
    ],
)
def test_what_does_not_fit_its_field_is_refused_with_what_would(
    kind: CaptureType, typed: str, says: str
) -> None:
    choices = CHOICES if kind is CaptureType.CHOICE else ()
    with pytest.raises(BadInput) as refused:
        parse(Capture("f", kind, text("f"), length=4, choices=choices), typed)
    assert refused.value.code == f"capture.{says}"


def test_digits_of_any_number_are_digits_all_the_same() -> None:
    with pytest.raises(BadInput, match=r"capture\.not_number"):
        parse(Capture("f", CaptureType.DIGITS, text("f")), "12a")


@pytest.mark.parametrize("typed", ["2026-11-22", "2026/11/22", "2026.11.22", "2026年11月22日", "20261122"])
def test_a_date_is_taken_as_people_write_it(typed: str) -> None:
    day = Capture("day", CaptureType.DATE, text("day"), required=True)
    assert parse(day, typed) == date(2026, 11, 22)


@pytest.mark.parametrize("typed", ["2026-13-01", "22", "2026-02-30", "明天", "2026-11-22-1", "2026111"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    day = Capture("day", CaptureType.DATE, text("day"), required=True)
    with pytest.raises(BadInput):
        parse(day, typed)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("11-18", date(2026, 11, 18)),
        ("1-3", date(2027, 1, 3)),
        ("5-20", date(2027, 5, 20)),
        ("2027-11-01", date(2027, 11, 1)),
        ("11-17", None),
        ("11/1", None),
        ("5-21", None),
    ],
)
def test_a_day_to_come_is_not_taken_for_next_years_when_it_is_just_over(typed: str, day: date | None) -> None:
    field = Capture("eta", CaptureType.DATE, text("eta"), when="future")
    if day is not None:
        assert parse(field, typed, date(2026, 11, 18)) == day
        return
    with pytest.raises(BadInput, match=r"capture\.day_over"):
        parse(field, typed, date(2026, 11, 18))
