"""Links made, listed, revoked, and followed by whoever has one."""

import secrets
from datetime import timedelta

from quadrangle.kernel.clock import Clock, from_text
from quadrangle.kernel.errors import Conflict, Forbidden, Gone, NotFound, PasswordRequired
from quadrangle.kernel.principal import Principal
from quadrangle.videos.links import Links
from quadrangle.videos.model import Video
from quadrangle.videos.rules import record, require_sharable
from quadrangle.videos.shared_links import rules
from quadrangle.videos.shared_links.model import NewLink, SharedLink
from quadrangle.videos.shared_links.ports import LinkPasswords, SharedLinkStore

ENDED = "This link does not hold any more. Please ask whoever gave it to you for another one."
WRONG = "That is not the password of this link."
_OPEN_FOR = timedelta(hours=12)  # how long a password is asked for no more
_ID_BYTES = 8


class SharedLinks:
    """The links of videos. Owners are checked by whoever calls."""

    def __init__(
        self, store: SharedLinkStore, passwords: LinkPasswords, links: Links, clock: Clock
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._links = links
        self._clock = clock

    async def make(self, video: Video, new: NewLink, who: Principal) -> SharedLink:
        """Make a link. Raises InvalidInput, Conflict when the video has too many, and Forbidden
        for a film of a meeting."""
        require_sharable(video)
        now = self._clock.now()
        ends_at = rules.checked_end(new, video, now)
        sealed = await self._passwords.seal(new.password) if new.password else ""
        link = rules.made(new, video, secrets.token_hex(_ID_BYTES), sealed, now, ends_at)
        told = {"link": link.link_id, "endsAt": ends_at, "hasPassword": bool(sealed)}
        change = record(rules.LINK_MADE, video, now, who, told)
        if not await self._store.add(link, rules.MOST_LINKS, [change]):
            raise Conflict(f"A video has {rules.MOST_LINKS} links at most. Please revoke one.")
        return link

    async def of_video(self, video: Video) -> list[SharedLink]:
        """Return the links of a video, the newest first; those that have ended too."""
        return await self._store.of_video(video.video_id)

    async def revoke(self, video: Video, link_id: str, who: Principal) -> None:
        """Have a link, and all that was opened by it, hold no more. Raises NotFound."""
        change = record(rules.LINK_REVOKED, video, self._clock.now(), who, {"link": link_id[:40]})
        if not await self._store.remove(video.video_id, link_id, [change]):
            raise NotFound("There is no such link.")

    def key(self, link: SharedLink, video: Video) -> str:
        """Return what opens the video: what the address of the link ends in."""
        return self._links.shared_key(video, link.link_id)

    async def through(self, key: str | None, video: Video) -> SharedLink | None:
        """Return the link that a key is of; None for what is no key of a link to this video.

        Raises Gone when it is over, PasswordRequired when a password is to be given first.
        """
        parts = (key or "").split(".")
        if len(parts) == 3 and self._links.is_shared_key(key or "", video, parts[1]):
            link = await self._standing(video, parts[1])
            if link.password:
                raise PasswordRequired()
            return link
        if len(parts) == 4:
            return await self._unlocked(video, *parts[1:])
        return None

    async def _unlocked(
        self, video: Video, link_id: str, expiry: str, signature: str
    ) -> SharedLink | None:
        if not self._links.is_unlocked(signature, video, link_id, expiry):
            return None
        link = await self._standing(video, link_id)
        if int(expiry) <= self._clock.now().timestamp():
            raise PasswordRequired()
        return link

    async def _standing(self, video: Video, link_id: str) -> SharedLink:
        link = await self._store.get(video.video_id, link_id)
        if link is None or rules.is_over(link, self._clock.now()):
            raise Gone(ENDED)
        return link

    async def unlock(self, video: Video, key: str, password: str, address: str) -> str:
        """Return the key that opens without the password, for some hours.

        Raises NotFound for what is no key, Gone, Forbidden for a wrong password, and
        TooManyRequests.
        """
        parts = key.split(".")
        if len(parts) != 3 or not self._links.is_shared_key(key, video, parts[1]):
            raise NotFound("Video not found")
        link = await self._standing(video, parts[1])
        name = f"{video.video_id}:{link.link_id}"
        if link.password and not await self._passwords.check(
            name, address, link.password, password
        ):
            raise Forbidden(WRONG)
        until = self._clock.now() + _OPEN_FOR
        if link.ends_at is not None:
            until = min(until, from_text(link.ends_at))
        return self._links.unlocked_key(video, link.link_id, int(until.timestamp()))

    async def forget(self, video_id: int) -> None:
        """Have no link lead to a video any more."""
        await self._store.forget(video_id)
