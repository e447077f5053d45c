"""The rules of evidence as content: what a text must not say."""

import pytest

from bdesk.data.book.evidence import evidence_source, parse_evidence
from bdesk.data.book.yamltext import BadBook

HANDHELD = "      - {code: handheld, kinds: [handheld], zh: 手持证件照, en: a photo holding it}\n"


@pytest.mark.parametrize("kinds", ["[statement]", "any", "[id_document, statement]"])
def test_no_statement_stands_for_the_papers_of_a_person(kinds: str) -> None:
    """V3+ is what rests on them (B0.4): whoever writes their own rules verifies nobody by a letter."""
    text = evidence_source().text
    assert parse_evidence(text)
    begin = text.index("  - situation: phone_lost")
    loose = text[:begin] + text[begin:].replace(HANDHELD, "", 1).replace("[id_document]", kinds, 1)
    with pytest.raises(BadBook, match="no piece that shows who somebody is"):
        parse_evidence(loose, "own.yaml")
