"""One container of Lambda: imports a handler, answers one event, then many, and says how long.

Run by the stand-in's Python, which has boto3 as Lambda's has. Arguments: the handler as
`module.name`, the file with the event, how many calls after the first. What handlers print goes to
standard error; the last line of standard output is JSON: `cold` and `warm` (median) in ms.
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

    began = time.perf_counter()
    handler = getattr(__import__(module, fromlist=[name]), name)
    _answered(handler(event, None))
    cold = time.perf_counter() - began

    times = []
    for _ in range(calls):
        began = time.perf_counter()
        _answered(handler(event, None))
        times.append(time.perf_counter() - began)
    figures = {"cold": cold * 1000, "warm": statistics.median(times) * 1000 if times else 0}
    os.write(answer_to, json.dumps(figures).encode())


def _answered(answer: dict) -> None:
    if answer["statusCode"] != 200:
        raise SystemExit(f"refused: {answer}")


if __name__ == "__main__":
    main()
