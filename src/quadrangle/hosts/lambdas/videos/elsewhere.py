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

    async def join(self, folder: Path, rendered: Rendered) -> str:
        raise Unavailable("Films are made one file by workers.")


class WorkersHear:
    """Implements Recognizer where workers have the packaged model, which knows English."""

    async def lacking(self) -> str:
        return ""

    async def languages(self) -> tuple[str, ...] | None:
        return ("en",)

    async def hear(self, sound: Path, language: str, seconds: float) -> Heard:
        raise Unavailable("Speech is written down by workers.")


class NobodyHears:
    """Implements Recognizer where no captions are made by themselves."""

    async def lacking(self) -> str:
        return "No captions are made by themselves here. Please upload some."

    async def languages(self) -> tuple[str, ...] | None:
        return ()

    async def hear(self, sound: Path, language: str, seconds: float) -> Heard:
        raise Unavailable(await self.lacking())
