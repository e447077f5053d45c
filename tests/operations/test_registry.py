"""Handlers and the names that content may use are the same set."""

from bdesk.data.book.book import load_book
from bdesk.operations.effects.registry import HANDLERS, PREVIEWS
from bdesk.rules.walk.values import Risk


def test_every_effect_has_a_handler_and_every_handler_an_effect() -> None:
    assert set(HANDLERS) == set(load_book().effect_specs)


def test_what_leaves_the_desk_says_in_the_strip_what_it_will_do() -> None:
    leaves = {name for name, spec in load_book().effect_specs.items() if spec.risk is not Risk.RECORD}
    # Taking goods off an order leaves nothing, but says which.
    assert set(PREVIEWS) == leaves | {"order.cancel"}
