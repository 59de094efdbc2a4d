"""Who may see and change videos; names, metadata, ranges."""

import base64
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.http.answers.ranges import NotSatisfiable, range_of
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.videos.model import Details, Pace, Status, Video, Visibility
from quadrangle.videos.processing.rules import how_far
from quadrangle.videos.rules import VideoEdit, edited, may_change, may_see, shelf
from quadrangle.videos.uploads.rules import file_name, read_checksum, read_metadata

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SOON, LATER = (to_text(NOW + timedelta(hours=hours)) for hours in (1, 2))
OWNER = Principal("Ada", Role.TEACHER, "ada")
OTHER = Principal("Ben", Role.STUDENT, "ben")
STAFF = Principal("Cy", Role.STAFF, "cy")
ADMIN = Principal("Di", Role.ADMIN, "di")
PIN = Principal("Staff", Role.STAFF)
VIDEO = Video(
    video_id=1,
    user_id="ada",
    title="Rotation",
    key="k",
    status=Status.READY,
    file_size=1,
    created_at=to_text(NOW),
    updated_at=to_text(NOW),
)


def video(visibility: Visibility, status: Status = Status.READY, **details: object) -> Video:
    return msgspec.structs.replace(
        VIDEO, visibility=visibility, status=status, details=Details(**details)
    )


@pytest.mark.parametrize(
    ("visibility", "seen_by", "with_link"),
    [
        (Visibility.PRIVATE, "", ""),
        (Visibility.CAMPUS, "OTHER STAFF PIN", "OTHER STAFF PIN"),
        (Visibility.UNLISTED, "", "ANYONE OTHER STAFF PIN"),
        (Visibility.PUBLIC, "ANYONE OTHER STAFF PIN", "ANYONE OTHER STAFF PIN"),
    ],
)
def test_who_sees_what(visibility: Visibility, seen_by: str, with_link: str):
    people = {"ANYONE": ANYONE, "OTHER": OTHER, "STAFF": STAFF, "PIN": PIN}
    for has_link, names in ((False, seen_by), (True, with_link)):
        found = {
            name
            for name, who in people.items()
            if may_see(video(visibility), who, NOW, has_link=has_link)
        }
        assert found == set(names.split())
    for who in (OWNER, ADMIN):
        assert may_see(video(visibility), who, NOW, has_link=False)


def test_owner_and_admin_alone_change():
    assert [who for who in (ANYONE, OTHER, STAFF, PIN, OWNER, ADMIN) if may_change(VIDEO, who)] == [
        OWNER,
        ADMIN,
    ]
    anybodys = msgspec.structs.replace(VIDEO, user_id="")
    assert not may_change(anybodys, ANYONE)


def test_failed_and_unpublished_ones_are_the_owners_alone():
    later, earlier = to_text(NOW + timedelta(hours=1)), to_text(NOW - timedelta(hours=1))
    hidden = [
        video(Visibility.PUBLIC, Status.FAILED),
        video(Visibility.PUBLIC, publish_at=later),
        video(Visibility.PUBLIC, unpublish_at=earlier),
        video(Visibility.PUBLIC, unpublish_at=to_text(NOW)),
    ]
    for each in hidden:
        assert not may_see(each, OTHER, NOW, has_link=True)
        assert may_see(each, OWNER, NOW, has_link=False)
        assert shelf(each, NOW) == ""
    assert shelf(video(Visibility.PUBLIC, publish_at=earlier, unpublish_at=later), NOW) == "public"
    assert shelf(video(Visibility.PUBLIC, Status.PROCESSING), NOW) == ""


@pytest.mark.parametrize("old", list(Visibility))
@pytest.mark.parametrize("new", list(Visibility))
def test_addresses_end_when_somebody_may_not_see_any_more(old: Visibility, new: Visibility):
    after, _ = edited(video(old), VideoEdit(visibility=new), NOW, OWNER)
    none_loses_it = new is old or old is Visibility.PRIVATE or new is Visibility.PUBLIC
    assert (after.details.grants == 0) == none_loses_it


@pytest.mark.parametrize(
    ("before", "edit", "field"),
    [
        ({}, {"publish_at": LATER, "unpublish_at": SOON}, "unpublish_at"),
        ({}, {"publish_at": SOON, "unpublish_at": SOON}, "unpublish_at"),
        ({"publish_at": LATER}, {"unpublish_at": SOON}, "unpublish_at"),
        ({"unpublish_at": SOON}, {"publish_at": LATER}, "publish_at"),
    ],
)
def test_publication_ends_after_it_begins(before: dict, edit: dict, field: str):
    with pytest.raises(InvalidInput) as caught:
        edited(video(Visibility.PUBLIC, **before), VideoEdit(**edit), NOW, OWNER)
    (error,) = caught.value.errors
    assert error.field == field
    assert error.message.endswith(".")


def test_times_of_publication_that_were_taken_are_no_hindrance():
    odd = video(Visibility.PUBLIC, publish_at=LATER, unpublish_at=SOON)
    assert edited(odd, VideoEdit(title="New"), NOW, OWNER)[0].title == "New"
    mended, _ = edited(odd, VideoEdit(publish_at="", unpublish_at=SOON), NOW, OWNER)
    assert (mended.details.publish_at, mended.details.unpublish_at) == (None, SOON)
    right, _ = edited(odd, VideoEdit(publish_at=SOON, unpublish_at=LATER), NOW, OWNER)
    assert right.details.publish_at == SOON


def test_every_fault_of_an_edit_is_named():
    edit = VideoEdit(title=" ", description="x" * 5001, publish_at="tomorrow")
    with pytest.raises(InvalidInput) as caught:
        edited(VIDEO, edit, NOW, OWNER)
    assert [e.field for e in caught.value.errors] == ["title", "description", "publish_at"]


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\a.mp4", "a.mp4"),
        ("a\0b\n.mp4", "ab.mp4"),
        ("..", ""),
        ("/", ""),
        ("<b>.mp4", "<b>.mp4"),
    ],
)
def test_names_of_files_are_for_reading_alone(given_name: str, shown: str):
    assert file_name(given_name) == shown


@given(st.text(max_size=50))
def test_no_name_leads_anywhere(text: str):
    name = file_name(text)
    assert "/" not in name
    assert "\\" not in name
    assert name not in (".", "..")


def test_metadata_are_words_with_values():
    encoded = base64.b64encode("Größe".encode()).decode()
    assert read_metadata(f"title {encoded}, is_private") == {"title": "Größe", "is_private": ""}
    assert read_metadata("") == {}


def test_checksums_are_of_known_kinds():
    assert read_checksum(None) is None
    with pytest.raises(InvalidInput):
        read_checksum("crc32 AAAA")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-0", (0, 1)),
        ("bytes=5-", (5, 5)),
        ("bytes=-3", (7, 3)),
        ("bytes=-99", (0, 10)),
        ("bytes=2-99", (2, 8)),
        ("bytes=5-2", None),
        ("bytes=0-1,3-4", None),
        ("items=0-1", None),
        ("bytes=-", None),
    ],
)
def test_ranges(header: str | None, expected):
    assert range_of(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_ranges_beyond_the_end(header: str):
    with pytest.raises(NotSatisfiable):
        range_of(header, 10)


def test_progress_tells_what_is_left_once_it_can():
    began, told = to_text(NOW), to_text(NOW + timedelta(seconds=30))
    half = how_far(Pace(30, 60, began, told), playable=True)
    assert (half.percent, half.seconds_left) == (50, 30)
    assert how_far(Pace(), playable=False).seconds_left is None
    assert how_far(Pace(60, 60, began, told), playable=True).percent == 99
