"""When a failed job runs again, and what is kept of its error."""

from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quadrangle.kernel.jobs import (
    MAX_ERROR,
    GiveUp,
    RetryLater,
    RetryPolicy,
    error_text,
    judge,
    plan_retry,
)

policies = st.builds(
    RetryPolicy,
    max_attempts=st.integers(1, 5_000),
    first_delay_s=st.floats(0.001, 3_600),
    max_delay_s=st.floats(0.001, 7 * 86_400),
)
jitters = st.floats(0, 1, exclude_max=True)


@given(policies, st.integers(1, 5_000), jitters)
def test_a_wait_is_within_its_bounds(policy, attempt, jitter):
    assume(attempt < policy.max_attempts)
    wait = plan_retry(policy, attempt, jitter)
    assert wait is not None
    full = min(policy.max_delay_s, policy.first_delay_s * 2 ** min(attempt - 1, 60))
    assert full / 2 - 1e-6 <= wait.total_seconds() <= full + 1e-6


@given(policies, st.integers(1, 5_000), jitters)
def test_waits_grow_up_to_the_cap(policy, attempt, jitter):
    assume(attempt + 1 < policy.max_attempts)
    first, second = (plan_retry(policy, n, jitter) for n in (attempt, attempt + 1))
    assert first is not None
    assert second is not None
    assert first <= second <= timedelta(seconds=policy.max_delay_s)


@given(policies, st.integers(0, 100), jitters)
def test_there_is_nothing_after_the_last_attempt(policy, more, jitter):
    assert plan_retry(policy, policy.max_attempts + more, jitter) is None


@given(policies, st.integers(1, 5_000), jitters, jitters)
def test_more_jitter_is_a_longer_wait(policy, attempt, one, other):
    assume(attempt < policy.max_attempts)
    less, more = (plan_retry(policy, attempt, jitter) for jitter in sorted((one, other)))
    assert less is not None
    assert more is not None
    assert less <= more


def test_waits_without_a_given_jitter_differ():
    policy = RetryPolicy(first_delay_s=100)
    assert len({plan_retry(policy, 3) for _ in range(20)}) > 1


@given(policies, st.integers(1, 5_000))
def test_an_error_uses_up_its_attempt(policy, attempt):
    verdict = judge(policy, attempt, ValueError("no"), jitter=0.5)
    assert verdict.counted
    assert verdict.wait == plan_retry(policy, attempt, jitter=0.5)
    assert verdict.error == "ValueError: no"


@given(policies, st.integers(1, 5_000))
def test_retry_later_costs_nothing_however_often(policy, attempt):
    later = RetryLater(timedelta(minutes=3), "The desktop is still starting.")
    verdict = judge(policy, attempt, later)
    assert not verdict.counted
    assert verdict.wait == timedelta(minutes=3)
    assert verdict.error == "The desktop is still starting."


@given(policies, st.integers(1, 5_000))
def test_give_up_is_final_at_once(policy, attempt):
    verdict = judge(policy, attempt, GiveUp("There is no such address."))
    assert verdict.wait is None
    assert verdict.error == "There is no such address."


@given(st.text(st.characters()))
def test_error_texts_can_be_stored_and_shown(message):
    text = error_text(RuntimeError(message))
    assert text.startswith("RuntimeError")
    assert len(text) <= MAX_ERROR
    assert text.isprintable()
    text.encode()


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("postgresql://me:hunter2@db/x refused", "postgresql://me:***@db/x refused"),
        ("smtp://:hunter2@mail refused", "smtp://:***@mail refused"),
        ("sent Authorization: Bearer hunter2hunter2, got 403", "Authorization: Bearer ***"),
        ('{"password": "hunter2", "user": "me"}', '"user": "me"'),
        ("https://campus.example/?token=hunter2&id=5", "&id=5"),
        ("api_key='hunter2'", "api_key="),
    ],
)
def test_error_texts_hold_no_secrets(message, kept):
    text = error_text(RuntimeError(message))
    assert "hunter2" not in text
    assert kept in text


def test_an_error_text_without_a_message_names_the_error():
    assert error_text(TimeoutError()) == "TimeoutError"
    assert error_text(GiveUp()) == "GiveUp"
