"""The wire corpus on AWS, through the front; tests/http/base has it on one machine."""

import pytest

from tests.running import Campus
from tests.wire_corpus import PREFIXES, differences, followed


@pytest.mark.parametrize("prefix", PREFIXES)
def test_each_fault_has_its_words(campus: Campus, prefix: str):
    assert differences(campus, prefix) == []


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_report_is_followed(campus: Campus, prefix: str):
    assert followed(campus, prefix) == "OPEN"
