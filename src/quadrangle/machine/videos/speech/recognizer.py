"""The recognizer of this machine: a model that runs in a sandbox, one program for each film."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec

from quadrangle.kernel.errors import Unavailable
from quadrangle.machine.videos import jail
from quadrangle.machine.videos.jail import Bounds, jailed
from quadrangle.machine.videos.program import running
from quadrangle.machine.videos.settings import MIB
from quadrangle.machine.videos.speech import listener, models
from quadrangle.videos.speech.model import Heard, Word

_MOST_WORDS = 400_000  # of ten hours, spoken fast


class RecognizerSettings(msgspec.Struct, frozen=True):
    """`model` is the operator's folder; None takes the packaged one. `memory` in MiB.

    `work` bounds processor seconds, and the clock, for each second of sound, besides `work_least`:
    the smallest model takes 0.1, a large one 5. `nice` is behind all else of this machine.
    """

    model: Path | None = None
    threads: int = 1
    memory: int = 6144
    nice: int = 19
    work: int = 30
    work_least: int = 600


class _Line(msgspec.Struct):
    """A line of the program in the sandbox: one of these."""

    language: str = ""
    words: list[tuple[float, float, str]] = []
    done: float = 0.0


class SandboxRecognizer:
    """Implements videos.speech.ports.Recognizer. Use it from one event loop."""

    def __init__(self, settings: RecognizerSettings | None = None) -> None:
        self._settings = settings or RecognizerSettings()

    async def lacking(self) -> str:
        chosen = self._settings.model
        return await asyncio.to_thread(lambda: models.lacking(chosen) or jail.lacking())

    async def languages(self) -> tuple[str, ...] | None:
        return await asyncio.to_thread(models.languages, self._settings.model)

    async def hear(self, sound: Path, language: str, seconds: float) -> Heard:
        if not await asyncio.to_thread(sound.is_file):
            raise Unavailable("The sound of this video is not there just now.")
        command = await asyncio.to_thread(self._command, sound, language, seconds)
        found, words = language, []
        async with running(command) as program:
            async for line in program.lines():
                read = _read(line)
                found = read.language or found
                words += [Word(*word) for word in read.words]
                if len(words) > _MOST_WORDS:
                    raise Unavailable("More was heard than can be said in this time.")
            code = await program.ended()
        if code != 0:
            raise Unavailable(f"Speech could not be written down: {_cause(program.said)}")
        return Heard(found, tuple(words))

    def _command(self, sound: Path, language: str, seconds: float) -> list[str]:
        chosen = self._settings
        folder = models.model_folder(chosen.model)
        if folder is None:
            raise Unavailable(models.INSTALL)
        most_s = round(chosen.work_least + chosen.work * seconds)
        bounds = Bounds(
            memory=chosen.memory * MIB, file=MIB, work_s=most_s, clock_s=most_s, nice=chosen.nice
        )
        program = [
            *(sys.executable, "-I", "-B", listener.__file__),
            *(str(folder), language.partition("-")[0].lower(), str(chosen.threads)),
        ]
        return jailed(program, bounds, source=sound, reads=models.binds(chosen.model))


def _read(line: bytes) -> _Line:
    try:
        return msgspec.json.decode(line, type=_Line) if line.strip() else _Line()
    except msgspec.DecodeError as error:
        raise Unavailable("What hears speech said something that cannot be read.") from error


def _cause(said: str) -> str:
    """Return the last line of its complaints: in a trace that names what went wrong."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "it ended before it was done"


__all__: list[Any] = ["RecognizerSettings", "SandboxRecognizer"]
