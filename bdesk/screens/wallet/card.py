"""The card of a frozen wallet, above the walk that releases it (UX, Wallet): what holds it, how far the
customer is verified, what was answered, shown and found, what is recommended. Pure: a page in, lines out.

All of it is for staff: nothing here is read out, and while the caller is not verified sums are stars.
"""

from datetime import datetime

from bdesk.i18n import _, language
from bdesk.models.kinds import ApprovalState, CaseKind, Role
from bdesk.models.labels import label, label_of
from bdesk.models.views.snapshot import ApprovalView
from bdesk.operations.looking.case import CasePage
from bdesk.rules import unfreeze
from bdesk.rules.evidence import counting
from bdesk.rules.facts import render
from bdesk.rules.facts.progress import approval_of_cycle
from bdesk.rules.verification import code_state, passed_for, reached, tries_left
from bdesk.rules.walk.values import UNKNOWN
from bdesk.screens.moments import day
from bdesk.widgets.cells import width
from bdesk.widgets.lines import Piece
from bdesk.widgets.panel import Field, Gap, Heading, Row

_NOTED = ("coached", "device", "place", "story", "payees")
CARD = 80
"""Cells of the card where it stands above the walk."""

_SAID = ("payee", "merchant", "purpose", "where_from", "links", "calls")
"""What the customer answered in their own words (WU4), by its field."""

_LEVELS = {"low": "good", "medium": "warn", "high": "bad"}


def about_wallet(page: CasePage) -> bool:
    """Whether the case has a card: it is about a wallet that is there."""
    snap = page.standing.snapshot
    return snap.case.kind in (CaseKind.UNFREEZE, CaseKind.SECURITY) and snap.wallet is not None


def spelt(page: CasePage, name: str) -> str:
    """A fact as staff read it; stars while it could be read out to a caller."""
    spec = page.standing.procedure.facts.get(name)
    value = page.standing.facts.get(name, UNKNOWN)
    return "" if spec is None else render(spec, value, language(), page.hidden)


def lines(page: CasePage) -> list[tuple[list[Piece], list[Piece]]]:
    """At most three lines for 80 columns: the freeze and verification; answers; evidence, risk and
    recommendation; and a fourth for what risk said."""
    if not about_wallet(page):
        return []
    known: list[Piece] = [(f"{_verified(page)} ", _verified_role(page))]
    answers = _answers(page)
    found: list[tuple[list[Piece], list[Piece]]] = [
        (_freeze(page, CARD - width(known[0][0])), known),
        *([([(" ", "text"), *answers], [])] if answers else []),
        _weighed(page),
    ]
    for said in risk_fields(page)[-1:]:
        left: list[Piece] = [(f"  {said.label} ", "soft"), (said.value, said.role)]
        found.append((left, [(f"{said.note} ", "dim")]))
    return found


def _weighed(page: CasePage) -> tuple[list[Piece], list[Piece]]:
    """Evidence, risk, recommendation; how many papers lack where their names have no room."""
    right = [*_risk(page), *_recommended(page)]
    left: list[Piece] = [(f"  {_('Evidence')} ", "soft"), *_evidence(page)]
    if _cells(left) + _cells(right) > CARD:
        count = len(unfreeze.papers_missing(page.standing.snapshot))
        left[-1] = (f"  {_('lacks {count}', count=count)}", "warn")
    return left, right


def outgoing(page: CasePage) -> str:
    """What limit on payments out is in force: since a release in part, or for a day after a change was let
    through; empty for none."""
    snap = page.standing.snapshot
    wallet = snap.wallet
    if wallet is None:
        return ""
    if wallet.outgoing_limited_until is not None and wallet.outgoing_limited_until > snap.now:
        return _("nothing out until {at}", at=day(wallet.outgoing_limited_until))
    return _("receives only") if page.standing.facts.get("wallet.limited") is True else ""


def rows(page: CasePage) -> list[Row]:
    """The same as rows of the left pane, for wide terminals."""
    if not about_wallet(page):
        return []
    found: list[Row] = [Gap(), Heading(_("Wallet"), _tail(page)), *facts(page)]
    asked = approval_of_cycle(page.standing.snapshot)
    if asked is not None:
        words = spelt(page, "approval.extent")
        found.append(Field(_("Advice"), words, "strong", asked.requested_by))
        found.append(Field(_("Decision"), _decision(asked), _decision_role(asked)))
    found += risk_fields(page)
    if page.standing.facts.get("unfreeze.signs"):
        found.append(Field(_("Signs"), spelt(page, "unfreeze.signs"), "warn"))
    return found + told(page)


def told(page: CasePage) -> list[Field]:
    """What the customer said of it in their own words, each under the name of its field."""
    found: list[Field] = []
    for name in _SAID:
        said = unfreeze.answered(page.standing.snapshot, name)
        capture = next(
            (one for step in page.standing.procedure.steps if (one := step.capture(name)) is not None), None
        )
        if said and capture is not None:
            found.append(Field(capture.label.get(language()), said, "text"))
    return found


def facts(page: CasePage) -> list[Field]:
    """The freeze and the risk: what whoever decides reads too."""
    rating, role = _rating(page)
    frozen = page.standing.facts.get("wallet.freeze_id") is not None
    held, out = spelt(page, "wallet.held_fen") if frozen else "", outgoing(page)
    why = [
        Field(_("Frozen"), _frozen_at(page), "text", spelt(page, "wallet.freeze_source")),
        Field(_("Why"), spelt(page, "wallet.freeze_reason"), "text"),
    ]
    return [
        Field(_("State"), spelt(page, "wallet.state"), "strong", held, "vip"),
        *([Field(_("Out"), out, "warn")] if out else []),
        *(why if frozen else []),
        Field(_("Identity"), _verified(page), _verified_role(page)),
        Field(_("Risk"), rating, role),
    ]


