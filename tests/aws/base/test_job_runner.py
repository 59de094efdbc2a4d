"""How every end of a job is told to SQS, one by one and in any order."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.aws.jobs.job_runner import (
    BROKEN_OFF,
    ENOUGH_S,
    LONGEST_HIDE_S,
    NOT_A_JOB,
    JobRunner,
    Route,
)
from quadrangle.aws.jobs.messages import Message, encode
from quadrangle.aws.jobs.queues import LONGEST_DELAY_S, Queues
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.jobs import GiveUp, Job, RetryLater, RetryPolicy
from tests.aws.base.fake_sqs import FakeSqs, message_in

ROUTE = Route("jobs", "dead")
POLICY = RetryPolicy(max_attempts=3, first_delay_s=10.0)
HOUR = timedelta(hours=1)


class Bench:
    """A runner of one function, `note`, which ends as told."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.sqs = FakeSqs()
        self.error: Exception | None = None
        self.newer: set[str] = set()
        self.ran: list[Job] = []
        self.begun: Counter[str] = Counter()
        self.runner = JobRunner(
            Queues(self.sqs, sleep=lambda seconds: None),
            ROUTE,
            {"note": self._note},
            self._waits,
            clock,
            self._begun,
            policy=POLICY,
        )

    def _begun(self, message_id: str) -> int:
        self.begun[message_id] += 1
        return self.begun[message_id]

    async def _note(self, job: Job) -> None:
        self.ran.append(job)
        if self.error is not None:
            raise self.error

    async def _waits(self, name: str) -> bool:
        return name in self.newer

    def message(self, **fields: Any) -> Message:
        due = fields.pop("due", self.clock.now())
        return Message("note", {"it": 1}, to_text(due), **fields)

    async def run(self, body: str | Message, receives: int = 1, message_id: str = "m"):
        """Hand over one message; True when it is to stay in the queue."""
        record = self.record(body, receives, message_id)
        answer = await self.runner.handle({"Records": [record]})
        assert answer in (
            {"batchItemFailures": []},
            {"batchItemFailures": [{"itemIdentifier": message_id}]},
        )
        return bool(answer["batchItemFailures"])

    def record(self, body: str | Message, receives: int = 1, message_id: str = "m"):
        return {
            "messageId": message_id,
            "receiptHandle": f"handle of {message_id}",
            "body": encode(body) if isinstance(body, Message) else body,
            "attributes": {"ApproximateReceiveCount": str(receives)},
        }

    def dead(self) -> dict[str, str]:
        """The texts beside the one dead letter."""
        (letter,) = self.sqs.to("dead")
        return {name: each["StringValue"] for name, each in letter["MessageAttributes"].items()}


@pytest.fixture
def bench(clock: ManualClock) -> Bench:
    return Bench(clock)


async def test_a_job_that_succeeds_is_done(bench: Bench):
    assert not await bench.run(bench.message(spent=1))
    assert bench.ran == [Job("m", "note", {"it": 1}, 2, bench.clock.now())]
    assert (bench.sqs.sent, bench.sqs.hidden) == ([], {})


async def test_a_failed_job_is_a_copy_that_comes_after_its_wait(bench: Bench):
    bench.error = ValueError("no")
    assert not await bench.run(bench.message())
    (copy,) = bench.sqs.to("jobs")
    assert 5 <= copy["DelaySeconds"] <= 10
    assert message_in(copy).spent == 1


async def test_what_was_handed_out_and_did_not_run_uses_up_no_attempt(bench: Bench):
    """AWS had no container for it, a hundred times."""
    assert not await bench.run(bench.message(), receives=101)
    assert [job.attempt for job in bench.ran] == [1]
    assert bench.sqs.sent == []


