"""What may be handed to a viewer: web addresses, files of known types, nothing that reads like an order."""

from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.rules.locators import SCHEMES, TYPES, locator_fault


@pytest.mark.parametrize(
    "address",
    [
        "https://evidence.example.com/1/2.jpg",
        "http://shop.example.com/e?id=5&token=a%20b",
        "HTTPS://例子.example/图.png",
        "https://[2001:db8::1]:8080/x",
        "/srv/evidence/2026/photo.JPG",
        "evidence/开箱.mp4",
        "label.pdf",
    ],
)
def test_what_may_be_opened(address: str) -> None:
    assert locator_fault(address) is None


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("--config=/tmp/x", "locator.option"),
        ("-o", "locator.option"),
        ("file:///etc/passwd", "locator.scheme"),
        ("FILE:/etc/passwd.png", "locator.scheme"),
        ("javascript:alert(1)", "locator.scheme"),
        ("data:text/html,x", "locator.scheme"),
        ("ftp://host/1.jpg", "locator.scheme"),
        ("smb://host/1.jpg", "locator.scheme"),
        ("//host/share/1.jpg", "locator.scheme"),
        ("C:/evil.jpg", "locator.scheme"),
        ("/etc/passwd", "locator.type"),
        ("run.sh", "locator.type"),
        ("photo.jpg.desktop", "locator.type"),
        ("jpg", "locator.type"),
        ("/tmp/evil.jpg/", "locator.type"),
        ("a.jpg;reboot", "locator.odd"),
        ("$(reboot).jpg", "locator.odd"),
        ("`reboot`.jpg", "locator.odd"),
        ("a|b.jpg", "locator.odd"),
        ("a b.jpg", "locator.odd"),
        ("https://x.example/\x1b]2;y", "locator.odd"),
        ("https://x.example/a\n--b", "locator.odd"),
        ("https://x.example/\u202egpj.exe", "locator.odd"),
        ("https://bank.example@evil.example/1.jpg", "locator.odd"),
        ("https:///1.jpg", "locator.odd"),
        ("https://[::1/1.jpg", "locator.odd"),
        ("", "locator.odd"),
    ],
)
def test_what_may_not(address: str, fault: str) -> None:
    assert locator_fault(address) == fault


@given(st.text(ascii_lowercase, min_size=2, max_size=12), st.text(max_size=30))
def test_no_other_scheme_passes(scheme: str, rest: str) -> None:
    assert scheme in SCHEMES or locator_fault(f"{scheme}:{rest}") is not None


@given(st.text(min_size=1, max_size=40))
def test_a_file_without_a_known_ending_never_passes(name: str) -> None:
    if name.rpartition(".")[2].lower() not in TYPES and ":" not in name:
        assert locator_fault(name) is not None
