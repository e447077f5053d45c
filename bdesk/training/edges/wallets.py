"""Frozen wallets of edge cases, and the requests to release them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bdesk.models.kinds import CaseKind, Channel, FreezeReason
from bdesk.training.edges.facts import hours
from bdesk.training.wallets import freeze

if TYPE_CHECKING:
    from bdesk.training.edges.cases import Edges

_SAID = 7
"""How many hours ago they asked, and were frozen before that."""


def make(edges: "Edges") -> None:
    """Freezes for every reason that an edge case names, and the requests to end them."""
    texts: Mapping[str, tuple[FreezeReason, str]] = {
        "E08": (FreezeReason.FREQUENT_TRANSFERS, "给二十个工人发工资，一发完就冻了，工人都等着。"),
        "E09": (FreezeReason.FREQUENT_TRANSFERS, "我转几笔钱给朋友就冻了，快点解开，还有钱要转。"),
        "E24": (FreezeReason.JUDICIAL, "钱包为什么用不了？谁冻的？"),
        "E25": (FreezeReason.USER_LOCK, "钱包是我自己锁的，手机找到了，帮我解开。"),
        "E26": (FreezeReason.ABNORMAL_LOGIN, "前天刚换的手机号，钱包登不上了，解开。"),
    }
    for code, (reason, words) in texts.items():
        who = edges.facts.people[code]
        wallet = edges.world.wallets[who["id"]]
        freeze(edges.world, edges.facts.bench.draw, wallet, reason, _SAID + 1)
        edges.case(
            code,
            CaseKind.UNFREEZE,
            Channel.HOTLINE if code != "E25" else Channel.WALLET_APP,
            words,
            customer=who,
            desired="解冻",
            priority=2,
            ago=hours(_SAID),
        )
