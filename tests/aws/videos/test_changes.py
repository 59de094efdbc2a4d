"""What changes of videos: told to the rest of AWS, for the audit; and what is told to videos."""

from typing import cast

from quadrangle.audit.ports import AuditQuery
from quadrangle.aws.audit.keeper import DynamoAuditKeeper
from quadrangle.aws.audit.store import DynamoAudit
from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.changes import changes_of
from quadrangle.aws.feed.copies import DynamoChangeCopies
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.hosts.lambdas.base.environment import Environment
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.services import RECORDING
from quadrangle.hosts.lambdas.videos.reactions import video_reactions
from quadrangle.hosts.lambdas.videos.service import VideosHost
from quadrangle.kernel.change import Change, handler_of
from quadrangle.kernel.clock import SystemClock, to_text
from quadrangle.kernel.jobs import Job
from quadrangle.kernel.mail import MailQueue
from tests.aws.videos.studio import IDS, Studio, made_ready, uploaded
from tests.standin.server import StandIn
from tests.standin.tables import make_tables


async def closed(studio: Studio, account_id: str) -> None:
    """Have all be done that follows the closing of an account, twice, as queues may."""
    now = SystemClock().now()
    told = Change("account.closed", account_id, {}, "", to_text(now), seq=7)
    payload = {name: getattr(told, name) for name in Change.__struct_fields__}
    cloud, _ = studio.function()
    for reaction in 2 * video_reactions(FunctionParts(studio.environment), cloud):
        assert reaction.answers_to(told)
        await handler_of(reaction)(Job("1", reaction.name, payload, 1, now))
    await cloud.database.close()


async def test_changes_are_told_once_and_in_their_order(studio: Studio) -> None:
    async with studio.person() as ada:
        video_id = await uploaded(ada, b"a film", visibility="campus")
        assert (await studio.tending.tend())["changes"] == 1
        video = f"/api/gallery/videos/{video_id}"
        assert (await ada.put(video, json={"title": "Rotation"})).status_code == 200
        assert (await ada.delete(video)).status_code == 200
        assert (await studio.tending.tend())["changes"] == 2
        assert (await studio.tending.tend())["changes"] == 0
    kinds = [(each.kind, each.subject, each.actor_id) for each in studio.told]
    assert kinds == [
        (kind, str(video_id), IDS["ada"])
        for kind in ("video.uploaded", "video.changed", "video.deleted")
    ]


async def test_the_audit_has_each_change_of_a_video_once(standin: StandIn) -> None:
    client = standin.client("dynamodb")
    parts = Dynamo(client), Tables(make_tables(client, "Audit", "Changes"))
    at = "2026-11-21T09:30:00.250Z"
    renamed = Change(
        "video.changed", "17", {"fields": ["title"], "other": 1}, "Ada", at, "ada", "10.0.0.1", 41
    )
    shared = Change("video.shared", "17", {"people": 2, "courses": 0}, "Ada", at, "ada", seq=42)
    copies = DynamoChangeCopies(*parts)
    await copies.keep([renamed, shared])
    await copies.keep([renamed, shared])  # as after a crash
    copied = changes_of(*parts[:1], parts[1].of(CHANGES), "17")
    assert [each.kind for each in copied] == ["video.changed", "video.shared"]

    keeper = DynamoAuditKeeper(*parts, b"k" * 32, RECORDING)
    for change in 2 * copied:
        await keeper.keep(change)
    records = [each async for each in DynamoAudit(*parts).stream(AuditQuery(subject="17"))]
    assert [(each.kind, each.actor_id, each.origin) for each in records] == [
        ("video.changed", "ada", "10.0.0.1"),
        ("video.shared", "ada", None),
    ]
    assert [each.details for each in records] == [
        '{"fields":["title"]}',
        '{"courses":0,"people":2}',
    ]


async def test_who_has_left_leaves_what_others_may_see_without_a_name(studio: Studio) -> None:
    async with studio.person() as ada, studio.person("ben") as ben:
        private = await made_ready(studio, ada)
        campus = await made_ready(studio, ada, visibility="campus")
        begun = (await ada.post("/api/uploads", json={"size": 3})).json()["uploadId"]
        course = (await ada.post("/api/courses", json={"title": "Solids"})).json()["id"]
        listed = {"videos": [campus]}
        assert (await ada.put(f"/api/courses/{course}/videos", json=listed)).status_code == 200
        empty = (await ada.post("/api/courses", json={"title": "Fluids"})).json()["id"]
        bens = (await ben.post("/api/courses", json={"title": "Waves"})).json()["id"]
        invited = await ben.post(
            f"/api/courses/{bens}/members", json={"email": "ada@campus.example"}
        )
        assert invited.status_code == 201, invited.text
        seen = await ada.put(f"/api/gallery/videos/{campus}/seen", json={"seen": True})
        assert seen.status_code == 200, seen.text

        await closed(studio, IDS["ada"])

        left = (await ben.get(f"/api/gallery/videos/{campus}")).json()
        assert (left["owner_name"], left["user_id"]) == ("Former member", "")
        assert (await ada.get(f"/api/gallery/videos/{private}")).status_code == 404
        assert (await ada.get(f"/api/uploads/{begun}")).status_code == 404
        assert (await ben.get(f"/api/courses/{bens}/members")).json()["people"] == []
        nobodys = await studio.cloud.courses.get(course)
        assert nobodys is not None
        assert nobodys.user_id == ""
        assert await studio.cloud.courses.get(empty) is None
        await studio.tending.tend()
        video = await studio.cloud.store.get(campus)
        assert video is not None
        assert all(video.key in key for key in studio.objects())


def test_what_follows_changes_knows_of_videos_where_there_are_any() -> None:
    """It has no database library, and makes none of what would need it."""
    there = FunctionParts(Environment(prefix="t-", videos="yes"))
    mail = cast(MailQueue, None)  # they write none
    names = [each.name for each in VideosHost().reactions(there, mail)]
    assert names == ["videos.forget-member", "videos.forget-course-member"]
    without = FunctionParts(Environment(prefix="t-"))
    assert list(VideosHost().reactions(without, mail)) == []