async def test_a_job_behind_one_that_ends_its_container_uses_up_no_attempt(bench: Bench):
    """The first of a batch ends it each time: the second was handed out as often, and never ran."""

    class Ended(BaseException):
        pass

    async def end(job: Job) -> None:
        if job.payload["it"] == "end":
            raise Ended
        bench.ran.append(job)

    ends, after = (Message("note", {"it": it}, to_text(bench.clock.now())) for it in ("end", 1))
    bench.runner._handlers["note"] = end
    for receives in range(1, 5):
        records = [bench.record(ends, receives, "a"), bench.record(after, receives, "b")]
        with pytest.raises(Ended):
            await bench.runner.handle({"Records": records})
    records = [bench.record(ends, 5, "a"), bench.record(after, 5, "b")]
    assert await bench.runner.handle({"Records": records}) == {"batchItemFailures": []}
    assert bench.dead()["error"] == BROKEN_OFF
    assert [job.attempt for job in bench.ran] == [1]


async def test_the_last_failure_goes_to_the_dead_letters(bench: Bench):
    bench.error = ValueError("password=hunter2 is wrong")
    message = bench.message(spent=2)
    assert not await bench.run(message)
    assert bench.dead() == {
        "error": "ValueError: password=*** is wrong",
        "attempts": "3",
        "failedAt": to_text(bench.clock.now()),
    }
    assert bench.sqs.to("dead")[0]["MessageBody"] == encode(message)
    assert bench.sqs.hidden == {}


async def test_giving_up_goes_to_the_dead_letters_at_once(bench: Bench):
    bench.error = GiveUp("This will never do.")
    assert not await bench.run(bench.message())
    assert bench.dead()["error"] == "This will never do."
    assert bench.dead()["attempts"] == "1"


@pytest.mark.parametrize(("wait", "delay_s"), [(30, 30), (0.2, 1), (0, 0), (-5, 0), (7200, 900)])
async def test_retry_later_is_a_copy_that_counts_from_before(bench: Bench, wait, delay_s):
    bench.error = RetryLater(timedelta(seconds=wait), "greylisted")
    assert not await bench.run(bench.message(spent=1))
    (copy,) = bench.sqs.to("jobs")
    assert copy["DelaySeconds"] == delay_s
    due = bench.clock.now() + timedelta(seconds=max(0, wait))
    assert message_in(copy) == bench.message(spent=1, due=due)


async def test_retry_later_keeps_what_failures_used_up(bench: Bench):
    bench.error = RetryLater(timedelta(0), "soon")
    assert not await bench.run(bench.message(spent=2))
    assert message_in(bench.sqs.to("jobs")[0]).spent == 2


async def test_retry_later_on_the_last_attempt_is_no_dead_letter(bench: Bench):
    bench.error = RetryLater(timedelta(0), "soon")
    assert not await bench.run(bench.message(spent=2))
    assert bench.sqs.to("dead") == []


async def test_a_message_before_its_time_is_hidden_until_then(bench: Bench):
    message = bench.message(due=bench.clock.now() + HOUR)
    assert await bench.run(message)
    assert bench.ran == []
    assert bench.sqs.hidden == {"handle of m": 3600}
    bench.clock.advance(HOUR)
    assert not await bench.run(message, receives=2)
    assert [job.attempt for job in bench.ran] == [1]


async def test_nothing_is_hidden_longer_than_sqs_allows(bench: Bench):
    assert await bench.run(bench.message(due=bench.clock.now() + 100 * HOUR))
    assert bench.sqs.hidden == {"handle of m": LONGEST_HIDE_S}


async def test_a_second_message_too_early_is_a_copy_with_a_new_count(bench: Bench):
    message = bench.message(due=bench.clock.now() + HOUR, spent=1)
    assert not await bench.run(message, receives=2)
    (copy,) = bench.sqs.to("jobs")
    assert (message_in(copy), copy["DelaySeconds"]) == (message, LONGEST_DELAY_S)


async def test_clocks_that_differ_a_little_make_no_message_early(bench: Bench):
    assert not await bench.run(bench.message(due=bench.clock.now() + timedelta(milliseconds=900)))
    assert [job.attempt for job in bench.ran] == [1]


