"""Passes for media: short, renewed for who may still see the video, and for nobody else."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.aws.videos.studio import Studio, made_ready

FEW_MINUTES = 5 * 60.0  # for which somebody may see what they may not see any more

Take = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]


def withdrawn(**change: object) -> Take:
    return lambda owner, video: owner.put(video, json=change)


def unshared(owner: httpx.AsyncClient, video: str) -> Awaitable[httpx.Response]:
    return owner.put(f"{video}/sharing", json={"people": [], "courses": []})


def deleted(owner: httpx.AsyncClient, video: str) -> Awaitable[httpx.Response]:
    return owner.delete(video)


@pytest.mark.parametrize(
    ("visibility", "take"),
    [
        ("campus", withdrawn(visibility="private")),
        ("campus", withdrawn(unpublish_at="2020-01-01T00:00:00Z")),
        ("shared", unshared),
        ("public", deleted),
    ],
)
async def test_who_may_see_it_no_more_sees_it_for_a_few_minutes_at_most(
    studio: Studio, visibility: str, take: Take
) -> None:
    async with studio.person() as ada, studio.person("ben") as ben:
        video_id = await made_ready(studio, ada, visibility=visibility)
        video, stream = f"/api/gallery/videos/{video_id}", f"/api/stream/{video_id}"
        if visibility == "shared":
            shared = await ada.put(
                f"{video}/sharing", json={"people": ["ben@campus.example"], "courses": []}
            )
            assert shared.status_code == 200, shared.text
        told = (await ben.get(stream)).json()
        passes = list(ben.cookies.jar)
        poster = (await ben.get(video)).json()["thumbnail_url"]
        assert studio.loaded(told["url"], passes)
        assert studio.loaded(poster)

        assert (await take(ada, video)).status_code == 200
        assert (await ben.get(stream)).status_code == 404
        assert (await ben.get(f"/api/gallery/videos/{video_id}/captions")).status_code == 404
        assert studio.loaded(told["url"], passes, later=FEW_MINUTES) is None
        assert studio.loaded(poster, later=FEW_MINUTES) is None


async def test_a_picture_that_is_asked_for_late_is_led_to(studio: Studio) -> None:
    async with studio.person() as ada, studio.person("ben") as ben:
        video_id = await made_ready(studio, ada, visibility="campus")
        path, asked = f"/api/stream/{video_id}/thumbnail", {"Accept": "image/avif,image/*"}
        led = await ben.get(path, headers=asked)
        assert (led.status_code, led.headers["cache-control"]) == (302, "no-store")
        assert studio.loaded(led.headers["location"]) == b"picture"
        assert (await ben.get(path)).json()["url"].startswith("https://")


async def test_a_pass_is_renewed_at_the_same_addresses_and_counts_nobody_twice(
    studio: Studio,
) -> None:
    async with studio.person() as ada, studio.person("ben") as ben:
        video_id = await made_ready(studio, ada, visibility="campus")
        told = (await ben.get(f"/api/stream/{video_id}")).json()
        first = {each.name: each.value for each in ben.cookies.jar}
        assert 60 < told["expiresIn"] <= FEW_MINUTES
        await asyncio.sleep(1)
        ben.cookies.delete("quadrangle_viewer")
        again = (await ben.get(f"/api/stream/{video_id}", params={"again": "true"})).json()
        assert again["url"] == told["url"]
        assert again["expiresAt"] > told["expiresAt"]
        second = {each.name: each.value for each in ben.cookies.jar}
        assert second["CloudFront-Policy"] != first["CloudFront-Policy"]
        assert (await ada.get(f"/api/gallery/videos/{video_id}")).json()["views"] == 1
