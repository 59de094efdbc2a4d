"""What opens an unlisted video, and what addresses of media are signed by."""

import base64
import hashlib
import hmac

from quadrangle.videos.model import Place, Video

_LENGTH = 20  # bytes of a signature: 160 bits


class Links:
    """Signs by one secret of the installation, for one use each."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def key(self, video: Video) -> str:
        """Return the key of a video's present link."""
        return self._sign(f"link|{video.video_id}|{video.key}|{video.details.links}")

    def is_key(self, key: str, video: Video) -> bool:
        """Tell whether a key is that, in a time that tells nothing of where it differs."""
        return _same(key, self.key(video))

    def shared_key(self, video: Video, link_id: str) -> str:
        """Return the key of one of the links that its owner has made."""
        signature = self._sign(f"shared|{video.video_id}|{video.key}|{link_id}")
        return f"s.{link_id}.{signature}"

    def is_shared_key(self, key: str, video: Video, link_id: str) -> bool:
        return _same(key, self.shared_key(video, link_id))

    def unlocked_key(self, video: Video, link_id: str, expiry: int) -> str:
        """Return what opens a link whose password was given, until an instant. A link never gets
        another password."""
        return f"s.{link_id}.{expiry}.{self._unlocked(video, link_id, str(expiry))}"

    def is_unlocked(self, signature: str, video: Video, link_id: str, expiry: str) -> bool:
        return _same(signature, self._unlocked(video, link_id, expiry))

    def _unlocked(self, video: Video, link_id: str, expiry: str) -> str:
        return self._sign(f"unlocked|{video.video_id}|{video.key}|{link_id}|{expiry}")

    def grant(self, video_id: int, place: Place, expiry: int, link_id: str = "") -> str:
        """Return what signs addresses of a video's media until an instant (seconds since 1970),
        for whoever has come by a link of its owner's, if somebody has."""
        return self._sign(f"media|{video_id}|{place.key}|{place.grants}|{expiry}|{link_id}")

    def is_grant(
        self, signature: str, video_id: int, place: Place, expiry: int, link_id: str = ""
    ) -> bool:
        return _same(signature, self.grant(video_id, place, expiry, link_id))

    def viewer(self, viewer_id: str) -> str:
        """Return what signs the id of somebody who watches."""
        return self._sign(f"viewer|{viewer_id}")

    def is_viewer(self, signature: str, viewer_id: str) -> bool:
        return _same(signature, self.viewer(viewer_id))

    def _sign(self, text: str) -> str:
        digest = hmac.digest(self._secret, text.encode(), hashlib.sha256)[:_LENGTH]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _same(given: str, real: str) -> bool:
    return hmac.compare_digest(given.encode(), real.encode())
