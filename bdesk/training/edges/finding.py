"""Where every edge case is, and the numbers by which a trainer calls it up."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bdesk.models.kinds import Channel
from bdesk.models.tables import Contact, Order
from bdesk.training.edges.index import NAMES, Edge
from bdesk.training.ledger import Work
from bdesk.training.rows import Row

if TYPE_CHECKING:
    from bdesk.training.edges.cases import Edges


@dataclass(slots=True)
class Found:
    """What an edge case is at, while rows have no numbers yet."""

    cases: list[Work] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    people: list[str] = field(default_factory=list)


def where(edges: "Edges") -> tuple[Edge, ...]:
    """The index, once every row has its number."""
    _find_ordinary(edges)
    index = []
    for code, found in edges.found.items():
        cases = [work.row["case_no"] for work in found.cases]
        if code == "E47":
            cases = [str(work.row["after_sale_no"]) for work in found.cases]
        orders = tuple(row["order_no"] for row in found.orders)
        index.append(Edge(code, NAMES[code], tuple(cases), orders, tuple(found.people)))
    return tuple(index)


def _find_ordinary(edges: "Edges") -> None:
    """What is there without a case of its own: odd amounts, a long list, a long timeline, a newcomer."""
    world, rows = edges.world, edges.world.rows
    orders = rows.of(Order)
    for fen in (0, 1, 4_999_900):
        edges.found["E40"].orders += [row for row in orders if row["total_fen"] == fen][:1]
    held: dict[int, int] = {}
    for row in orders:
        held[row["customer_id"]] = held.get(row["customer_id"], 0) + 1
    most = max(held, key=lambda one: held[one])
    edges.found["E48"].people.append(world.customer(most)["account"])
    rung: dict[int, int] = {}
    for row in rows.of(Contact):
        rung[row["case_id"]] = rung.get(row["case_id"], 0) + 1
    long = max(rung, key=lambda one: rung[one])
    made = edges.maker.made
    edges.found["E49"].cases += [work for work in made if work.row["id"] == long]
    for code, channel in (("E36", Channel.SOCIAL), ("E37", Channel.REGULATOR)):
        edges.found[code].cases += [work for work in made if work.row["channel"] is channel][:1]
    if edges.maker.newcomer is not None:
        edges.found["E50"].people.append(edges.maker.newcomer["number"])
    for code in ("E11", "E12", "E13", "E26"):
        deal = edges.facts.deals.get(code)
        who = deal.customer if deal is not None else edges.facts.people[code]
        edges.found[code].people.append(who["account"])