async def test_runs_that_broke_off_use_up_attempts_too(bench: Bench):
    bench.begun["m"] = 3
    assert not await bench.run(bench.message(), receives=5)
    assert bench.ran == []
    assert bench.dead()["error"] == BROKEN_OFF
    assert bench.dead()["attempts"] == "3"


async def test_a_failed_job_is_dropped_for_a_newer_one_of_its_name(bench: Bench):
    bench.newer = {"launch"}
    for bench.error in (ValueError("no"), GiveUp("never"), RetryLater(HOUR, "later")):
        assert not await bench.run(bench.message(name="launch"))
    assert len(bench.ran) == 3
    assert (bench.sqs.sent, bench.sqs.hidden) == ([], {})


async def test_an_unknown_function_is_a_dead_letter(bench: Bench):
    assert not await bench.run(Message("unheard of", {}, to_text(bench.clock.now())))
    assert "no function “unheard of”" in bench.dead()["error"]


@pytest.mark.parametrize(
    "body",
    [
        "nonsense",
        "{}",
        "[]",
        '{"function":"note","payload":[],"runAt":"2026-11-21T09:30:00.000Z"}',
        '{"function":"note","payload":{},"runAt":"soon"}',
    ],
)
async def test_what_is_not_a_job_is_a_dead_letter_as_it_is(bench: Bench, body: str):
    assert not await bench.run(body)
    assert bench.dead()["error"] == NOT_A_JOB
    assert bench.sqs.to("dead")[0]["MessageBody"] == body


@pytest.mark.parametrize(
    "error", [ValueError("no"), GiveUp("never"), RetryLater(timedelta(0), "soon")]
)
async def test_without_its_queue_a_message_stays(bench: Bench, error: Exception):
    bench.error, bench.sqs.away = error, True
    assert await bench.run(bench.message())


async def test_each_record_of_a_batch_has_its_own_end(bench: Bench):
    early = bench.message(due=bench.clock.now() + HOUR)
    bodies = {"a": bench.message(), "b": early, "c": "nonsense", "d": early}
    records = [{**bench.record(body), "messageId": name} for name, body in bodies.items()]
    answer = await bench.runner.handle({"Records": records})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "d"}]}


# -- jobs of several kinds in one queue ----------------------------------------------------------


async def test_a_job_that_broke_off_before_holds_up_no_other(bench: Bench):
    """Should it end the container again, what was done is done, and what waits is with others."""
    bench.begun["broke"] = 1
    deleted: list[list[str]] = []
    released: list[dict[str, int]] = []

    async def note(job: Job) -> None:
        bench.ran.append(job)
        deleted.append(list(bench.sqs.deleted))
        released.append(dict(bench.sqs.hidden))

    bench.runner._handlers["note"] = note
    received = (("broke", 3), ("behind", 4), ("new", 1))
    records = [bench.record(bench.message(), receives, name) for name, receives in received]
    answer = await bench.runner.handle({"Records": records})
    assert [job.job_id for job in bench.ran] == ["new", "broke"]
    assert deleted == [[], ["handle of new"]]
    assert released == [{}, {"handle of behind": 0}]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "behind"}]}
    assert bench.begun == {"broke": 2}  # of the one that went back no attempt is used up


async def test_a_job_that_broke_off_runs_alone_also_when_the_queue_does_not_answer(bench: Bench):
    bench.begun["broke"] = 1
    bench.sqs.away = True
    records = [bench.record(bench.message(), 3, name) for name in ("broke", "behind")]
    answer = await bench.runner.handle({"Records": records})
    assert [job.job_id for job in bench.ran] == ["broke"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "behind"}]}


