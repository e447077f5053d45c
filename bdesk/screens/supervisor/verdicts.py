"""What the digits do on a request: 1 approve, 2 refuse, 3 back with a question, 4 ask risk. What is not
possible stays in its place, grey, with its reason (UX 7)."""

from collections.abc import Sequence

from bdesk.i18n import _
from bdesk.models.kinds import Role
from bdesk.models.views.supervision import WaitingRequest
from bdesk.screens.supervisor import words
from bdesk.screens.supervisor.details import hindrance_words
from bdesk.text import yuan
from bdesk.widgets.choices import Choice
from bdesk.widgets.lines import Piece

APPROVE, REFUSE, RETURN, RISK, ANSWER = "approve", "refuse", "return", "ask_risk", "answer_risk"
NO_WORDS = frozenset({APPROVE})
"""What is decided without words, unless the matrix asks for a note."""


def offered(one: WaitingRequest | None, marked: int, role: Role, seen: bool) -> tuple[Choice, ...]:
    """The four, for the selected request, or for those that are marked."""
    fourth = ANSWER if role is Role.RISK else RISK
    every = (APPROVE, REFUSE, RETURN, fourth)
    return tuple(
        Choice(code, label_of(code), reason=_reason(code, one, marked, role, seen)) for code in every
    )


def label_of(code: str) -> str:
    """What a digit does, in a word or two."""
    return {
        APPROVE: _("Approve"),
        REFUSE: _("Refuse"),
        RETURN: _("Back with a question"),
        RISK: _("Ask risk"),
        ANSWER: _("Answer it"),
    }[code]


def _reason(code: str, one: WaitingRequest | None, marked: int, role: Role, seen: bool) -> str:
    """Why it cannot be now; empty when it can."""
    if not seen:
        return _("Not during a call: sums and reasons are hidden")
    if marked:
        return _("One request at a time: take the marks away") if code in (RISK, ANSWER) else ""
    if one is None:
        return _("No request is selected")
    if code == ANSWER:
        return "" if one.waits_for_risk else _("Nobody has asked risk about this one")
    if one.hindrance:
        return hindrance_words(one)
    if one.waits_for_risk and code == RISK:
        return _("Risk was asked already; their answer comes here")
    if one.waits_for_risk and code == APPROVE and role is not Role.RISK:
        return _("Risk was asked and has not answered yet")
    return ""


def line_of(choices: Sequence[Choice], marked: int, chosen: str | None) -> list[Piece]:
    """The line of digits above the footer."""
    title = _("Marked {count}", count=marked) if marked else _("Decide")
    pieces: list[Piece] = [(f"  {title} ", "warn" if marked else "dim")]
    for at, one in enumerate(choices, start=1):
        hot = one.code == chosen
        digit = "digit.off" if one.reason else "digit.hot" if hot else "digit"
        label = "off" if one.reason else "strong" if hot else "text"
        pieces += [(" ", "text"), (f" {at} ", digit), (f" {one.label} ", label)]
    return pieces


def phrase(code: str, found: Sequence[WaitingRequest]) -> list[Piece]:
    """What would be done, in words: what the strip says, and what words are asked for."""
    label = label_of(code)
    if len(found) == 1:
        one = found[0]
        amount = words.amount_words(one, True)
        text = [words.action_words(one), *([amount] if amount else []), one.row.customer]
        return [
            (f"{label}  ", "strong"),
            ("  ".join(text), "strong"),
            (f"  {one.row.approval.case_no}", "soft"),
        ]
    count = _("{count} requests", count=len(found))
    return [(f"{label}  ", "strong"), (f"{count}  {_('sum')} {yuan(total_fen(found))}", "strong")]


NAMED = 6
"""So many of several requests are named in the strip, each with its sum; the list shows the marks of more."""


def named(found: Sequence[WaitingRequest]) -> list[Piece]:
    """The requests of a decision on several, to be read before F8."""
    each = [f"{one.row.customer} {whose_words(one)}" for one in found[:NAMED]]
    if len(found) > NAMED:
        each.append(_("and {count} more", count=len(found) - NAMED))
    return [(f"  {one}", "text") for one in each]


def whose_words(one: WaitingRequest, cells: int = 0) -> str:
    """How much of somebody's is decided; where it is no money, what, in so many `cells` if any are given."""
    return words.amount_words(one, True) or words.action_words(one, cells)


def total_fen(found: Sequence[WaitingRequest]) -> int:
    """The sum of several requests, in fen; one without a sum counts nothing."""
    return sum(one.row.approval.amount_fen or 0 for one in found)


def wants_words(code: str, found: Sequence[WaitingRequest]) -> bool:
    """Whether this cannot be done without words."""
    return code not in NO_WORDS or any(one.wants_words for one in found)


def hint_of(code: str) -> str:
    """What the field for the words asks for."""
    return {
        APPROVE: _("The note that goes with so large a sum"),
        REFUSE: _("Why not, in a few words: the agent reads it"),
        RETURN: _("What is missing or not clear: the agent reads it"),
        RISK: _("What risk should say"),
        ANSWER: _("What you found; they decide with it"),
    }[code]
