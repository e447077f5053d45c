from collections.abc import Iterator

import pytest

from bdesk import i18n
from bdesk.errors import BadInput
from bdesk.i18n import _, default_language, language, pick, set_language, translate

VARIABLES = ("BDESK_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def _no_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    set_language(None)
    yield
    set_language(None)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, "zh"),
        ({"LANGUAGE": "zh:en", "LANG": "en_GB"}, "zh"),
        ({"LANGUAGE": "", "LANG": "ZH_cn"}, "zh"),
        ({"BDESK_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"BDESK_LANG": "zh", "LC_ALL": "C"}, "zh"),
    ],
)
def test_the_environment_names_the_language(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert default_language() == language() == expected


def test_a_language_that_was_set_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BDESK_LANG", "zh")
    set_language("en")
    assert (language(), _("Queue"), pick("中", "en")) == ("en", "Queue", "en")
    set_language("zh")
    assert (language(), _("Queue"), pick("中", "en")) == ("zh", "队列", "中")


def test_another_language_is_refused() -> None:
    with pytest.raises(BadInput, match=r"language\.unknown"):
        set_language("fr")


def test_places_are_filled_in_both_languages() -> None:
    assert translate("en", "{minutes} min", minutes=5) == "5 min"
    assert translate("zh", "{minutes} min", minutes=5) == "5 分"


def test_what_has_no_translation_stays_english_and_braces_alone_are_left() -> None:
    assert translate("zh", "not in the catalogue {x}") == "not in the catalogue {x}"


def test_the_empty_text_is_empty_and_not_the_header() -> None:
    assert translate("zh", "") == ""


def test_without_a_catalogue_the_desk_speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "DOMAIN", "none")
    i18n._catalogue.cache_clear()
    try:
        assert translate("zh", "Queue") == "Queue"
    finally:
        i18n._catalogue.cache_clear()
