"""The wire corpus on one machine; tests/deployed has it on AWS."""

import pytest

from tests.running import RunningServer
from tests.wire_corpus import PREFIXES, differences, followed


@pytest.mark.parametrize("prefix", PREFIXES)
def test_each_fault_has_its_words(server: RunningServer, prefix: str):
    assert differences(server, prefix) == []


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_report_is_followed(server: RunningServer, prefix: str):
    assert followed(server, prefix) == "OPEN"
