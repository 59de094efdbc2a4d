"""Films and a transcoder for the tests of this folder."""

from pathlib import Path

import pytest

from quadrangle.machine.videos.jail import lacking
from quadrangle.machine.videos.transcoder import SandboxTranscoder
from quadrangle.videos.processing.ports import Plan, Progress, Rendered
from tests.machine.videos.clips import Clips


class Studio:
    """Renders clips into folders of one test. `progress` is what was told of the last one."""

    def __init__(self, folder: Path, clips: Clips) -> None:
        self._folder = folder
        self.clips = clips
        self.transcoder = SandboxTranscoder()
        self.progress: list[Progress] = []
        self.masters: list[str] = []

    async def render(self, source: str | Path, **choices) -> tuple[Path, Rendered]:
        """Return the folder of a rendered film, and what is said of it."""
        path = self.clips[source] if isinstance(source, str) else source
        folder = self._folder / f"out-{path.name}"
        folder.mkdir()
        plan = Plan(probe=await self.transcoder.probe(path), **choices)
        return folder, await self.transcoder.transcode(path, folder, plan, self._told)

    async def _told(self, progress: Progress) -> None:
        self.progress.append(progress)


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return Clips(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="session")
def _can_render() -> None:
    missing = lacking()
    if missing:
        pytest.skip(missing)


@pytest.fixture
def studio(tmp_path: Path, clips: Clips, _can_render: None) -> Studio:
    return Studio(tmp_path, clips)
