"""A film of a meeting is for its two people: none of them makes it anybody else's."""

import pytest

from quadrangle.kernel.errors import Forbidden
from quadrangle.kernel.principal import Principal, Role
from quadrangle.videos.links import Links
from quadrangle.videos.model import Video, Visibility
from quadrangle.videos.offering.rules import Offer, offered
from quadrangle.videos.rules import VideoEdit, edited
from quadrangle.videos.shared_links.model import NewLink
from quadrangle.videos.shared_links.shared_links import SharedLinks
from quadrangle.videos.sharing.model import Audience
from quadrangle.videos.sharing.rules import require_no_others
from quadrangle.videos.uploads.model import OF_MEETING
from quadrangle.videos.uploads.rules import video_of
from tests.contracts.videos.reel import ADA, NoPasswords, Reel

FOR_TWO = "for the two of them"
ADMIN = Principal("Al", Role.ADMIN, "al")
BOTH = Audience(("ben",), ())


async def film(reel: Reel) -> Video:
    return await reel.shown(visibility=Visibility.SHARED, metadata=OF_MEETING)


@pytest.mark.parametrize("wider", [Visibility.CAMPUS, Visibility.UNLISTED, Visibility.PUBLIC])
async def test_it_is_seen_no_wider(reel: Reel, wider: Visibility):
    video, now = await film(reel), reel.clock.now()
    for who in (ADA, ADMIN):
        with pytest.raises(Forbidden, match=FOR_TWO):
            edited(video, VideoEdit(visibility=wider), now, who)
    for narrow in (Visibility.PRIVATE, Visibility.SHARED):
        kept, _ = edited(video, VideoEdit(title="Ours", visibility=narrow), now, ADA)
        assert (kept.title, kept.visibility, kept.details.of_meeting) == ("Ours", narrow, True)


async def test_nobody_else_is_named_and_it_stands_in_no_course(reel: Reel):
    video = await film(reel)
    for after in (Audience(("ben", "cyd"), ()), Audience(("ben",), ("c1",))):
        with pytest.raises(Forbidden, match=FOR_TWO):
            require_no_others(video, BOTH, after)
    require_no_others(video, BOTH, Audience((), ()))


async def test_there_is_no_link_to_it_and_no_player_elsewhere(reel: Reel):
    video, now = await film(reel), reel.clock.now()
    links = SharedLinks(reel.shared_links, NoPasswords(), Links(b"secret"), reel.clock)
    with pytest.raises(Forbidden, match=FOR_TWO):
        await links.make(video, NewLink(label="", ends_at="", password=""), ADA)
    with pytest.raises(Forbidden, match=FOR_TWO):
        offered(video, Offer(embed=True), ["*"], now, ADA)


def test_what_its_owner_said_while_it_arrived_does_not_widen_it(reel: Reel):
    upload = reel.new_upload(visibility=Visibility.PUBLIC, metadata=OF_MEETING)
    video = video_of(upload, reel.clock.now())
    assert (video.visibility, video.details.of_meeting) == (Visibility.PRIVATE, True)
