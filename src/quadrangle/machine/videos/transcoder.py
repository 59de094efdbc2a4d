"""The transcoder of this machine."""

import asyncio
from pathlib import Path

from quadrangle.machine.videos.jail import lacking
from quadrangle.machine.videos.probing import FilmProbe, Probing
from quadrangle.machine.videos.published import publish_whole
from quadrangle.machine.videos.rendering import render
from quadrangle.machine.videos.settings import TranscoderSettings
from quadrangle.machine.videos.stills import Stills
from quadrangle.machine.videos.threads import in_thread
from quadrangle.videos.processing.accepting_rules import missing_notice, shortened_notice
from quadrangle.videos.processing.making_model import AUDIO, INDEX
from quadrangle.videos.processing.making_rules import making
from quadrangle.videos.processing.ports import OnProgress, Plan, Probe, Progress, Rendered


class SandboxTranscoder:
    """Implements Transcoder with ffmpeg, each program in a sandbox of its own.

    Use it from one event loop, in a thread that lives as long: sandboxes end with that thread.
    """

    def __init__(self, settings: TranscoderSettings | None = None) -> None:
        self._settings = settings or TranscoderSettings()

    async def lacking(self) -> str:
        return await asyncio.to_thread(lacking)

    async def probe(self, path: Path) -> Probe:
        return await Probing(self._settings).probe(path)

    async def transcode(
        self, path: Path, folder: Path, plan: Plan, on_progress: OnProgress
    ) -> Rendered:
        probe = plan.probe
        if not isinstance(probe, FilmProbe):  # of another adapter: only our own tells enough
            probe = await Probing(self._settings).probe(path)
        made = making(probe.film, plan.heights, plan.threads, plan.kept)
        await render(path, folder, made, self._settings, on_progress)
        whole = await in_thread(lambda: publish_whole(folder, made))
        await on_progress(Progress(made.duration, made.duration, playable=True))
        stills = Stills(folder, made, whole.playlists, self._settings)
        notice = missing_notice(probe.film) or shortened_notice(whole.shortest, made.duration)
        return Rendered(
            duration=whole.duration,
            rungs=whole.rungs,
            audio="" if probe.film.sound is None else f"{AUDIO}/{INDEX}",
            audio_file=await stills.sound(),
            poster=await stills.poster(path),
            storyboard=await stills.storyboard(),
            notice=notice,
            slides=stills.slides,
        )
