"""What may be used for one film on this machine."""

import msgspec

from quadrangle.videos.processing.accepting_rules import Caps

MIB = 1024 * 1024


class TranscoderSettings(msgspec.Struct, frozen=True):
    """`memory` in MiB, of one program. Others wait that much nicer than servers (`nice`).

    `work` bounds processor seconds, and the clock, of the one pass: so many for each second of the
    film, besides `work_least`. Five rungs of 1080p at 60 frames take about 5, of 4K with HDR 30.
    """

    caps: Caps = Caps()
    memory: int = 4096
    nice: int = 10
    work: int = 120
    work_least: int = 600
    probe_memory: int = 1024
    probe_s: int = 300
    file: int = 4096
