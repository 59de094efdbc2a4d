"""What answers about videos before the framework does: sound of feeds, players elsewhere."""

from quadrangle.hosts.shared.mounts import Mount
from quadrangle.hosts.shared.page_policy import embed_page, held_by
from quadrangle.videos.http.sharing.embed import Embed
from quadrangle.videos.http.sharing.podcast import Podcast, led_to
from quadrangle.videos.service import VideoService


def mounts_of(videos: VideoService) -> list[Mount]:
    return [
        Podcast(videos.feeds, led_to(videos.grants, videos.public_url)),
        Embed(videos.offering, embed_page, held_by),
    ]
