"""What whoever decides a change of account data reads: from what to what, by what the owner is known, and
when telephone or e-mail changed before (P8, AC5). Pure: a page in, rows out. Values are masked."""

from bdesk.i18n import _
from bdesk.operations.looking.case import CasePage
from bdesk.rules import account
from bdesk.rules.contacts import contact_changed
from bdesk.screens.wallet.card import spelt
from bdesk.widgets.panel import Field

_SURE = ("code", "old_channel", "documents")


def what(page: CasePage) -> str:
    """What is to change, and into what."""
    return f"{spelt(page, 'account.change')} {_new(page) if typed(page) else ''}".rstrip()


def rows(page: CasePage) -> list[Field]:
    """The facts of the request, as they are now."""
    facts, snap = page.standing.facts, page.standing.snapshot
    known = "good" if facts.get("account.proven_by") in _SURE else "bad"
    lately = contact_changed(snap)
    changed = spelt(page, "account.contact_changed_at")
    if facts.get("account.contact_changed_at") is None:
        changed = _("no change known")
    found = [
        Field(_("To change"), spelt(page, "account.change"), "strong"),
        Field(_("New"), _new(page), "strong"),
        Field(_("Old"), spelt(page, "account.old_masked"), "text"),
        Field(_("Identity"), spelt(page, "account.proven_by"), known),
        Field(_("Contact"), changed, "warn" if lately else "text", _("within 7 days") if lately else ""),
        Field(_("Letters to"), spelt(page, "customer.letters_to"), "text"),
    ]
    if facts.get("wallet.state"):
        found.append(Field(_("Wallet"), spelt(page, "wallet.state"), "text"))
    return found


def is_change(action: str) -> bool:
    """Whether a request is about account data."""
    return action == account.ACTION


def typed(page: CasePage) -> bool:
    """Whether there is a new value: payment data are bound by the customer in the App."""
    return page.standing.facts.get("account.new_masked") is not None


def _new(page: CasePage) -> str:
    return spelt(page, "account.new_masked") if typed(page) else _("bound by the customer in the App")
