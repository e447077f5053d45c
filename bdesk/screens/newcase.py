"""Opening a new case from an order or a customer: the kinds by number, and how it is opened.

With a call at hand it is the call's case; without one the channel is asked for.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bdesk.i18n import _
from bdesk.models.kinds import CaseKind, Channel
from bdesk.models.labels import label
from bdesk.models.views.changed import Changed
from bdesk.operations import calls, opening
from bdesk.screens import navigation
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered
from bdesk.widgets.choices import Choice

if TYPE_CHECKING:
    from bdesk.screens.base import DeskScreen

NEW = "new:"
"""What the code of a choice begins with that opens a case; the kind follows."""

# What callers ask for most comes first; the order is fixed, so that a digit stays where the hand knows it.
KINDS: tuple[CaseKind, ...] = (
    CaseKind.REFUND,
    CaseKind.SHIPMENT_DELAY,
    CaseKind.AFTER_SALE,
    CaseKind.PAYMENT_FAILURE,
    CaseKind.PROGRESS,
    CaseKind.UNFREEZE,
    CaseKind.APPEAL,
    CaseKind.COMPLAINT,
    CaseKind.CONSULTATION,
    CaseKind.WALLET_REFUND,
    CaseKind.LOGIN,
    CaseKind.ACCOUNT_CHANGE,
    CaseKind.RECORDS,
    CaseKind.SECURITY,
    CaseKind.WALLET_LIMITS,
    CaseKind.FEEDBACK,
)

CHANNELS = (
    Channel.EMAIL,
    Channel.WEB_CHAT,
    Channel.APP_CHAT,
    Channel.REFUND_FORM,
    Channel.AFTER_SALE_FORM,
    Channel.FEEDBACK_FORM,
    Channel.COMPLAINT_CHANNEL,
    Channel.SOCIAL,
    Channel.REGULATOR,
)


def kind_choices(kinds: tuple[CaseKind, ...] = KINDS) -> tuple[Choice, ...]:
    """A new case of each kind, numbered."""
    return tuple(Choice(f"{NEW}{kind.value}", _("New: {kind}", kind=label(kind))) for kind in kinds)


def kind_of(code: str) -> CaseKind:
    """The kind behind a choice's code."""
    return CaseKind(code.removeprefix(NEW))


def open_new(
    screen: "DeskScreen",
    kind: CaseKind,
    *,
    order_id: int | None = None,
    customer_id: int | None = None,
    then: Callable[[Changed], None] | None = None,
) -> None:
    """Open a case of this kind and show its first step."""

    def opened(changed: Changed) -> None:
        if then is not None:
            then(changed)
        if changed.case_id is not None:
            navigation.open_case(screen, changed.case_id)

    call = screen.place.call
    if call is not None:
        new = opening.NewCase(
            kind, Channel.HOTLINE, order_id=order_id, customer_id=customer_id, received_at=call.started_at
        )
        screen.perform(calls.open_from_call, call.contact_id, new, then=opened)
        return

    def chosen(answer: Answered | None) -> None:
        if answer is not None:
            new = opening.NewCase(kind, Channel(answer.code), order_id=order_id, customer_id=customer_id)
            screen.perform(opening.open_case, new, then=opened)

    question = Question(
        _("How did it come in?"),
        numbered(*((channel.value, label(channel)) for channel in CHANNELS)),
        note=_("A telephone call starts with F5 on the queue"),
    )
    screen.app.push_screen(AskModal(question), chosen)
