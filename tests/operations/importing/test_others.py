"""Customers, products and wallets."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bdesk.data.verify import verify
from bdesk.models.tables import Customer, Freeze, Product, Wallet, WalletTx
from tests.builders import T0
from tests.operations.importing.firm import Firm, at, make_firm, order


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = make_firm(tmp_path)
    yield made
    made.store.close()


def person(**more: Any) -> dict[str, Any]:
    known = {"account": "wangli", "name": "王丽", "phone": "154 0000 0037", "email": "wl@example.com"}
    return known | {"as_of": at(2)} | more


def wallet(**more: Any) -> dict[str, Any]:
    return {"wallet_no": "QB1", "account": "wangli", "balance_fen": 31260, "as_of": at(2)} | more


def test_a_customer_is_found_by_the_tail_of_the_phone(firm: Firm) -> None:
    firm.bring("customers", person())
    assert firm.one(Customer).phone_tail == "0037"
    firm.bring("customers", person(phone=None, as_of=at(1)))
    assert (firm.one(Customer).phone, firm.one(Customer).phone_tail) == (None, None)


def test_no_personal_value_reaches_the_journal(firm: Firm) -> None:
    firm.bring("customers", person())
    (event,) = firm.events("import.row")
    assert event.payload["key"] is None
    assert not {"wangli", "王丽", "wl@example.com"} & set(map(str, event.payload.values()))


def test_a_new_phone_counts_as_a_changed_contact(firm: Firm) -> None:
    firm.bring("customers", person())
    assert firm.one(Customer).contact_changed_at is None
    firm.bring("customers", person(phone="15400009999", as_of=at(1)))
    row = firm.one(Customer)
    assert row.contact_changed_at == T0
    assert (row.previous_phone, row.phone_tail) == ("154 0000 0037", "9999")


def test_a_new_address_is_no_changed_contact(firm: Firm) -> None:
    firm.bring("customers", person())
    firm.bring("customers", person(address="别处", as_of=at(1)))
    assert firm.one(Customer).contact_changed_at is None


def test_products_from_csv(firm: Firm) -> None:
    path = firm.folder / "p.csv"
    path.write_text(
        f"sku,name,stock,price_fen,as_of\nK1,壶,3,12800,{at(2)}\nK2,杯,,5990,{at(2)}\nK3,灯,x,1,{at(2)}\n"
    )
    done = firm.file("products", path)
    assert (done.added, firm.codes()) == (2, [(4, "import.whole")])
    assert [(row.sku, row.stock) for row in firm.all(Product)] == [("K1", 3), ("K2", 0)]
    path.write_text(f"sku,name,stock,as_of\nK1,壶,0,{at(1)}\n")
    assert firm.file("products", path).changed == 1
    assert (firm.all(Product)[0].stock, firm.all(Product)[0].price_fen) == (0, 12800)


def test_a_wallet_with_what_went_through_it(firm: Firm) -> None:
    firm.bring("orders", order())
    freeze = {"reason": "abnormal_login", "source": "system", "amount_fen": 31260, "frozen_at": at(5)}
    spent = {
        "tx_no": "WX1",
        "kind": "purchase",
        "amount_fen": 12800,
        "at": at(71),
        "order_no": "BT20261114000101",
    }
    firm.bring("wallets", wallet(state="frozen", freezes=[freeze], transactions=[spent]))
    assert firm.codes() == []
    assert firm.one(WalletTx).order_id is not None
    later = wallet(freezes=[freeze | {"amount_fen": 30000, "trigger": "异地"}], as_of=at(0.5))
    firm.bring("wallets", later)
    assert (firm.one(Freeze).amount_fen, firm.one(Freeze).trigger) == (30000, "异地")
    assert firm.one(Wallet).state == "frozen"
    assert len(firm.all(WalletTx)) == 1
    assert firm.bring("wallets", later).unchanged == 1


def test_a_freeze_that_was_over_before_the_store_knew_it_is_history(firm: Firm) -> None:
    firm.bring("customers", person())
    over = {"reason": "abnormal_login", "source": "system", "frozen_at": at(90), "released_at": at(80)}
    firm.bring("wallets", wallet(freezes=[over]))
    firm.bring("wallets", wallet(freezes=[over | {"released_at": at(79)}], as_of=at(1)))
    assert firm.codes() == []
    assert firm.one(Freeze).released_at == T0 - timedelta(hours=80), "the desk's own record of an end stays"


OPEN = {"reason": "user_lock", "source": "user", "frozen_at": at(5)}


@pytest.mark.parametrize("state", ["frozen", "limited"])
@pytest.mark.parametrize(
    ("named", "source"),
    [(None, "system"), ("id_expired", "system"), ("user_lock", "user"), ("judicial",) * 2],
)
def test_a_wallet_that_comes_held_has_a_freeze_that_somebody_may_release(
    firm: Firm, state: str, named: str | None, source: str
) -> None:
    firm.bring("customers", person())
    over = OPEN | {"released_at": at(3)}
    firm.bring("wallets", wallet(state=state, freeze_reason=named, freezes=[over]))
    assert firm.codes() == []
    made = firm.all(Freeze)[-1]
    assert (made.reason, made.source, made.released_at) == (named or "fraud_risk", source, None)
    assert made.frozen_at == T0 - timedelta(hours=2)
    firm.bring("wallets", wallet(state=state, as_of=at(1)))
    assert len(firm.all(Freeze)) == 2, "once"
    assert verify(firm.store, firm.ctx.book).ok


def test_a_wallet_that_a_later_file_freezes_has_one_too(firm: Firm) -> None:
    firm.bring("customers", person())
    firm.bring("wallets", wallet())
    assert firm.all(Freeze) == []
    firm.bring("wallets", wallet(state="frozen", as_of=at(1)))
    assert firm.one(Freeze).reason == "fraud_risk"
    assert verify(firm.store, firm.ctx.book).ok


def test_a_freeze_that_was_not_named_is_the_one_that_a_later_file_names(firm: Firm) -> None:
    firm.bring("customers", person())
    firm.bring("wallets", wallet(state="frozen"))
    firm.bring("wallets", wallet(freezes=[OPEN], as_of=at(1)))
    assert firm.codes() == []
    named = firm.one(Freeze)
    assert (named.reason, named.source, named.frozen_at) == ("user_lock", "user", T0 - timedelta(hours=5))
    assert verify(firm.store, firm.ctx.book).ok


def test_one_that_the_file_names_is_all_there_is(firm: Firm) -> None:
    firm.bring("customers", person())
    firm.bring("wallets", wallet(state="frozen", freezes=[OPEN], freeze_reason="judicial"))
    assert firm.one(Freeze).reason == "user_lock"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (wallet(account="nobody"), "import.no_customer"),
        (wallet(wallet_no="QB2"), "import.second_wallet"),
        (wallet(account="liqiang", as_of=at(1)), "import.other_customer"),
        (
            wallet(
                transactions=[
                    {"tx_no": "W", "kind": "transfer", "amount_fen": 1, "at": at(3), "order_no": "BT1"}
                ],
                as_of=at(1),
            ),
            "import.no_order",
        ),
        (wallet(freezes=[{"reason": "nice", "source": "system", "frozen_at": at(3)}]), "import.choice"),
        (wallet(as_of=at(-1)), "import.future"),
    ],
)
def test_wallets_that_do_not_fit(firm: Firm, row: dict[str, Any], code: str) -> None:
    firm.bring("customers", person(), person(account="liqiang"))
    firm.bring("wallets", wallet())
    firm.bring("wallets", row)
    assert firm.codes() == [(1, code)]


def test_a_transaction_of_another_wallet_is_not_taken_over(firm: Firm) -> None:
    spent = {"tx_no": "WX1", "kind": "transfer", "amount_fen": 1, "at": at(3)}
    firm.bring("customers", person(), person(account="liqiang"))
    firm.bring("wallets", wallet(transactions=[spent]))
    firm.bring("wallets", wallet(wallet_no="QB2", account="liqiang", transactions=[spent]))
    assert firm.codes() == [(1, "import.elsewhere")]
    assert len(firm.all(Wallet)) == 1
