"""Facts about a change of account data (P8). Source: AC-01, AC-06, AC-11; B0.7."""

from bdesk.rules import account, account_review
from bdesk.rules.facts.base import FactContext, as_kept, fact
from bdesk.rules.walk.values import FactValue

as_kept(lambda context: context.snapshot.customer, {"account.unshipped_no": "unshipped_no"})
as_kept(lambda context: context.snapshot.wallet, {"wallet.outgoing_until": "outgoing_limited_until"})


@fact("account.change")
def _change(context: FactContext) -> FactValue:
    return account.asked(context.snapshot)


@fact("account.entered")
def _entered(context: FactContext) -> FactValue:
    change, value = account.asked(context.snapshot), account.entered(context.snapshot)
    return None if change is None or value is None else account.spelt(change, value)


@fact("account.stage")
def _stage(context: FactContext) -> FactValue:
    return account.stage(context.snapshot)


@fact("account.ready_at")
def _ready_at(context: FactContext) -> FactValue:
    row = account.request(context.snapshot)
    return None if row is None else account.cooling_until(row.decided_at)


@fact("account.warned")
def _warned(context: FactContext) -> FactValue:
    return account.warned(context.snapshot)


@fact("account.for_another")
def _for_another(context: FactContext) -> FactValue:
    return account.acts_for_another(context.snapshot)


@fact("account.undocumented")
def _undocumented(context: FactContext) -> FactValue:
    return account.undocumented(context.snapshot)


@fact("account.new_masked")
def _new_masked(context: FactContext) -> FactValue:
    return account_review.new_value(context.snapshot)


@fact("account.old_masked")
def _old_masked(context: FactContext) -> FactValue:
    return account_review.old_value(context.snapshot)


@fact("account.proven_by")
def _proven_by(context: FactContext) -> FactValue:
    return account_review.proven_by(context.snapshot)


@fact("account.contact_changed_at")
def _contact_changed_at(context: FactContext) -> FactValue:
    return account_review.contact_changed_at(context.snapshot)


@fact("account.open_no")
def _open_no(context: FactContext) -> FactValue:
    return account_review.open_no(context.snapshot)


@fact("account.saving")
def _saving(context: FactContext) -> FactValue:
    """none, held or done: what became of the change in this cycle."""
    if any(one.startswith("account.save:") for one in context.snapshot.open_effects):
        return "held"
    return "done" if context.snapshot.account_changed else "none"
