"""The menus of a case, each a list that is read from the top: the place in it is the key.

A row names what it is, how it reads, what it does and, where it is not always possible, why it is not now.
What a row asks further is in `forms`.
"""

from bdesk.i18n import N_
from bdesk.operations.effects.adhoc import CUSTOMER, THIRD_PARTY
from bdesk.screens.case import enquiry
from bdesk.screens.case.entries import Entry, Menu
from bdesk.screens.case.forms import (
    asides,
    departments,
    enquiries,
    extension,
    promises,
    raising,
    replies,
    stops,
)

PARK = Menu(
    "F6",
    N_("Park, due times"),
    (
        Entry(
            "customer",
            N_("Customer: by letter, the clock stops"),
            stops.for_customer,
            stops.why_not(CUSTOMER),
        ),
        Entry("third_party", N_("Third party: the clock stops"), stops.for_party, stops.why_not(THIRD_PARTY)),
        Entry("aside", N_("Put aside for an hour: the clock runs on"), asides.for_an_hour),
        Entry("promise", N_("Promise something by a time"), promises.something),
        Entry("call_back", N_("Promise to call back"), promises.call_back),
        Entry("kept", N_("What was promised is done"), promises.kept, promises.none_open),
        Entry("resume", N_("The clock runs again"), stops.resume, stops.none_stopped),
        Entry("extend", N_("Extend a due time"), extension.ask, extension.none_possible),
        Entry("no_reply", N_("No reply needed to the message"), replies.not_needed, replies.none_waits),
        Entry("department", N_("Ask a department"), departments.ask),
        Entry("answer", N_("A department answered"), departments.answer, departments.none_waits),
    ),
)
"""F6: what stops the clock, by F8; what puts aside; what else is done about due times; departments."""

ENQUIRY = Menu(
    "6",
    N_("The customer asks how it stands"),
    (
        Entry("told", N_("Told: note it"), enquiries.told, enquiries.closed),
        Entry("urge", N_("Late: apologise, raise it, a new date"), enquiries.urge, enquiries.closed),
        Entry("news", N_("Send it by letter"), enquiries.news, enquiries.closed),
        Entry("kept", N_("What was promised is done"), promises.kept, enquiries.no_promise),
        Entry("trace", N_("Trace the refund with the payment desk"), enquiries.trace, enquiries.none_late),
    ),
    says=enquiry.read_out,
)
"""F7 6: what is told, and what is done about it (P12)."""

WHY = N_("Why, in a few words")

RAISE = Menu(
    "F7",
    N_("Raise or hand over"),
    (
        Entry(
            "supervisor",
            N_("To a supervisor: the customer's clock runs on"),
            raising.to_supervisor,
            words=True,
        ),
        Entry("group", N_("To another group"), raising.to_group, words=True),
        Entry("complaint", N_("It becomes a complaint"), raising.to_complaint, words=True),
        Entry("void", N_("Void failed identity checks"), raising.void, raising.not_voidable, words=True),
        Entry("priority", N_("Another priority"), raising.to_priority),
        Entry("progress", N_("The customer asks how it stands"), lambda host, *_rest: ENQUIRY.open(host)),
        Entry("give_back", N_("Give it back to the queue"), raising.give_back, raising.not_mine),
    ),
    words_label=WHY,
    draft=raising.DRAFT,
    unread=True,
)
"""F7: who else the case goes to, each with a few words; 6 the customer asks how it stands; 7 back to the
queue."""
