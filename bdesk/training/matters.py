"""Which facts a matter is about, and the words a customer finds for them (training.md D5)."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bdesk.clock import LOCAL
from bdesk.models.kinds import EvidenceKind, PaymentState
from bdesk.text import yuan
from bdesk.training.draw import Draw
from bdesk.training.happened import since
from bdesk.training.ledger import Work
from bdesk.training.rows import Row
from bdesk.training.truth import TRUTH, Truth
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
    33: (_E.OTHER_DOCUMENT, _E.POWER_OF_ATTORNEY),
    34: (_E.TRANSACTION_RECORD, _E.STATEMENT),
    36: (_E.POLICE_RECEIPT,),
    37: (_E.ID_DOCUMENT, _E.HANDHELD),
    39: (_E.ORDER_RECORD,),
    47: (_E.PHOTO,),
    48: (_E.PHOTO, _E.PHOTO),
}
"""What customers hand in, by matter; a call is followed by an upload."""


_GIVEN_BACK = 11
_TRANSFER = 12
_MANY_ORDERS = 100
"""Orders from which on a customer would have a fifth of all cases (E48)."""
_LONG_AGO = timedelta(days=21)
_BY_WALLET = frozenset({11, 42})
NEVER = datetime.min.replace(tzinfo=UTC)
"""Since when things stand that never happened: as long as anybody can say."""
ASKED_AFTER = timedelta(hours=1)
"""How soon somebody asks how their matter stands."""


class About(NamedTuple):
    """What a case is about; `since` it happened."""

    deal: Deal | None
    customer: Row
    since: datetime


Until = Callable[[Deal | None, Row], datetime]
"""Until when what a case is about must have happened, by its order and its customer."""


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
        self._frozen = [(one["frozen_at"], wallets[one["wallet_id"]]["customer_id"]) for one in world.frozen]
        sent = [(tx, wallets[tx["wallet_id"]]["customer_id"]) for tx in world.transfers]
        # Older than any case, so that nobody regrets what they are yet to do.
        old = [one for one in sent if world.now - one[0]["at"] > _LONG_AGO]
        self._sent = old if world.whole and old else sent
        self._people = draw.shuffled(world.customers)
        self._turn = 0
        self._asked = 0
        self._meant: dict[int, Row] = {}

    def deal(self, shapes: tuple[str, ...], fits: Callable[[Deal], bool]) -> Deal | None:
        """An order in the first of these situations that still has an unused one that fits, else a used one
        that does."""
        found = next(filter(fits, self._unused(shapes)), None)
        if found is not None:
            found.used = 1
            return found
        rest = [deal for shape in shapes for deal in self._by_shape.get(shape, ()) if fits(deal)]
        rest = [deal for deal in rest if deal.customer["id"] not in self._many] or rest
        return self.draw.pick(rest) if rest else None

    def _unused(self, shapes: tuple[str, ...]) -> Iterator[Deal]:
        """Orders of these situations that no case is about, those of the customer with very many last."""
        for last in (False, True) if self._many else (False,):
            for shape in shapes:
                for deal in self._by_shape.get(shape, ()):
                    if not deal.used and (deal.customer["id"] in self._many) is last:
                        yield deal

    def true(self, matter: Matter, until: Until | None = None) -> Deal | None:
        """An unused order of which the words of a matter are true, and were so by then."""
        truth = self._truth(matter)
        shapes = (truth.shapes if truth is not None else ()) or SHAPES_FOR.get(matter.need, ())
        for deal in self._unused(shapes):
            if truth is not None and not truth.fits(self.world, deal):
                continue
            if until is None or _by_then(matter, deal, until):
                return deal
        return None

    def has(self, matter: Matter, until: Until | None = None) -> bool:
        """Whether an order is left of which the words are true, and were so by then; words that need none
        are."""
        truth = self._truth(matter)
        if truth is None and (matter.need not in SHAPES_FOR or until is None):
            return True
        found = self.true(matter, until)
        if truth is not None or found is not None:
            return found is not None
        used = (deal for shape in SHAPES_FOR.get(matter.need, ()) for deal in self._by_shape.get(shape, ()))
        return until is not None and any(_by_then(matter, deal, until) for deal in used)

    def _truth(self, matter: Matter) -> Truth | None:
        """What must hold of its order; a demo shows a day's work with what is at hand, but for what nobody
        can say whose money never went back."""
        return TRUTH.get(matter.number) if self.world.whole or matter.number == _GIVEN_BACK else None

    def asked_after(self, made: list[Work], until: datetime) -> Work | None:
        """An open case about an order that its customer may ask after by then, each once before one comes
        twice."""
        known = [one for one in made if one.row["open"] and one.deal is not None and one.row["id"] % 3 == 0]
        self._asked += 1
        if not known:
            return None
        by_then = [one for one in known if one.row["received_at"] + ASKED_AFTER <= until]
        first = min(known, key=lambda one: one.row["received_at"])
        return by_then[self._asked % len(by_then)] if by_then else first

    def tx_of(self, customer: Row) -> Row | None:
        """The transfer that a customer means who sent money to somebody else."""
        return self._meant.get(customer["id"])

    def tx_for(self, number: int, deal: Deal | None, customer: Row) -> Row | None:
        """The transaction of the wallet that a matter is about."""
        if number == _TRANSFER:
            return self.tx_of(customer)
        return deal.tx if deal is not None and number in _BY_WALLET else None

    def dear(self, above_fen: int, fits: Callable[[Deal], bool]) -> Deal | None:
        """An order signed for and paid once, above an amount: what an agent may not refund alone."""
        for deal in self._unused(("signed_recent", "signed_station", "signed_fruit", "signed_old")):
            paid = [one for one in deal.payments if one["state"] is PaymentState.SUCCESS]
            if len(paid) == 1 and paid[0]["amount_fen"] > above_fen and fits(deal):
                deal.used = 1
                return deal
        return None

    def person(self) -> Row:
        self._turn += 1
        return self._people[self._turn % len(self._people)]

    def about(self, matter: Matter, until: Until) -> About:
        """The order and the customer that a matter is about; what had happened by then before what happened
        later, and what is true before either."""
        if matter.need == "frozen" and self._frozen:
            return self._event(self._frozen, until)
        if matter.need == "wallet_transfer" and self._sent:
            found = self._event([(tx["at"], sender) for tx, sender in self._sent], until)
            self._meant[found.customer["id"]] = next(
                tx for tx, sender in self._sent if (tx["at"], sender) == (found.since, found.customer["id"])
            )
            return found
        deal = self.true(matter, until)
        if deal is None and self._truth(matter) is not None:
            deal = self.true(matter)
        if deal is None and matter.need == "wallet_purchase":
            deal = self._bought(matter, until)
        elif deal is None and matter.need in SHAPES_FOR:
            shapes = SHAPES_FOR[matter.need]
            deal = self.deal(shapes, lambda one: _by_then(matter, one, until))
            deal = deal or self.deal(shapes, lambda one: True)
        if deal is None:
            return About(None, self.person(), NEVER)
        deal.used = 1
        return About(deal, deal.customer, since(matter, deal))

    def _event(self, known: list[tuple[datetime, int]], until: Until) -> About:
        """The next of some events that had happened by then, each before one comes twice; else the first."""
        for _ in known:
            self._turn += 1
            at, who = known[self._turn % len(known)]
            customer = self.world.customer(who)
            if at <= until(None, customer):
                return About(None, customer, at)
        at, who = min(known)
        return About(None, self.world.customer(who), at)

    def _bought(self, matter: Matter, until: Until) -> Deal | None:
        """Any order paid by wallet, used or not, but none that a scenario has for itself."""
        paid = [deal for deal in self.world.deals if deal.tx is not None]
        paid = [deal for deal in paid if not deal.shape.startswith("scenario/")]
        paid = [deal for deal in paid if deal.customer["id"] not in self._many]
        by_then = [deal for deal in paid if _by_then(matter, deal, until)]
        return self.draw.pick(by_then or paid) if paid else None


def _by_then(matter: Matter, deal: Deal, until: Until) -> bool:
    return since(matter, deal) <= until(deal, deal.customer)


def slots(draw: Draw, deal: Deal | None, customer: Row, at: datetime) -> dict[str, str]:
    """Every slot of the texts as they are said `at` that time, from the facts where there are any."""
    now = at.astimezone(LOCAL)
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
        "as_no": f"SH{local_date(at - timedelta(days=4)):%Y%m%d}{draw.between(1, 99):06d}",
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
