"""Taking the note off that somebody tells a caller what to do: the word of risk alone (WU4v, decision 35)."""

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import Role, Stream
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.notes import check_text
from bdesk.operations.roles import role_now
from bdesk.rules import unfreeze


def take_off(call: EffectCall) -> None:
    """Risk has looked into it: nobody tells the owner what to do. A later answer that says so counts again.

    Raises NotAllowed("role.only_risk"), ("unfreeze.not_coached"), ("approval.own") for whoever noted it or
    whose wallet it is; BadInput("approval.no_words") without a reason.
    """
    snapshot = call.stand.snapshot
    role = role_now(call.ctx)
    if role is not Role.RISK:
        raise NotAllowed("role.only_risk", role=role.value)
    freeze, wallet = unfreeze.holding(snapshot), snapshot.wallet
    if freeze is None or wallet is None or not unfreeze.is_coached(snapshot):
        raise NotAllowed("unfreeze.not_coached")
    noted_by = {one.by for one in snapshot.answers if one.captures.get("coached") == "guided"}
    if freeze.coached is not None:
        noted_by.add(freeze.coached.by)
    if call.ctx.actor.number in noted_by or call.stand.facts.get("customer.is_actor") is True:
        raise NotAllowed("approval.own")
    if not call.text("why").strip():
        raise BadInput("approval.no_words")
    words, digest = call.act.unit.text(call.act.case, "uncoached", check_text(call.text("why"), longest=400))
    call.act.add("coached.taken_off", {"freeze": freeze.id, "text": words.id, "digest": digest})
    call.act.unit.append(Stream.WALLET, wallet.id, unfreeze.UNCOACHED, {"case": call.act.case_id})
