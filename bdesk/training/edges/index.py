"""What the edge cases are called, and where in a store each one is."""

from dataclasses import dataclass

from bdesk.i18n import N_

NAMES: dict[str, str] = {
    "E01": N_("Not paid, and the customer is sure of having paid"),
    "E02": N_("The order is refunded already"),
    "E03": N_("Refunded in three parts, 12.50 are left"),
    "E04": N_("An appeal sixteen days after the decision"),
    "E05": N_("Perishables, no reason"),
    "E06": N_("Perishables that came rotten, with a photo"),
    "E07": N_("A customer with three refunds in thirty days"),
    "E08": N_("Frozen after paying twenty wages"),
    "E09": N_("Frozen after twenty payments to new accounts"),
    "E10": N_("Two cases on one order, two channels, two people"),
    "E11": N_("A name with a dot or a rare character"),
    "E12": N_("A child's account, with a guardian"),
    "E13": N_("A number abroad, a region the wallet does not serve"),
    "E14": N_("Excluded goods without the buyer's confirmation"),
    "E15": N_("Made to order, with our own mistake"),
    "E16": N_("Signed for by a pick-up station"),
    "E17": N_("A presale order that is not due"),
    "E18": N_("No estimated time on the order"),
    "E19": N_("One of two parcels is late"),
    "E20": N_("Paid twice"),
    "E21": N_("Back to a card that is closed"),
    "E22": N_("Part of an order with a coupon: 6.30 of 9.00"),
    "E23": N_("Paid 366 days ago"),
    "E24": N_("Frozen by a court"),
    "E25": N_("Locked by the customer"),
    "E26": N_("Asks to unfreeze two days after a change of phone"),
    "E27": N_("Three failed checks, then another channel"),
    "E28": N_("The caller is the customer's spouse"),
    "E29": N_("The customer is one of us"),
    "E30": N_("A supervisor's own request for approval"),
    "E31": N_("An approval that lapsed; one whose facts are others now"),
    "E32": N_("Late over the National Day; opened at 23:59 on a Friday; stopped over a weekend"),
    "E33": N_("Closed 29 days ago and back; closed 31 days ago and back"),
    "E34": N_("Nothing to write to; only a phone"),
    "E35": N_("A letter that bounced"),
    "E36": N_("A public post"),
    "E37": N_("A letter from a regulator"),
    "E38": N_("Abuse, and a justified claim"),
    "E39": N_("An elderly caller who asks to speak slowly"),
    "E40": N_("Orders of 0.00, of 0.01 and of 49,999.00"),
    "E41": N_("Cash on delivery, refused"),
    "E42": N_("Lost by the courier: no scan for a week"),
    "E43": N_("Something else in the returned parcel"),
    "E44": N_("An exchange, and none in stock"),
    "E45": N_("Withdrawn after the approval"),
    "E46": N_("A refund that has been processing for three days"),
    "E47": N_("An after-sales number to type in full width, with blanks"),
    "E48": N_("A customer with two hundred orders"),
    "E49": N_("A case with sixty contacts"),
    "E50": N_("Somebody new: nothing in their queue"),
}
"""By their ids in training.md D6."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Where one edge case is: numbers of cases and orders, accounts, staff numbers; empty where a store has
    it not."""

    code: str
    name: str
    cases: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def there(self) -> bool:
        return bool(self.cases or self.orders or self.people)
