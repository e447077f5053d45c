"""Answers as an operation writes them down."""

from dataclasses import replace

from bdesk.rules.walk.views import Answer, Walk


def with_round(answer: Answer, walked: Walk) -> Answer:
    """The answer with the round, cycle and system's ticks of the walk it was given in."""
    current = walked.current
    round_no = current.round if current is not None else 1
    return replace(answer, round=round_no, cycle=walked.cycle, via=walked.via)
