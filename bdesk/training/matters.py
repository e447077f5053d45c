"""Which facts a matter is about, and the words a customer finds for them (training.md D5)."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

from bdesk.clock import LOCAL
from bdesk.models.kinds import EvidenceKind, PaymentState
from bdesk.text import yuan
from bdesk.training.draw import Draw
from bdesk.training.ledger import Work
from bdesk.training.rows import Row
from bdesk.training.truth import Truth
from bdesk.training.words.texts import ODD_TEXTS, SLOT_WORDS, Matter, long_email
from bdesk.training.world import Deal, World, local_date

SHAPES_FOR: dict[str, tuple[str, ...]] = {
    "signed_recent": ("signed_recent", "signed_custom"),
    "signed_station": ("signed_station", "signed_recent"),
    "signed_fruit": ("signed_fruit",),
    "signed_past": ("signed_past",),
    "signed_old": ("signed_old",),
    "unshipped": ("unshipped", "paid"),
    "unshipped_late": ("unshipped_late", "no_estimate"),
    "shipped_silent": ("shipped_silent",),
    "split": ("split",),
    "unsynced": ("unsynced",),
    "presale": ("presale",),
    "double_paid": ("double_paid",),
    "payment_failed": ("payment_failed", "processing", "unpaid"),
    "after_decision": ("signed_past", "signed_old", "signed_recent"),
    "any_order": ("signed_old", "shipped_moving", "signed_recent", "unshipped_late"),
    "refunded": ("refunded", "refunding"),
}
"""The situations of orders that answer a need, the best first."""


_E = EvidenceKind

PROOFS: dict[int, tuple[EvidenceKind, ...]] = {
    1: (_E.PHOTO,),
    2: (_E.PHOTO, _E.VIDEO),
    3: (_E.STATEMENT, _E.WAYBILL_LABEL),
    4: (_E.VIDEO, _E.WAYBILL_LABEL),
    7: (_E.PHOTO, _E.PHOTO),
    8: (_E.TEST_REPORT,),
    9: (_E.PAYMENT_SCREENSHOT,),
    10: (_E.GUARDIANSHIP, _E.ID_DOCUMENT),
    17: (_E.CONFIRMATION_MAIL,),
    18: (_E.PAYMENT_SCREENSHOT, _E.TRANSACTION_RECORD),
    20: (_E.PROBLEM_SCREENSHOT,),
    24: (_E.INVOICE,),
    26: (_E.PHOTO,),
    27: (_E.CHAT_RECORD, _E.PAYMENT_SCREENSHOT),
    28: (_E.CALL_RECORDING,),
    29: (_E.EXPERT_OPINION, _E.OTHER_CONSUMERS),
    33: (_E.OTHER_DOCUMENT,),
    34: (_E.TRANSACTION_RECORD, _E.STATEMENT),
    36: (_E.POLICE_RECEIPT,),
    39: (_E.ORDER_RECORD,),
    47: (_E.PHOTO,),
    48: (_E.PHOTO, _E.PHOTO),
}
"""What customers hand in, by matter; a call is followed by an upload."""


_TRANSFER = 12
_MANY_ORDERS = 100
"""Orders from which on a customer would have a fifth of all cases (E48)."""
_LONG_AGO = timedelta(days=21)
_BY_WALLET = frozenset({11, 42})


class Facts:
    """Hands out what cases are to be about: the least used first, so that few share an order."""

    def __init__(self, world: World, draw: Draw) -> None:
        self.world = world
        self.draw = draw
        self._by_shape: dict[str, list[Deal]] = {}
        known = Counter(deal.customer["id"] for deal in world.deals if world.whole)
        self._many = {customer for customer, count in known.items() if count > _MANY_ORDERS}
        for deal in draw.shuffled(world.deals):
            self._by_shape.setdefault(deal.shape, []).append(deal)
        wallets = {wallet["id"]: wallet for wallet in world.wallets.values()}
        self._frozen = [wallets[freeze["wallet_id"]] for freeze in world.frozen]
        self._senders = [wallets[tx["wallet_id"]] for tx in world.transfers]
        # Older than any case, so that nobody regrets what they are yet to do.
        old = [tx for tx in world.transfers if world.now - tx["at"] > _LONG_AGO]
        self._regretted = [(tx, wallets[tx["wallet_id"]]["customer_id"]) for tx in old]
        self._people = draw.shuffled(world.customers)
        self._turn = 0
        self._asked = 0
        self._meant: dict[int, Row] = {}

    def deal(self, shapes: tuple[str, ...], truth: Truth | None = None) -> Deal | None:
        """An order in the first of these situations that still has an unused one, if the words are true of
        one such before others."""
        found = self._free(truth.shapes or shapes, truth) if truth is not None else None
        found = found or self._free(shapes, None)
        if found is not None:
            found.used = 1
            return found
        rest = [deal for shape in shapes for deal in self._by_shape.get(shape, ())]
        rest = [deal for deal in rest if deal.customer["id"] not in self._many] or rest
        return self.draw.pick(rest) if rest else None

    def _free(self, shapes: tuple[str, ...], truth: Truth | None) -> Deal | None:
        fits = (deal for deal in self._unused(shapes) if truth is None or truth.fits(self.world, deal))
        return next(fits, None)

    def _unused(self, shapes: tuple[str, ...]) -> Iterator[Deal]:
        """Orders of these situations that no case is about, those of the customer with very many last."""
        deals = [deal for shape in shapes for deal in self._by_shape.get(shape, ()) if not deal.used]
        return iter(sorted(deals, key=lambda one: one.customer["id"] in self._many))

    def has(self, truth: Truth | None, need: str) -> bool:
        """Whether an order is left of which the words are true; words that need none are."""
        return truth is None or self._free(truth.shapes or SHAPES_FOR[need], truth) is not None

    def asked_after(self, made: list[Work]) -> Work | None:
        """An open case about an order that its customer may ask after, each once before one comes twice."""
        known = [one for one in made if one.row["open"] and one.deal is not None and one.row["id"] % 3 == 0]
        self._asked += 1
        return known[self._asked % len(known)] if known else None

    def tx_of(self, customer: Row) -> Row | None:
        """The transfer that a customer means who sent money to somebody else."""
        return self._meant.get(customer["id"])

    def tx_for(self, number: int, deal: Deal | None, customer: Row) -> Row | None:
        """The transaction of the wallet that a matter is about."""
        if number == _TRANSFER:
            return self.tx_of(customer)
        return deal.tx if deal is not None and number in _BY_WALLET else None

    def dear(self, above_fen: int) -> Deal | None:
        """An order signed for and paid once, above an amount: what an agent may not refund alone."""
        for deal in self._unused(("signed_recent", "signed_station", "signed_fruit", "signed_old")):
            paid = [one for one in deal.payments if one["state"] is PaymentState.SUCCESS]
            if len(paid) == 1 and paid[0]["amount_fen"] > above_fen:
                deal.used = 1
                return deal
        return None

    def person(self) -> Row:
        self._turn += 1
        return self._people[self._turn % len(self._people)]

    def about(self, need: str, truth: Truth | None = None) -> tuple[Deal | None, Row]:
        """The order and the customer that a need is about."""
        if truth is not None and truth.shapes:
            found = self.deal(truth.shapes, truth)
            if found is not None:
                return found, found.customer
        if need == "frozen" and self._frozen:
            self._turn += 1
            return None, self.world.customer(self._frozen[self._turn % len(self._frozen)]["customer_id"])
        if need == "wallet_transfer" and self._senders:
            if self.world.whole and self._regretted:
                self._turn += 1
                tx, sender = self._regretted[self._turn % len(self._regretted)]
                self._meant[sender] = tx
                return None, self.world.customer(sender)
            return None, self.world.customer(self.draw.pick(self._senders)["customer_id"])
        if need == "wallet_purchase":
            paid = [deal for deal in self.world.deals if deal.tx is not None]
            paid = [deal for deal in paid if deal.customer["id"] not in self._many]
            if paid:
                deal = self.draw.pick(paid)
                return deal, deal.customer
        deal_for = self.deal(SHAPES_FOR[need], truth) if need in SHAPES_FOR else None
        return (deal_for, deal_for.customer) if deal_for is not None else (None, self.person())


def slots(world: World, draw: Draw, deal: Deal | None, customer: Row) -> dict[str, str]:
    """Every slot of the texts, from the facts where there are any."""
    now = world.now.astimezone(LOCAL)
    words = {name: draw.pick(values) for name, values in SLOT_WORDS.items()}
    words |= {
        "n": str(draw.between(2, 5)),
        "age": str(draw.between(8, 14)),
        "days": str(draw.between(3, 9)),
        "months": str(draw.between(2, 10)),
        "hours": str(draw.between(5, 20)),
        "today": f"{now.month}月{now.day}日",
        "year": str(now.year),
        "m1": str(max(1, now.month - 3)),
        "m2": str(max(1, now.month - 1)),
        "new_phone": "154" + draw.digits(8),
        "agent_no": draw.pick(("1003", "1004", "1005")),
        "as_no": f"SH{local_date(world.now - timedelta(days=4)):%Y%m%d}{draw.between(1, 99):06d}",
        "city": customer["city"] or "外地",
        "item": "商品",
        "other_item": "雨伞",
        "order_no": "",
        "amount": "66.00",
        "carrier": "中通",
        "waybill": "",
        "date": f"{now.month}月{now.day}日",
        "eta": f"{now.month}月{now.day}日",
    }
    if deal is None:
        return words
    placed = deal.order["placed_at"].astimezone(LOCAL)
    words |= {
        "item": deal.items[0]["name"],
        "order_no": deal.order["order_no"],
        "amount": yuan(deal.order["total_fen"]),
        "date": f"{placed.month}月{placed.day}日",
        "days": str((now.date() - placed.date()).days),
    }
    if deal.parcels:
        words |= {"carrier": deal.parcels[0]["carrier"], "waybill": deal.parcels[0]["waybill"]}
    if deal.order["estimated_ship_at"] is not None:
        eta = deal.order["estimated_ship_at"].astimezone(LOCAL)
        words["eta"] = f"{eta.month}月{eta.day}日"
    return words


class Voices:
    """Finds the words for a matter; the odd texts of training.md D5 come in between, each at least once."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self._turn = 0

    def words(self, matter: Matter, filled: dict[str, str]) -> str:
        """What the customer says: the first voice half of the time."""
        if matter.need in _ODD_FOR:
            self._turn += 1
            if self._turn % 2 == 0 and self._turn <= 2 * len(_ODD):
                return _ODD[self._turn // 2 - 1](filled)
        if self.draw.chance(55):
            return matter.voices[0].format(**filled)
        return self.draw.pick(matter.voices).format(**filled)


_ODD_FOR = frozenset({"signed_recent", "signed_past", "any_order", "unshipped"})
_ODD: tuple[Callable[[dict[str, str]], str], ...] = (
    lambda filled: ODD_TEXTS[1].format(**filled),
    long_email,
    lambda filled: ODD_TEXTS[2].format(**filled),
    lambda filled: ODD_TEXTS[3].format(**filled),
    lambda _filled: ODD_TEXTS[0],
)
