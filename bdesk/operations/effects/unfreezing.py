"""Releasing a frozen wallet: one person recommends, another decides, and everything is asked again when it
is carried out (P6, WU7 to WU9; B0.7)."""

from collections.abc import Mapping

from sqlmodel import Session, col, select, update

from bdesk.data.journal import events, voided
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import ApprovalState, CaseOutcome, FreezeReason, FreezeSource, Stream, WalletState
from bdesk.models.tables import Approval, Freeze, OutboxRow, Wallet
from bdesk.models.views.snapshot import FreezeView, Snapshot
from bdesk.models.views.strip import Phrase
from bdesk.operations.change import Act, row_id, rows_changed
from bdesk.operations.context import Context
from bdesk.operations.effects.asking import ask_second_person
from bdesk.operations.effects.call import EffectCall, Preview
from bdesk.operations.effects.cases import decide
from bdesk.operations.effects.limits import bound_digest, judged, judged_at, must_be_unused, must_be_verified
from bdesk.operations.effects.second_person import approved_by_another, as_decided
from bdesk.operations.standing import Standing, standing
from bdesk.rules import groundwork, limits, unfreeze
from bdesk.rules.facts.unfreeze import tail_of
from bdesk.rules.limits import Allowed, LimitReason
from bdesk.rules.verification import level_number
from bdesk.rules.walk.views import Planned, PlannedEffect

RELEASE = "wallet.release"
CHANGED = "unfreeze.changed"
"""Why a release came to nothing when it was carried out: something was another than when it was approved."""

_OUTCOMES = {"full": CaseOutcome.APPROVED_FULL, "limited": CaseOutcome.APPROVED_PARTIAL}


