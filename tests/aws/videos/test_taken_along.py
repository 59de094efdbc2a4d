"""What is taken along: files to download, feeds, and players in pages elsewhere."""

import re

import httpx
import pytest

from quadrangle.videos.jobs import JOIN
from tests.aws.videos.studio import IDS, PAGES, Programs, Studio, made_ready

BLOG = "https://blog.example"


async def offered(person: httpx.AsyncClient, video_id: int, **offer: object) -> None:
    path = f"/api/gallery/videos/{video_id}/offer"
    answer = await person.put(path, json=offer)
    assert answer.status_code == 200, answer.text


async def streamed(person: httpx.AsyncClient, video_id: int) -> dict[str, str]:
    answer = await person.get(f"/api/stream/{video_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_film_is_a_file_once_its_owner_lets_others_take_it(studio: Studio) -> None:
    async with studio.person() as ada, studio.person("ben") as ben:
        video_id = await made_ready(studio, ada, visibility="campus")
        told = await streamed(ben, video_id)
        assert told["filmFileUrl"] is None
        assert studio.loaded(told["audioFileUrl"]) == b"sound"

        await offered(ada, video_id, download="film")
        assert (await streamed(ben, video_id))["filmFileUrl"] is None
        await studio.tending.tend()  # a worker is called
        assert studio.calls() == 1
        await studio.tending.tend()
        assert studio.calls() == 1
        async with studio.working(Programs(), "two") as worker:
            assert await worker.take_one()
        assert studio.calls() == 0
        assert not any((studio.work / "two").iterdir())
        film = (await streamed(ben, video_id))["filmFileUrl"]
        assert studio.loaded(film) == b"segment and sound"
        passes = list(ben.cookies.jar)
        assert studio.loaded(film.partition("?")[0], passes) is None

        await offered(ada, video_id, download="none")
        told = await streamed(ben, video_id)
        assert (told["filmFileUrl"], told["audioFileUrl"]) == (None, None)
        assert studio.loaded(told["url"], list(ben.cookies.jar))
        assert studio.loaded(film, later=5 * 60) is None

        assert (await ada.delete(f"/api/gallery/videos/{video_id}")).status_code == 200
        await studio.tending.tend()
        assert studio.objects() == []


async def test_a_file_that_could_not_be_made_is_tried_again(studio: Studio) -> None:
    async with studio.person() as ada:
        video_id = await made_ready(studio, ada)
        await offered(ada, video_id, download="film")
    await studio.tending.tend()
    name = f"{JOIN}:{video_id}"
    async with studio.working(Programs(), "two") as worker:
        taken = await studio.cloud.jobs.take({JOIN}, name)
        assert taken is not None
        assert await worker.take_one()  # somebody else is at it
        assert studio.calls() == 1
        await studio.cloud.jobs.end(taken, OSError("no room"))
    assert await studio.cloud.jobs.wait(name) is not None


async def test_a_feed_has_what_its_person_may_see_and_its_sound(studio: Studio) -> None:
    async with studio.person() as ada, studio.person("ben") as ben, studio.person("") as pod:
        video_id = await made_ready(studio, ada, visibility="shared", title="Rotation")
        course = (await ada.post("/api/courses", json={"title": "Solids"})).json()["id"]
        listed = {"videos": [video_id]}
        assert (await ada.put(f"/api/courses/{course}/videos", json=listed)).status_code == 200
        shared = {"people": [], "courses": [course]}
        sharing = f"/api/gallery/videos/{video_id}/sharing"
        assert (await ada.put(sharing, json=shared)).status_code == 200
        member = {"email": "ben@campus.example"}
        joined = await ada.post(f"/api/courses/{course}/members", json=member)
        assert joined.status_code == 201, joined.text

        feed = (await ben.post(f"/api/courses/{course}/feed", json={})).json()["url"]
        assert feed.startswith(f"{PAGES}/podcast/")
        rss = (await pod.get(feed)).text
        (sound,) = re.findall(r'<enclosure url="([^"]+)"', rss)
        assert 'length="5"' in rss
        led = await pod.get(sound)
        assert (led.status_code, led.headers["cache-control"]) == (302, "no-store")
        assert studio.loaded(led.headers["location"]) == b"sound"
        assert (await pod.head(sound)).status_code == 302

        gone = await ada.delete(f"/api/courses/{course}/members/{IDS['ben']}")
        assert gone.status_code == 204
        assert (await pod.get(feed)).status_code == 404
        assert (await pod.get(sound)).status_code == 404


@pytest.mark.parametrize(
    ("origins", "holding"), [([], "https://moodle.campus.example " + BLOG), ([BLOG], BLOG)]
)
async def test_pages_elsewhere_hold_the_player_of_a_public_video(
    studio: Studio, origins: list[str], holding: str
) -> None:
    async with studio.person() as ada, studio.person("") as anyone:
        video_id = await made_ready(studio, ada, visibility="public")
        await offered(ada, video_id, embed=True, embed_origins=origins)
        page = await anyone.get(f"/embed/{video_id}")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert f"frame-ancestors {holding};" in page.headers["content-security-policy"]
        assert "x-frame-options" not in page.headers

        stream = f"/api/stream/{video_id}"
        elsewhere = await anyone.get(stream, params={"embedded": "true"})
        given = [each for each in elsewhere.headers.get_list("set-cookie") if "CloudFront" in each]
        assert len(given) == 3
        assert all("SameSite=none; Secure; Partitioned" in each for each in given)
        here = await anyone.get(stream)
        assert "Partitioned" not in str(here.headers.get_list("set-cookie"))

        await ada.put(f"/api/gallery/videos/{video_id}", json={"visibility": "campus"})
        held = await anyone.get(f"/embed/{video_id}")
        assert held.headers["x-frame-options"] == "DENY"
