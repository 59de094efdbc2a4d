"""The machine that processes videos: `python -m quadrangle.hosts.workers.videos`.

It runs until SIGTERM, or until AWS wants the machine back; either way it ends no job, but gives
what it is busy with to another one.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import structlog

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.videos.instance import Instance, NoInstance
from quadrangle.hosts.shared.cloud_videos import CloudVideos, CloudVideoSettings
from quadrangle.hosts.shared.logs import configure_logs
from quadrangle.hosts.workers.turns import TurnWorker
from quadrangle.kernel.clock import SystemClock
from quadrangle.kernel.jobs import Handler
from quadrangle.machine.videos.speech.recognizer import RecognizerSettings, SandboxRecognizer
from quadrangle.machine.videos.transcoder import SandboxTranscoder

log = structlog.get_logger(__name__)


def settings_of(variables: Mapping[str, str]) -> CloudVideoSettings:
    """Read QUADRANGLE_VIDEO_DATABASE and the others. Raises KeyError, ValueError."""
    return CloudVideoSettings(
        database=variables["QUADRANGLE_VIDEO_DATABASE"],
        login=variables.get("QUADRANGLE_VIDEO_LOGIN", ""),
        schema=variables.get("QUADRANGLE_VIDEO_SCHEMA", ""),
        bucket=variables["QUADRANGLE_VIDEOS_BUCKET"],
        queue=variables["QUADRANGLE_VIDEO_QUEUE"],
        slots=int(variables.get("QUADRANGLE_VIDEO_SLOTS", "4")),
    )


def listening_of(variables: Mapping[str, str], cloud: CloudVideos) -> Mapping[str, Handler]:
    """Return what writes captions by a model, where the installation makes some: with all
    processors, as no film is made meanwhile."""
    if not variables.get("QUADRANGLE_VIDEO_SPEECH_LANGUAGE"):
        return {}
    settings = RecognizerSettings(threads=os.cpu_count() or 1)
    return cloud.listening(SandboxRecognizer(settings)).handlers()


async def work(variables: Mapping[str, str], stop: asyncio.Event) -> None:
    """Process videos until `stop` is set."""
    folder = Path(variables.get("QUADRANGLE_VIDEO_WORK", "/var/lib/quadrangle/videos"))
    cloud = CloudVideos(settings_of(variables), SystemClock(), folder)
    group = variables.get("QUADRANGLE_VIDEO_GROUP", "")
    instance = Instance(client_later("autoscaling"), group) if group else NoInstance()
    handlers = cloud.processing(SandboxTranscoder()).handlers()
    worker = TurnWorker(cloud, {**handlers, **listening_of(variables, cloud)}, instance)
    try:
        await worker.run(stop)
    finally:
        await cloud.database.close()


def main() -> int:
    configure_logs(os.environ.get("QUADRANGLE_LOG_LEVEL", "info"))

    async def until_told() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await work(os.environ, stop)

    asyncio.run(until_told())
    return 0


if __name__ == "__main__":
    sys.exit(main())
