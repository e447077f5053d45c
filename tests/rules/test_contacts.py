"""Where the customer is reached while contact data may be somebody else's (B0.4; S7): one rule for letters,
surveys and calls back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.models.kinds import DeliveryState, NotificationChannel
from bdesk.models.views.snapshot import AnswerView
from bdesk.rules.contacts import CONTACT_GUARD, addresses, answering, before, masked, to_ring
from tests.rules.samples import DAY, HOUR, NOW, customer, letter, snapshot

NOW_PHONE, OLD_PHONE = "15400000037", "15400000036"
NOW_MAIL, OLD_MAIL = "wangli@example.com", "old@example.com"


def reached(**changes: object) -> list[str]:
    return [one.value for one in addresses(snapshot(customer=customer(**changes)))]


@pytest.mark.parametrize(
    ("changed", "known", "to"),
    [
        (None, {}, [NOW_MAIL, NOW_PHONE]),
        (NOW - 2 * DAY, {"previous_phone": OLD_PHONE}, [NOW_MAIL, OLD_PHONE]),
        (NOW - 2 * DAY, {"previous_email": OLD_MAIL}, [OLD_MAIL, NOW_PHONE]),
        (NOW - 2 * DAY, {"previous_phone": OLD_PHONE, "previous_email": OLD_MAIL}, [OLD_MAIL, OLD_PHONE]),
        (NOW - 2 * DAY, {}, []),
        (NOW - 8 * DAY, {"previous_phone": OLD_PHONE, "previous_email": OLD_MAIL}, [NOW_MAIL, NOW_PHONE]),
    ],
)
def test_what_changed_lately_gets_nothing_but_what_was_there_before(
    changed: object, known: dict[str, str], to: list[str]
) -> None:
    assert reached(contact_changed_at=changed, **known) == to


def test_what_the_walk_found_to_be_anothers_stays_so_until_it_changes() -> None:
    found = AnswerView("scam", "phone", {}, "1001", NOW - 6 * DAY)
    taken = {"contact_changed_at": NOW - 8 * DAY, "previous_phone": OLD_PHONE}
    snap = snapshot(customer=customer(**taken), answers=(found,))
    assert [one.value for one in addresses(snap)] == [NOW_MAIL, OLD_PHONE]
    assert to_ring(snap) == OLD_PHONE
    back = customer(phone=OLD_PHONE, previous_phone=OLD_PHONE, contact_changed_at=NOW - DAY)
    assert to_ring(snapshot(customer=back, answers=(found,))) == OLD_PHONE


def test_who_took_a_number_over_does_not_become_the_old_channel() -> None:
    """The owner changes back, or to a third number, while the first change is fresh."""
    taken = customer(phone="15499999999", previous_phone=OLD_PHONE, contact_changed_at=NOW - 2 * DAY)
    assert before(taken, NOW, phone=True)["previous_phone"] == OLD_PHONE
    assert before(taken, NOW, email=True) == {"previous_phone": OLD_PHONE, "previous_email": NOW_MAIL}
    long_ago = customer(previous_phone=OLD_PHONE, contact_changed_at=NOW - 90 * DAY)
    assert before(long_ago, NOW, email=True) == {"previous_phone": None, "previous_email": NOW_MAIL}


@given(st.booleans(), st.booleans(), st.timedeltas(timedelta(0), CONTACT_GUARD - timedelta(seconds=1)))
def test_no_fresh_value_is_ever_written_to(phone: bool, email: bool, ago: timedelta) -> None:
    """Whichever of them somebody changed, with what `before` keeps of it."""
    first = customer(phone=OLD_PHONE, email=OLD_MAIL)
    kept = before(first, NOW - ago, phone=phone, email=email)
    now = customer(
        phone=NOW_PHONE if phone else OLD_PHONE,
        email=NOW_MAIL if email else OLD_MAIL,
        contact_changed_at=NOW - ago if phone or email else None,
        **kept,
    )
    assert [one.value for one in addresses(snapshot(customer=now))] == [OLD_MAIL, OLD_PHONE]


def test_a_landline_gets_no_text_message() -> None:
    assert reached(phone="057188886666") == [NOW_MAIL]
    assert [one.channel for one in addresses(snapshot())] == [
        NotificationChannel.EMAIL,
        NotificationChannel.SMS,
    ]


def test_e35_an_address_from_which_the_newest_letter_came_back_answers_no_more() -> None:
    mail, phone = addresses(snapshot())
    lost = letter(target_masked=masked(mail), state=DeliveryState.FAILED)
    assert answering(snapshot(notifications=(lost,))) == (phone,)
    gone = letter(id=42, target_masked=masked(phone), state=DeliveryState.FAILED)
    assert answering(snapshot(notifications=(lost, gone))) == ()
    arrived = letter(id=43, target_masked=masked(mail))
    assert answering(snapshot(notifications=(arrived, gone, lost))) == (mail,)
    changed = customer(contact_changed_at=NOW - HOUR / 2, previous_phone=NOW_PHONE, previous_email=NOW_MAIL)
    assert answering(snapshot(customer=changed, notifications=(lost,))) == (mail, phone)
