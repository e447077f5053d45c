"""Facts about the customer, the contact and the identity checks. Source: B0.4; S0:4, S0:13; E29, E34."""

from bdesk.models.kinds import NotificationChannel
from bdesk.rules.cases import customer_told
from bdesk.rules.contacts import addresses, answering, contact_changed
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.masking import mask_email, mask_name, mask_phone
from bdesk.rules.verification import (
    called,
    code_state,
    filed_signed_in,
    is_locked,
    level_number,
    locked_until,
    open_call,
    reached,
    tries_left,
)
from bdesk.rules.walk.values import UNKNOWN, FactValue


@fact("customer.name_masked")
def _name(context: FactContext) -> FactValue:
    customer = context.snapshot.customer
    return UNKNOWN if customer is None else mask_name(customer.name)


@fact("customer.email_masked")
def _email(context: FactContext) -> FactValue:
    customer = context.snapshot.customer
    if customer is None:
        return UNKNOWN
    return mask_email(customer.email) if customer.email else None


@fact("customer.letters_to")
def _letters_to(context: FactContext) -> FactValue:
    customer = context.snapshot.customer
    if customer is None:
        return UNKNOWN
    to = next(iter(addresses(context.snapshot)), None)
    if to is None:
        return None
    return mask_email(to.value) if to.channel is NotificationChannel.EMAIL else mask_phone(to.value)


@fact("customer.reachable")
def _reachable(context: FactContext) -> FactValue:
    """By letter. Where each one came back, a walk goes on as for who left no address (E34, E35)."""
    return bool(answering(context.snapshot))


@fact("customer.told")
def _told(context: FactContext) -> FactValue:
    return customer_told(context.snapshot)


@fact("customer.is_actor")
def _is_actor(context: FactContext) -> FactValue:
    customer, actor = context.snapshot.customer, context.snapshot.actor
    if customer is None:
        return UNKNOWN
    return customer.id == actor.customer_id or customer.id in actor.relatives


@fact("contact.spoken")
def _spoken(context: FactContext) -> FactValue:
    return open_call(context.snapshot) is not None


@fact("contact.called")
def _called(context: FactContext) -> FactValue:
    """Stays true when the call ends, so that hanging up does not send the walk back to its opening."""
    return called(context.snapshot)


@fact("contact.signed_in")
def _signed_in(context: FactContext) -> FactValue:
    return filed_signed_in(context.snapshot)


@fact("verification.level")
def _level(context: FactContext) -> FactValue:
    return level_number(reached(context.snapshot))


@fact("verification.failures")
def _failures(context: FactContext) -> FactValue:
    return context.snapshot.history.failed_checks


@fact("verification.tries_left")
def _tries_left(context: FactContext) -> FactValue:
    return tries_left(context.snapshot)


@fact("verification.locked")
def _locked(context: FactContext) -> FactValue:
    return is_locked(context.snapshot)


@fact("verification.locked_until")
def _locked_until(context: FactContext) -> FactValue:
    return locked_until(context.snapshot)


@fact("verification.contact_changed_7d")
def _contact_changed(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.customer is None else contact_changed(context.snapshot)


@fact("verification.code_state")
def _code_state(context: FactContext) -> FactValue:
    return code_state(context.snapshot)
