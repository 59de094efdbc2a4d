"""What an operator can choose about desktops on this machine."""

from pathlib import Path

import msgspec

MIB = 1024 * 1024


class DesktopSettings(msgspec.Struct, frozen=True):
    """All choices; memory and disk in MiB.

    `data` is the data folder of the installation. `most` bounds how many desktops run at once; 0
    leaves that to the machine. `expected_memory` is what one is counted with when room is looked
    for, `memory` where one is stopped. `processes` counts threads too. `home` is how much it can
    keep. `network` lets it reach the network, this machine's services among it: off, it has none.
    `resize` lets a viewer change the size of the screen, which `geometry` says at first; one that
    does without having announced that it knows of sizes (ExtendedDesktopSize) makes Xvnc 1.12
    abort, so what stands between must let none of those through. `files`
    bounds what is put in, `take_home` what is taken out, `recording` one recording. A desktop
    counts with `per_processor` others on one processor. Run by root, sandboxes are users of the
    `user_count` numbers from `first_user` on, which nobody else may use; recordings are users of
    as many numbers after those.
    """

    data: Path
    most: int = 0
    per_processor: int = 8
    expected_memory: int = 300
    memory: int = 1024
    processes: int = 512
    home: int = 1024
    network: bool = False
    geometry: str = "1280x800"
    resize: bool = False
    locale: str = "C.UTF-8"
    files: int = 100
    take_home: int = 500
    recording: int = 4096
    first_user: int = 2_000_000_000
    user_count: int = 10_000

    @property
    def folder(self) -> Path:
        return self.data.absolute() / "desktops"
