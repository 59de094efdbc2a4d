"""One container of Lambda: imports a handler, answers one event, then many, and says how long.

Run by the stand-in's Python, which has boto3 as Lambda's has. Arguments: the handler as
`module.name`, the file with the event, how many calls after the first. What handlers print goes to
standard error; the last line of standard output is JSON, in ms: `cold`, the processor's share of it
`cold_cpu` (user and system), and `warm` (median).
"""

import json
import os
import statistics
import sys
import time


def main() -> None:
    target, event_file, calls = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(event_file, encoding="utf-8") as file:
        event = json.load(file)
    answer_to = os.dup(1)
    os.dup2(2, 1)
    module, _, name = target.rpartition(".")

    used, began = time.process_time(), time.perf_counter()
    handler = getattr(__import__(module, fromlist=[name]), name)
    _answered(handler(event, None))
    cold, cold_cpu = time.perf_counter() - began, time.process_time() - used

    times = []
    for _ in range(calls):
        began = time.perf_counter()
        _answered(handler(event, None))
        times.append(time.perf_counter() - began)
    warm = statistics.median(times) if times else 0
    figures = {"cold": cold * 1000, "cold_cpu": cold_cpu * 1000, "warm": warm * 1000}
    os.write(answer_to, json.dumps(figures).encode())


def _answered(answer: dict | None) -> None:
    """Make sure that it is what a function says that did what it was asked."""
    failed = answer is not None and (
        answer["statusCode"] != 200 if "statusCode" in answer else answer["batchItemFailures"]
    )
    if failed:
        raise SystemExit(f"refused: {answer}")


if __name__ == "__main__":
    main()
