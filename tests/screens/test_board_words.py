"""The board's lists at every width: no column is cut where there is room, and none lies far from the next."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bdesk import i18n
from bdesk.models.kinds import Channel, PersonState, Role
from bdesk.models.labels import label
from bdesk.models.views.supervision import PersonLoad
from bdesk.operations.supervising.replays import ClockChange
from bdesk.screens import replays
from bdesk.screens.supervisor import words
from bdesk.speech import MESSAGES, speak
from bdesk.widgets.board_list import Look
from bdesk.widgets.cells import width
from bdesk.widgets.hits import Hit, Hits
from bdesk.widgets.queue_columns import age_text
from tests.builders import T0

BOARD_80, BOARD_120, BOARD_200 = 76, 76, 136
"""The cells of a row's text in a terminal of so many columns."""


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.set_language(request.param)
    yield request.param
    i18n.set_language("en")


@pytest.mark.parametrize("cells", [BOARD_80, BOARD_200])
def test_columns_fill_the_row_and_no_more(cells: int, language: str) -> None:
    for heading in (words.request_heading, words.case_heading):
        told = "".join(text for text, _role in heading(cells))
        assert width(told) <= cells + 4, told


def test_in_two_hundred_columns_no_gap_parts_what_is_asked_for_from_its_sum(language: str) -> None:
    titles = [text for text, _role in words.request_heading(BOARD_200)]
    asked, amount = titles[1], titles[2]
    gap = len(asked) - len(asked.rstrip()) + len(amount) - len(amount.lstrip())
    assert gap <= 28
    assert titles[-1].strip() == i18n._("Matter")


def test_in_two_hundred_columns_a_case_tells_its_group_channel_and_age(language: str) -> None:
    titles = [text.strip() for text, _role in words.case_heading(BOARD_200)]
    assert titles[-3:] == [i18n._("Group"), i18n._("Channel"), i18n._("Age")]
    assert not any("".join(text for text in words.case_heading(BOARD_80)[-1][0]).strip())


def test_a_due_time_in_a_preview_reads_as_on_every_screen(language: str) -> None:
    midnight = T0.replace(hour=16, minute=0, second=0, microsecond=0)  # 24:00 in China
    change = ClockChange("review", None, midnight + timedelta(days=1), False)
    told = replays.told([change], lambda code: code, T0)
    assert "24:00" in told and "00:00 " not in f"{told} ".replace("24:00", "")
    assert ("月" in told) == (language == "zh")


@pytest.mark.parametrize("cells", [80, 120, 200])
def test_why_each_was_found_stands_in_a_column_right_behind_what_was_found(cells: int) -> None:
    found = [("耳机", "shipped"), ("一副蓝牙耳机", "to be shipped"), ("", "")]
    hits = Hits([Hit("order", "1", ("BT..7741", goods), found_by=by) for goods, by in found])
    first, second, bare = hits.paint(cells)
    assert {one.cell_length for one in (first, second, bare)} == {cells}
    assert width(first.text.partition("shipped")[0]) == width(second.text.partition("to be")[0]) == 29
    assert bare.text.split() == ["3", "BT..7741"]


def test_why_each_was_found_keeps_its_room_in_a_narrow_list() -> None:
    hits = Hits(
        [Hit("order", str(n), ("BT..7741", "蓝牙耳机" * n), found_by="to be shipped") for n in (1, 9)]
    )
    assert all(one.text.rstrip().endswith("to be shipped") for one in hits.paint(60))


def test_what_is_asked_for_is_never_cut(language: str) -> None:
    actions = [
        code for code in MESSAGES if code.startswith("action.") and not code.startswith("action.short.")
    ]
    assert len(actions) >= 10
    cells = words._request_cells(BOARD_80).action - 1
    for code in actions:
        short = code.replace("action.", "action.short.")
        assert min(width(speak(code)), width(speak(short))) <= cells, code


def test_changes_of_due_times_stand_in_columns(language: str) -> None:
    soon = T0 + timedelta(hours=3)
    changes = [ClockChange("ack", soon, None, False), ClockChange("answered", None, soon, True)]
    first, second = replays.lines(changes, lambda code: code, T0)
    assert [width(line.split(">")[0]) for line in (first, second)] == [width(first.split(">")[0])] * 2
    assert second.endswith(i18n._("late at once"))


def test_every_channel_has_room_in_two_hundred_columns(language: str) -> None:
    column = next(text for text, _role in words.case_heading(BOARD_200) if text.strip() == i18n._("Channel"))
    assert all(width(label(one)) < width(column) for one in Channel)


def test_of_what_presses_in_the_team_the_figure_alone_is_filled(language: str) -> None:
    one = PersonLoad(1, "1004", "吴磊", Role.AGENT, None, PersonState.ONLINE, T0 - timedelta(hours=2), 5, 3)
    pieces = words.load_pieces(one, T0, BOARD_80, Look(1, False, False, False))
    assert ("3", "bad") in pieces
    assert sum(width(text) for text, _role in pieces) <= BOARD_80
    assert any(text.strip() == age_text(T0 - timedelta(hours=2), T0) for text, _role in pieces)
