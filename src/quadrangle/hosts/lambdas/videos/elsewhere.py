"""Renditions are made by machines of their own (hosts/workers), never by functions."""

from pathlib import Path

from quadrangle.kernel.errors import Unavailable
from quadrangle.videos.processing.ports import OnProgress, Plan, Probe, Rendered
from quadrangle.videos.speech.model import Heard


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


class NobodyHears:
    """Implements Recognizer where no captions are made by themselves."""

    async def lacking(self) -> str:
        return "On AWS no captions are made by themselves. Please upload some."

    async def languages(self) -> tuple[str, ...] | None:
        return ()

    async def hear(self, sound: Path, language: str, seconds: float) -> Heard:
        raise Unavailable(await self.lacking())
