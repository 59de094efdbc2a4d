"""Upload, queue, ready, stream, delete: by the parts of functions and of a worker."""

import re

from quadrangle.aws.videos.instance import NoInstance
from quadrangle.hosts.workers.turns import TurnWorker
from quadrangle.machine.videos.transcoder import SandboxTranscoder
from tests.aws.videos.studio import PAGES, Studio, uploaded


async def test_a_film_is_uploaded_processed_watched_and_deleted(
    studio: Studio, film: bytes
) -> None:
    async with studio.person() as ada, studio.person("ben") as ben:
        video_id = await uploaded(ada, film, title="Rotation", visibility="campus")
        video = f"/api/gallery/videos/{video_id}"
        assert (await ada.get(video)).json()["status"] == "uploaded"
        await studio.cloud.call_workers_if_new()
        assert studio.calls() == 1

        machine = studio.worker()
        worker = TurnWorker(
            machine, machine.processing(SandboxTranscoder()).handlers(), NoInstance()
        )
        assert await worker.take_one()
        await machine.database.close()
        assert studio.calls() == 0

        ready = (await ben.get(video)).json()
        assert (ready["status"], ready["resolution"]) == ("ready", "320x180")
        assert studio.loaded(ready["thumbnail_url"])[:2] == b"\xff\xd8"

        shown = await ben.get(f"/api/stream/{video_id}")
        url, passes = shown.json()["url"], list(ben.cookies.jar)
        assert url.startswith(f"{PAGES}/media/")
        master = studio.loaded(url, passes).decode()
        playlist = (
            url.rpartition("/")[0] + "/" + re.search(r"^v\S+m3u8$|^\S+m3u8$", master, re.M)[0]
        )
        segments = re.findall(r"^(?!#)\S+", studio.loaded(playlist, passes).decode(), re.M)
        assert studio.loaded(f"{playlist.rpartition('/')[0]}/{segments[0]}", passes)
        assert studio.loaded(url) is None
        assert (await ada.get(video)).json()["views"] == 1
        assert not any((studio.work / "one").iterdir())

        assert (await ada.delete(video)).status_code == 200
        assert (await ada.get(video)).status_code == 404
        assert studio.objects() == []
