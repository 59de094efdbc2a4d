"""The letters to the owner of a video that staff took down, or gave back."""

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.mail import Mail, MailQueue
from quadrangle.letters.templates import templates_of
from quadrangle.letters.texts import cut, one_line, unlinked
from quadrangle.videos.sharing.model import Person
from quadrangle.videos.sharing.ports import People
from quadrangle.videos.taking_down.rules import GIVEN_BACK, TAKEN_DOWN

_LONGEST_IN_SUBJECT = 40  # phones show about as much of it


class TakenDownLetters:
    """Writes letters. `public_url` is where the pages are, without a path."""

    def __init__(self, people: People, queue: MailQueue, public_url: str) -> None:
        self._people = people
        self._queue = queue
        self._public_url = public_url.rstrip("/")

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        return [Reaction("videos.taken-down", frozenset({TAKEN_DOWN, GIVEN_BACK}), self.follow)]

    async def follow(self, change: Change) -> None:
        """Tell the owner, whose account may be closed; not who did it themselves."""
        owner = change.data["owner"]
        if not owner or owner == change.actor_id:
            return
        named = await self._people.named([owner])
        if named:
            await self._queue.enqueue(self._letter(Person(*named[0]), change))

    def _letter(self, reader: Person, change: Change) -> Mail:
        title, what = one_line(str(change.data["title"])), _done(change)
        context = {
            "name": unlinked(one_line(reader.name)),
            "title": unlinked(title),
            "what": what,
            "reason": unlinked(str(change.data.get("reason", ""))),
            "link": f"{self._public_url}/my-videos",
        }
        templates = templates_of("quadrangle.videos")
        text, html = (templates.get_template(f"taken_down.{kind}") for kind in ("txt", "html"))
        return Mail(
            key=f"video-taken-down:{change.subject}:{change.seq}:{reader.account_id}",
            to=reader.email,
            subject=f"Your video was {what}: {cut(title, _LONGEST_IN_SUBJECT)}",
            text=text.render(context),
            html=html.render(context),
        )


def _done(change: Change) -> str:
    """Return what staff did, in a word of its letter."""
    if change.kind == GIVEN_BACK:
        return "given back"
    return "deleted" if change.data["deleted"] else "hidden"
