"""The number a report goes by."""

from datetime import UTC, datetime, timedelta

from quadrangle.issues.numbers import number_in, number_of
from quadrangle.kernel.ids import ordered_id

OLD = "3f2a91c0-1111-4222-8333-444455556666"


def test_reports_with_a_random_id_keep_the_number_they_had():
    assert number_of(OLD) == "3f2a91c0"


def test_reports_of_one_minute_go_by_different_numbers():
    start = datetime(2026, 11, 28, 12, tzinfo=UTC)
    ids = [ordered_id(start + timedelta(milliseconds=10 * n)) for n in range(1_000)]
    assert len({number_of(each) for each in ids}) == 1_000
    assert all(each.endswith(number_of(each)) for each in ids)


def test_what_is_typed_is_a_number_or_is_not():
    assert number_in(" 3F2A91C0 ") == "3f2a91c0"
    for typed in ("#3f2a91c0", "No. 3f2a91c0", "no 3f2a91c0", "Resolved: Network [3f2a91c0]"):
        assert number_in(typed) == "3f2a91c0"
    assert number_in("3f2a91c") is None
    assert number_in("3f2a91c0 ladder") is None
    assert number_in("projectr") is None