async def test_what_was_turned_away_runs_with_others(bench: Bench):
    """It never began, so it is no danger to anything."""
    records = [bench.record(bench.message(), 9, name) for name in "abc"]
    assert await bench.runner.handle({"Records": records}) == {"batchItemFailures": []}
    assert len(bench.ran) == 3
    assert (bench.sqs.hidden, bench.sqs.deleted) == ({}, [])


async def test_no_job_begins_with_too_little_time(bench: Bench):
    """But for the first: however long a job takes, some call begins with it."""
    left = iter([ENOUGH_S + 1, ENOUGH_S - 1])
    records = [bench.record(bench.message(), message_id=name) for name in "abcd"]
    answer = await bench.runner.handle({"Records": records}, lambda: next(left))
    assert [job.job_id for job in bench.ran] == ["a", "b"]
    assert bench.sqs.deleted == ["handle of a", "handle of b"]
    assert bench.sqs.hidden == {"handle of c": 0, "handle of d": 0}
    assert answer == {"batchItemFailures": [{"itemIdentifier": "c"}, {"itemIdentifier": "d"}]}


# -- a queue that does what it is told ----------------------------------------------------------

_ENDS = st.sampled_from(["success", "failure", "later", "give up", "crash", "turned away"])
_WAITS = st.sampled_from([0, 1, 60, 899, 901, 3600, 39_600, 40_500, 90_000, 200_000])


@given(st.lists(st.tuples(_ENDS, _WAITS), max_size=20), _WAITS)
async def test_whatever_happens_attempts_are_counted_as_they_began(steps, first_wait):
    """A message goes through a queue until it is done: each run has one end of `steps`, and after
    them jobs succeed. Only failures and crashes count, the first crash of a message perhaps not,
    nothing runs before its time, and what was turned away counts for nothing."""
    clock = ManualClock(datetime.fromisoformat("2026-11-21T09:30:00+00:00"))
    bench = Bench(clock)
    due = clock.now() + timedelta(seconds=first_wait)
    body, receives, messages = encode(bench.message(due=due)), 0, 0
    clock.advance(timedelta(seconds=min(first_wait, LONGEST_DELAY_S)))
    used, forgiven, ends = 0, 0, list(steps)
    for _ in range(200):
        receives += 1
        end, wait = ends[0] if ends else ("success", 0)
        if end == "turned away":
            ends = ends[1:]
            clock.advance(timedelta(seconds=360))
            continue
        later = RetryLater(timedelta(seconds=wait), "later")
        bench.error = {"failure": ValueError(), "later": later, "give up": GiveUp("no")}.get(end)
        bench.ran.clear()
        bench.sqs.sent.clear()
        bench.sqs.hidden.clear()
        stays = await bench.run(body, receives, f"m{messages}")
        if bench.ran:
            attempt = bench.ran[0].attempt
            assert used + 1 - forgiven <= attempt <= min(used + 1, POLICY.max_attempts)
            assert clock.now() >= due - timedelta(seconds=1)
            ends = ends[1:]
            if end == "crash":
                # the container ended: nothing it told the queue in the end was ever told
                used += 1
                forgiven += receives == 1
                clock.advance(timedelta(seconds=360))
                continue
            used += end in ("failure", "give up")
            due = clock.now() + timedelta(seconds=wait) if end == "later" else due
        copies, dead = bench.sqs.to("jobs"), bench.sqs.to("dead")
        assert (stays, len(copies), len(dead)) in _OUTCOMES
        if stays:
            clock.advance(timedelta(seconds=bench.sqs.hidden[f"handle of m{messages}"]))
        elif copies:
            body, receives, messages = copies[0]["MessageBody"], 0, messages + 1
            clock.advance(timedelta(seconds=copies[0]["DelaySeconds"]))
        else:
            if end != "give up":
                assert bool(dead) in (
                    used >= POLICY.max_attempts,
                    used - forgiven >= POLICY.max_attempts,
                )
            return
    pytest.fail("the job never came to an end")


_OUTCOMES = [(True, 0, 0), (False, 1, 0), (False, 0, 1), (False, 0, 0)]
