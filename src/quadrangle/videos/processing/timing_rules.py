"""Finds out from the packets of a stream what headers do not say, or say wrongly."""

from array import array
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from statistics import median

from quadrangle.videos.processing.film_model import Timing

SEGMENT_S = 4.0  # two groups of pictures: short, for watching begins when the first is there
GROUP_S = 2.0  # from keyframe to keyframe
UNEVEN_S = 0.5  # by how much a segment may miss the target
_JUMP_S = 10.0  # more between two packets is no pause but a clock set anew, where clocks may be
_TOLERANCE = 0.1  # of a frame's time, for what is constant
_ROUNDED_S = 0.0011  # Matroska counts in milliseconds
SHORTEST_STEP_S = 1e-6  # between two pictures; what files say below that is no rate
_STANDARD = (
    *(Fraction(n) for n in (10, 12, 15, 20)),
    Fraction(24000, 1001),
    *(Fraction(n) for n in (24, 25)),
    Fraction(30000, 1001),
    *(Fraction(n) for n in (30, 48, 50)),
    Fraction(60000, 1001),
    *(Fraction(n) for n in (60, 90, 100, 120, 144, 200, 240)),
)


class Packets:
    """The packets of one stream in the order of the file, as they are counted.

    `clock_may_jump`: the kind of file lets the clock be set anew on the way, as broadcasts do; what
    follows then follows at once.
    """

    def __init__(self, *, clock_may_jump: bool = False) -> None:
        self._may_jump = clock_may_jump
        self._shown = array("d")
        self._lengths = array("d")
        self._sizes = array("q")
        self._keys = array("q")
        self._decoded: float | None = None
        self._shift = 0.0
        self._skipped = 0

    def __len__(self) -> int:
        return len(self._shown) + self._skipped

    def add(
        self,
        *,
        shown: float | None,
        decoded: float | None,
        length: float,
        size: int,
        key: bool,
        skip: bool,
    ) -> None:
        """Count one packet; times in seconds, None where the file tells none."""
        if skip:
            self._skipped += 1
            return
        decoded = shown if decoded is None else decoded
        if decoded is None:  # the file tells no time: it follows on the one before
            decoded = 0.0 if self._decoded is None else self._decoded + (length or 0.04)
        shown = decoded if shown is None else shown
        if self._may_jump and self._decoded is not None:
            step = decoded - self._decoded
            if not -1.0 <= step <= _JUMP_S:
                self._shift += (length or 0.04) - step
        self._decoded = decoded
        if key:
            self._keys.append(len(self._shown))
        self._shown.append(shown + self._shift)
        self._lengths.append(length)
        self._sizes.append(size)

    def first(self) -> float | None:
        """Return when the earliest is shown, by the clock of the file."""
        return min(self._shown) if self._shown else None

    def timing(self, origin: float, declared: Fraction) -> Timing | None:
        """Return what all packets tell, None where there are none.

        `origin` is when the film begins by the clock of the file; `declared` the rate its header
        claims, 0 for none.
        """
        if not self._shown:
            return None
        ordered = array("d", sorted(self._shown))
        steps = [b - a for a, b in pairwise(ordered) if b > a]
        rate, constant = _rate(ordered, steps, declared)
        last = max(range(len(self._shown)), key=self._shown.__getitem__)
        end = ordered[-1] + (self._lengths[last] or float(1 / rate))
        keys = sorted(self._shown[each] for each in self._keys)
        segments = _segments(keys, end)
        return Timing(
            packets=len(self),
            start=ordered[0] - origin,
            end=end - origin,
            rate=rate,
            constant=constant,
            keyframes=len(keys),
            keyframe_gap=max(_gaps(keys, end), default=end - ordered[0]),
            even=all(abs(length - SEGMENT_S) <= UNEVEN_S for length in segments[:-1]),
            average=round(8 * sum(self._sizes) / max(end - ordered[0], 0.001)),
            peak=self._peak(ordered[0]),
            skipped=self._skipped,
        )

    def _peak(self, start: float) -> int:
        """Return the bits a second of the heaviest stretch of a segment's length."""
        heaps: dict[int, int] = {}
        for shown, size in zip(self._shown, self._sizes, strict=True):
            at = int((shown - start) // SEGMENT_S)
            heaps[at] = heaps.get(at, 0) + size
        return round(8 * max(heaps.values()) / SEGMENT_S)


def _rate(
    ordered: Sequence[float], steps: Sequence[float], declared: Fraction
) -> tuple[Fraction, bool]:
    """Return how many are shown a second, and whether they all are as far apart."""
    if not steps:
        return (declared if declared > 0 else Fraction(25)), False
    mean = (ordered[-1] - ordered[0]) / (len(ordered) - 1)
    constant = bool(mean) and all(
        abs(step - mean) <= max(_TOLERANCE * mean, _ROUNDED_S) for step in steps
    )
    if not constant:
        return nearest_standard(1 / median(steps)), False
    if declared > 0 and abs(float(declared) * mean - 1) < 0.005:
        return declared, True
    close = nearest_standard(1 / mean)
    if abs(float(close) * mean - 1) < 0.005:
        return close, True
    rate = 1 / max(mean, SHORTEST_STEP_S)
    return max(Fraction(rate).limit_denominator(1001), Fraction(1, 1000)), True


def nearest_standard(rate: float) -> Fraction:
    """Return the usual frame rate that is nearest."""
    return min(_STANDARD, key=lambda each: max(float(each) / rate, rate / float(each)))


def _segments(keys: Sequence[float], end: float) -> list[float]:
    """Return how long segments get that are cut at the first keyframe after each full time."""
    cuts: list[float] = []
    for key in keys:
        if not cuts or key - keys[0] >= SEGMENT_S * len(cuts) - 1e-6:
            cuts.append(key)
    return _gaps(cuts, end)


def _gaps(points: Sequence[float], end: float) -> list[float]:
    """Return how far it is from each point to the next, and from the last to the end."""
    return [b - a for a, b in pairwise([*points, end])]
