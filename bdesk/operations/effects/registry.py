"""One handler per effect name; a test holds this equal to the book's effect_names."""

from bdesk.models.tables import OutboxRow
from bdesk.operations.change import Act
from bdesk.operations.context import Context
from bdesk.operations.effects import (
    account,
    appeals,
    asking,
    cancelling,
    cases,
    coached,
    compensations,
    delays,
    documents,
    letters,
    merging,
    refunds,
    returns,
    substitutions,
    unfreezing,
    verifying,
    wallet,
)
from bdesk.operations.effects.call import EffectCall, Handler, Previewer
from bdesk.operations.standing import Standing
from bdesk.rules.walk.views import Planned

HANDLERS: dict[str, Handler] = {
    "refund": refunds.refund,
    "refund.other_target": refunds.refund_other,
    "order.cancel": cancelling.cancel,
    "compensation": compensations.compensate,
    "delay.record": delays.record_delay,
    "delay.narrow": cancelling.narrow,
    "substitute.book": substitutions.substitute,
    "letter": letters.letter,
    "letter.again": letters.letter,
    "payout.registered": asking.note_target,
    "payout.form": letters.payout_form,
    "clock.stop_with_letter": letters.stop_with_letter,
    "approval.request": asking.request_approval,
    "goodwill.grant": asking.grant_goodwill,
    "task.open": asking.open_task,
    "note.add": asking.add_note,
    "promise.add": asking.add_promise,
    "promise.keep": asking.keep_promises,
    "contact.attach_order": asking.attach_order,
    "case.reject": cases.reject,
    "case.close": cases.close,
    "case.merge": merging.merge,
    "case.convert": cases.convert,
    "case.hand_off": cases.hand_off,
    "case.raise": cases.raise_to,
    "case.put_aside": cases.put_aside,
    "case.reapply": cases.reapply,
    "verify.check": verifying.verify,
    "verify.send_code": verifying.send_code,
    # --- wallet refund
    "contact.attach_wallet_tx": wallet.attach_tx,
    "case.open_beside": wallet.open_beside,
    # Goods sent back (P7)
    "case.describe": returns.describe,
    "return.approve": returns.approve,
    "return.change": returns.change,
    "return.sent": returns.sent,
    "return.received": returns.received,
    "return.inspected": returns.inspected,
    "return.recheck": returns.recheck,
    "return.again": returns.again,
    "return.substitute": returns.substitute,
    "return.estimate": returns.estimate,
    "return.agreed": returns.agreed,
    "return.ask": returns.ask,
    "return.reshipped": returns.reshipped,
    "return.finished": returns.finished,
    "return.data_gap": returns.data_gap,
    # --- appeals (P5)
    "appeal.contest": appeals.contest,
    "appeal.admit": appeals.admit,
    "appeal.refuse": appeals.refuse,
    "appeal.feedback": appeals.feedback,
    "appeal.extend": appeals.extend,
    "appeal.common": appeals.common,
    "appeal.decide": appeals.decide,
    "appeal.settle": appeals.settle,
    "appeal.next": appeals.next_level,
    "appeal.outside": appeals.outside,
    "appeal.pack": appeals.keep_pack,
    "appeal.ask_review": appeals.ask_review,
    "appeal.answer_review": appeals.answer_review,
    "appeal.public": appeals.go_public,
    # --- wallet unfreeze (P6)
    "wallet.recommend": unfreezing.recommend,
    "wallet.release": unfreezing.release,
    "wallet.freeze": unfreezing.freeze,
    "wallet.not_coached": coached.take_off,
    # --- account change (P8)
    "account.enter": account.enter,
    "account.propose": account.propose,
    "account.save": account.save,
    # --- verification by documents (B0.4)
    "verify.anew": verifying.begin_anew,
    "verify.documents": documents.ask,
    "verify.submit": documents.submit,
}

# Effects that say in the strip what they will do.
PREVIEWS: dict[str, Previewer] = {
    "order.cancel": cancelling.preview,
    "refund": refunds.preview,
    "refund.other_target": refunds.preview,
    "compensation": compensations.preview,
    "substitute.book": substitutions.preview,
    "letter": letters.preview,
    "letter.again": letters.preview,
    "payout.form": letters.preview,
    "clock.stop_with_letter": letters.preview,
    "appeal.feedback": letters.preview,
    # --- wallet unfreeze (P6)
    "wallet.recommend": unfreezing.preview_recommend,
    "wallet.release": unfreezing.preview_release,
    "wallet.freeze": unfreezing.preview_freeze,
    # --- account change (P8)
    "account.save": account.preview,
}


def run_effects(act: Act, ctx: Context, stand: Standing, planned: Planned) -> list[OutboxRow]:
    """Do the effects of an answer in order; what leaves the desk is returned, held."""
    outbox: list[OutboxRow] = []
    for effect in planned.effects:
        call = EffectCall(act, ctx, stand, planned, effect, outbox)
        HANDLERS[effect.effect](call)
    return outbox
