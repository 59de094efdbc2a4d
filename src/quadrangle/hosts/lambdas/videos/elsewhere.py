"""Renditions are made by machines of their own (hosts/workers), never by functions."""

from pathlib import Path

from quadrangle.kernel.errors import Unavailable
from quadrangle.videos.processing.ports import OnProgress, Plan, Probe, Rendered


class WorkersElsewhere:
    """Implements Transcoder where nothing is transcoded. Uploads are taken all the same."""

    async def lacking(self) -> str:
        return ""

    async def probe(self, path: Path) -> Probe:
        raise Unavailable("Videos are looked into by workers.")

    async def transcode(
        self, path: Path, folder: Path, plan: Plan, on_progress: OnProgress
    ) -> Rendered:
        raise Unavailable("Videos are transcoded by workers.")