def preview_recommend(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    """What is recommended, how much is held, and who decides it."""
    decision = judged_at(stand, unfreeze.ACTION, 0)
    words = {
        "extent": effect.params.get("extent"),
        "amount_fen": unfreeze.held_fen(stand.snapshot),
        "needs": decision.needs_role.value if decision.needs_role is not None else "",
    }
    return Preview(Phrase("strip.wallet.recommend", words))


def preview_release(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    """What would be released: as it was approved, whatever the procedure says."""
    words = {
        "extent": stand.facts.get("approval.extent"),
        "amount_fen": stand.facts.get("approval.amount_fen"),
    }
    return Preview(Phrase("strip.wallet.release", words))


def preview_freeze(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    """Which wallet would be frozen. What it holds is no business of a caller who is only half known."""
    wallet = stand.snapshot.wallet
    return Preview(Phrase("strip.wallet.freeze", {"tail": tail_of(wallet.wallet_no) if wallet else ""}))


def recommend(call: EffectCall) -> None:
    """Ask another person to decide on a release or a refusal (WU7). Whoever asks never decides it.

    Raises NotAllowed: ("unfreeze.none") without a freeze, ("limits.nobody") for one by an authority,
    ("limits.verification") below level 3, ("unfreeze.tail") when the wallet's tail was not typed again,
    ("unfreeze.coached") for more than a limited release to a caller who is told what to do, or for that
    without the receipt of the police, ("unfreeze.undocumented") where documents are asked for that nobody
    has passed (V3+), ("unfreeze.unasked", "unfreeze.unseen", "unfreeze.incomplete") for a release without
    what it rests on; BadInput("approval.no_words") without a reason.
    """
    snapshot, extent = call.stand.snapshot, call.text("extent")
    _freeze(snapshot)
    if not call.text("why").strip():
        raise BadInput("approval.no_words")
    decision = judged(call, unfreeze.ACTION, 0)
    if decision.allowed is Allowed.REFUSED:
        raise NotAllowed(decision.reason.value, action=unfreeze.ACTION, amount_fen=0)
    if extent != "refuse":
        must_be_retyped(call)
        must_not_be_coached(snapshot, extent)
        must_be_documented(snapshot)
        must_be_grounded(snapshot, extent)
    row = ask_second_person(
        call,
        unfreeze.ACTION,
        unfreeze.held_fen(snapshot),
        flags=unfreeze.flags(snapshot),
        planned={"extent": extent},
    )
    call.act.add("release.recommended", {"approval": row.id, "extent": extent, "facts": row.facts_digest})


def must_be_retyped(call: EffectCall) -> None:
    """High risk asks for the object's tail once more (UX 6). Raises NotAllowed("unfreeze.tail")."""
    wallet = call.stand.snapshot.wallet
    if wallet is None or call.text("tail") != tail_of(wallet.wallet_no):
        raise NotAllowed("unfreeze.tail")


def must_not_be_coached(snapshot: Snapshot, extent: str) -> None:
    """Who is told what to do gets nothing before the police know of it, and then not all of it (WU4v)."""
    if "coached" not in unfreeze.signs(snapshot):
        return
    if extent != "limited" or "police_receipt" in unfreeze.papers_missing(snapshot):
        raise NotAllowed("unfreeze.coached")


def must_be_documented(snapshot: Snapshot) -> None:
    """A guardian's, or the owner's, documents come before a release where the matter asks for them (V3+)."""
    if unfreeze.undocumented(snapshot):
        raise NotAllowed("unfreeze.undocumented")


def must_be_grounded(snapshot: Snapshot, extent: str) -> None:
    """Every question was answered and every paper opened, whatever walk led here (WU4 to WU6)."""
    if groundwork.unasked(snapshot):
        raise NotAllowed("unfreeze.unasked")
    if numbers := groundwork.unseen(snapshot):
        raise NotAllowed("unfreeze.unseen", numbers=", ".join(str(one) for one in numbers))
    if not groundwork.carries(snapshot, extent):
        raise NotAllowed("unfreeze.incomplete")


def release(call: EffectCall) -> None:
    """Put the approved release into the outbox: what, how much and which freeze are the approval's alone.

    Nothing is released before the outbox lets go of it, and then `lift` asks everything once more. One freeze
    is lifted once, whichever case and desk asks for it. Raises NotAllowed: ("unfreeze.not_approved"),
    ("approval.lapsed"), ("unfreeze.checker") for whoever decided it, ("limits.own_matter"),
    ("limits.verification"), ("limits.nobody"), ("unfreeze.tail"), ("unfreeze.undocumented"),
    ("effect.already").
    """
    snapshot = call.stand.snapshot
    freeze = _freeze(snapshot)
    must_be_retyped(call)
    if call.stand.facts.get("customer.is_actor") is True:
        raise NotAllowed(LimitReason.OWN_MATTER.value)
    approval = _approved(call)
    extent = str(approval.planned.get("extent", ""))
    must_not_be_coached(snapshot, extent)
    must_be_documented(snapshot)
    if (wrong := _wrong(call.act.unit.session, call.stand, approval, freeze.id)) is not None:
        raise NotAllowed("approval.lapsed", why=wrong, case_no=call.act.case.case_no)
    must_be_unused(call, approval)
    decide(call, _OUTCOMES[extent], approval.amount_fen)
    said: dict[str, object] = {
        "freeze": freeze.id,
        "approval": row_id(approval),
        "extent": extent,
        "amount_fen": approval.amount_fen,
    }
    call.act.add("release.held", said)
    call.send(said, once=f"freeze:{freeze.id}:{extent}")


def freeze(call: EffectCall) -> None:
    """Freeze the customer's wallet to protect it (P13, SA3): one person may, and nothing takes it back but a
    release, which takes two. So is a wallet that may be used in part: what held it before goes on to hold.
    It holds as soon as F8 is pressed: nothing waits in the outbox while somebody empties the wallet.

    Raises NotAllowed: ("limits.verification") below level 2, so that nobody has a stranger's wallet frozen;
    ("freeze.none") without a wallet, ("freeze.already") for one that is frozen.
    """
    session, snapshot = call.act.unit.session, call.stand.snapshot
    must_be_verified(call)
    if snapshot.wallet is None:
        raise NotAllowed("freeze.none")
    wallet = session.get_one(Wallet, snapshot.wallet.id)
    done = session.exec(
        update(Wallet)
        .where(col(Wallet.id) == wallet.id, col(Wallet.state).in_((WalletState.NORMAL, WalletState.LIMITED)))
        .values(state=WalletState.FROZEN, version=Wallet.version + 1)
    )
    if not rows_changed(done):
        raise NotAllowed("freeze.already")
    row = Freeze(
        wallet_id=row_id(wallet),
        reason=FreezeReason.FRAUD_RISK,
        source=FreezeSource.MANUAL,
        trigger=call.act.case.case_no,
        amount_fen=wallet.balance_fen,
        frozen_at=call.now,
    )
    session.add(row)
    session.flush()
    session.expire_all()
    call.act.add("wallet.frozen", {"freeze": row_id(row)})


def _freeze(snapshot: Snapshot) -> FreezeView:
    freeze = unfreeze.holding(snapshot)
    if freeze is None:
        raise NotAllowed("unfreeze.none")
    if unfreeze.is_judicial(freeze):
        raise NotAllowed(LimitReason.NOBODY.value, action=unfreeze.ACTION, amount_fen=0)
    return freeze


def _approved(call: EffectCall) -> Approval:
    """The newest decision of this cycle, when it is a release that somebody else approved."""
    newest = approved_by_another(
        call, unfreeze.ACTION, missing="unfreeze.not_approved", own="unfreeze.checker"
    )
    if newest.planned.get("extent") not in _OUTCOMES:
        raise NotAllowed("unfreeze.not_approved")
    return newest


def _wrong(session: Session, stand: Standing, approval: Approval, freeze_id: int) -> str | None:
    """Why an approval does not carry a release now, or None: its time, its facts, its own words in the
    journal, the freeze, the level of verification, what an authority ordered meanwhile."""
    matrix, digest = stand.adopted.limits, bound_digest(stand, unfreeze.ACTION)
    found = limits.lapse(approval.requested_at, stand.snapshot.now, approval.facts_digest, digest, matrix)
    if found is not None:
        return found.value
    changed = LimitReason.FACTS_CHANGED.value
    freeze = unfreeze.holding(stand.snapshot)
    if freeze is None or freeze.id != freeze_id or unfreeze.is_judicial(freeze):
        return changed
    if not as_decided(session, approval):
        return changed
    if approval.amount_fen != unfreeze.held_fen(stand.snapshot) or not as_recommended(session, approval):
        return changed
    if not groundwork.carries(stand.snapshot, str(approval.planned.get("extent"))):
        return changed
    if level_number(unfreeze.level_held(stand.snapshot)) < level_number(unfreeze.LEVEL):
        return LimitReason.VERIFICATION.value
    return LimitReason.VERIFICATION.value if unfreeze.undocumented(stand.snapshot) else None


def as_recommended(session: Session, approval: Approval) -> bool:
    """Whether the request is still what its maker recommended: amount, extent and facts as the journal has
    them, so that nobody edits them after it was read."""
    stream = events(session, Stream.CASE, approval.case_id)
    gone = voided(stream)
    said: dict[str, Mapping[str, object]] = {
        event.kind: event.payload
        for event in stream
        if event.id not in gone and event.payload.get("approval") == approval.id
    }
    asked, recommended = said.get("approval.requested"), said.get("release.recommended")
    return (
        asked is not None
        and recommended is not None
        and asked.get("amount_fen") == approval.amount_fen
        and recommended.get("extent") == approval.planned.get("extent")
        and recommended.get("facts") == approval.facts_digest
    )


def lift(act: Act, ctx: Context, row: OutboxRow) -> str:
    """Carry a release out, asking everything again; returns why it was not, or nothing.

    The two updates are guarded by what they change: of two that come at once one finds nothing to change.
    """
    session = act.unit.session
    approval = session.get(Approval, row.params.get("approval"))
    freeze = session.get(Freeze, row.params.get("freeze"))
    if approval is None or freeze is None or approval.state is not ApprovalState.APPROVED:
        return CHANGED
    stand = standing(session, ctx, act.case_id, act.unit.now)
    if _wrong(session, stand, approval, row_id(freeze)) is not None:
        return CHANGED
    extent = str(approval.planned.get("extent"))
    done = _let_go(act, freeze) if extent == "full" else _limit(act, freeze)
    if not done:
        return CHANGED
    act.add("release.done", {"freeze": row_id(freeze), "approval": row_id(approval), "extent": extent})
    return ""


def _let_go(act: Act, freeze: Freeze) -> bool:
    session = act.unit.session
    lifted = session.exec(
        update(Freeze)
        .where(col(Freeze.id) == freeze.id, col(Freeze.released_at).is_(None))
        .values(released_at=act.unit.now, version=Freeze.version + 1)
    )
    if not rows_changed(lifted):
        return False
    others = select(Freeze.id).where(Freeze.wallet_id == freeze.wallet_id, col(Freeze.released_at).is_(None))
    if session.scalars(others).first() is None:
        session.exec(
            update(Wallet)
            .where(
                col(Wallet.id) == freeze.wallet_id,
                col(Wallet.state).in_((WalletState.FROZEN, WalletState.LIMITED)),
            )
            .values(state=WalletState.NORMAL, version=Wallet.version + 1)
        )
    session.expire_all()
    return True


def _limit(act: Act, freeze: Freeze) -> bool:
    """The freeze goes on to hold; the wallet may be used in part."""
    opened = act.unit.session.exec(
        update(Wallet)
        .where(col(Wallet.id) == freeze.wallet_id, col(Wallet.state) == WalletState.FROZEN)
        .values(state=WalletState.LIMITED, version=Wallet.version + 1)
    )
    act.unit.session.expire_all()
    return bool(rows_changed(opened))
