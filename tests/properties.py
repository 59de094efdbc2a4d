"""How many examples property tests try: as many as each change can wait for, more in
`make test-deep`. Both try the same ones each time, so that a failure is a change of ours.
`make test-deep ARGS="tests/rules --hypothesis-profile=search"` looks for others.
"""

from typing import Any

from hypothesis import HealthCheck, settings

DEEPER = 10
# The machine that runs the tests may be busy, and none is to prove speed.
_unhurried: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}


def register_profiles() -> None:
    """Make the profiles known; `--hypothesis-profile=deep` chooses the second."""
    deeper: dict[str, Any] = {"max_examples": 100 * DEEPER, "print_blob": True, **_unhurried}
    settings.register_profile("bounded", derandomize=True, **_unhurried)
    settings.register_profile("deep", derandomize=True, **deeper)
    settings.register_profile("search", **deeper)
    settings.load_profile("bounded")


def examples(number: int, deeper: int = DEEPER) -> int:
    """Return `number`, of a test that is not to try the usual hundred, or `deeper` times as many in
    the deep run."""
    return number if settings.get_current_profile_name() == "bounded" else number * deeper