def risk_fields(page: CasePage) -> list[Field]:
    """What risk was asked about the request, and what they said."""
    question, answer = page.risk.question, page.risk.answer
    found: list[Field] = []
    if question is not None:
        found.append(Field(_("To risk"), question.words, "text" if answer else "warn", question.by))
    if answer is not None:
        found.append(Field(_("Risk says"), answer.words, "accent", answer.by))
    return found


def _frozen_at(page: CasePage) -> str:
    """Since when it is held, in few cells as all of the card."""
    at = page.standing.facts.get("wallet.frozen_at")
    return day(at) if isinstance(at, datetime) else spelt(page, "wallet.frozen_at")


def _tail(page: CasePage) -> str:
    return f"..{spelt(page, 'wallet.tail')}"


def _freeze(page: CasePage, cells: int) -> list[Piece]:
    """What holds it and why; who froze it, and since when, only where the reason still has room."""
    out = outgoing(page)
    limit: list[Piece] = [(f"  {out}", "warn")] if out else []
    if page.standing.facts.get("wallet.freeze_id") is None:
        return [(f" {_('Wallet')} {_tail(page)}  {spelt(page, 'wallet.state')}", "strong"), *limit]
    since: Piece = (f"  {_frozen_at(page)}", "text")
    by: Piece = (f" {spelt(page, 'wallet.freeze_source')}", "text")
    found: list[Piece] = [
        (f" {_('Wallet')} {_tail(page)}", "strong"),
        (f"  {spelt(page, 'wallet.held_fen')}", "strong"),
        *limit,
        since,
        by,
        (f"  {spelt(page, 'wallet.freeze_reason')}", "warn"),
    ]
    for less in (by, since):
        if _cells(found) >= cells:
            found.remove(less)
    return found


def _cells(pieces: list[Piece]) -> int:
    return sum(width(text) for text, _role in pieces)


def _verified(page: CasePage) -> str:
    snap = page.standing.snapshot
    level = reached(snap)
    if level is unfreeze.LEVEL or page.standing.facts.get("verification.level") == 3:
        papers = passed_for(snap) is not None
        return f"✓ {_('by documents') if papers else _('verified')}"
    code = code_state(snap)
    if code != "none":
        return _("code: {state}", state=spelt(page, "verification.code_state"))
    return _("not verified, {left} tries", left=tries_left(snap))


def _verified_role(page: CasePage) -> str:
    return "good" if page.standing.facts.get("verification.level") == 3 else "warn"


def _answers(page: CasePage) -> list[Piece]:
    """The choices noted so far, each by the words of its field."""
    pieces: list[Piece] = []
    for name in _NOTED:
        said = unfreeze.answered(page.standing.snapshot, name)
        words = _words(page, name, said) if said is not None else None
        if words is not None:
            bad = said in ("guided", "contradicts", "complained", "differs", "new")
            pieces += [(f" {words[0]} ", "soft"), (words[1], "warn" if bad else "text")]
    if not pieces and page.standing.snapshot.case.kind is CaseKind.UNFREEZE:
        return [(f" {_('Answers')} ", "soft"), (_("nothing yet"), "dim")]
    return pieces


def _words(page: CasePage, name: str, said: str) -> tuple[str, str] | None:
    for step in page.standing.procedure.steps:
        capture = step.capture(name)
        chosen = next((one for one in capture.choices if one.code == said), None) if capture else None
        if capture is not None and chosen is not None:
            return capture.label.get(language()), chosen.label.get(language())
    return None


def _evidence(page: CasePage) -> list[Piece]:
    pieces: list[Piece] = [(f"{len(counting(page.standing.snapshot))}", "text")]
    if unfreeze.papers_missing(page.standing.snapshot):
        pieces.append((f"  {_('lacks {what}', what=spelt(page, 'unfreeze.papers'))}", "warn"))
    return pieces


def _risk(page: CasePage) -> list[Piece]:
    rating, role = _rating(page)
    # The blank is not the rating's: where there are no colours, that one stands reversed.
    return [(f" {_('Risk')} ", "soft"), (rating, role), (" ", "text")]


def _rating(page: CasePage) -> tuple[str, str]:
    """How high the risk of a release is; of what an authority froze there is none to be weighed."""
    if page.standing.facts.get("wallet.judicial") is True:
        return _("nobody releases it here"), "bad"
    return spelt(page, "unfreeze.rating"), _LEVELS.get(
        str(page.standing.facts.get("unfreeze.rating")), "text"
    )


def _recommended(page: CasePage) -> list[Piece]:
    asked = approval_of_cycle(page.standing.snapshot)
    if asked is None:
        return []
    return [
        (f" {_('Advice')} ", "soft"),
        (f"{spelt(page, 'approval.extent')} ", "strong"),
        (_decision(asked), _decision_role(asked)),
        (" ", "text"),
    ]


def _decision(asked: ApprovalView) -> str:
    if asked.state is ApprovalState.REQUESTED:
        return _("waits for {role}", role=label_of(Role, asked.needs_role))
    return f"{label(asked.state)} {asked.decided_by or ''}".strip()


def _decision_role(asked: ApprovalView) -> str:
    return {ApprovalState.APPROVED: "good", ApprovalState.REFUSED: "bad"}.get(asked.state, "warn")
