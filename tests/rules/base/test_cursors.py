"""What a cursor may hold that nobody was given."""

import base64

import pytest

from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.page import CursorNumber, decode_cursor, encode_cursor


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize("number", [0, 7, 2**63 - 1])
def test_a_number_that_databases_count_to_comes_back(number: int):
    assert decode_cursor(encode_cursor(number), CursorNumber) == number


@pytest.mark.parametrize("text", ["-1", str(2**63), str(2**64), "9" * 400, "1.5", '"1"', ""])
def test_another_number_is_refused(text: str):
    with pytest.raises(InvalidInput):
        decode_cursor(encoded(text), CursorNumber)


def test_a_text_no_database_takes_is_refused():
    with pytest.raises(InvalidInput):
        decode_cursor(encoded('["a\\u0000b", "c"]'), tuple[str, str])
