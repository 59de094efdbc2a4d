"""What the account service's reactions write, read as people read it."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from quadrangle.accounts.reactions import AccountReactions
from quadrangle.kernel.change import Change
from quadrangle.kernel.mail import Mail
from tests.account_desk import Desk


class Page(HTMLParser):
    """The words of an HTML mail, and where its links go."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: set[str] = set()
        self._skip = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        if tag == "a":
            self.links.add(dict(attrs)["href"] or "")
        if tag == "style":
            self._skip = tag

    def handle_endtag(self, tag) -> None:
        if tag == self._skip:
            self._skip = ""

    def handle_data(self, data) -> None:
        if not self._skip:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def link_in(mail: Mail) -> str:
    """Return the one address a mail links to, which its text names too."""
    (link,) = Page(mail.html).links
    assert link in mail.text.splitlines()
    return link


def token_in(mail: Mail, path: str) -> str:
    """Return what the link to a page holds behind `#token=`."""
    parts = urlsplit(link_in(mail))
    assert parts.path == path
    assert not parts.query
    name, _, token = parts.fragment.partition("=")
    assert name == "token"
    return token


class PostOffice:
    """Runs the account service's reactions over the changes of a desk, each twice, as they may be.

    Implements kernel.mail.MailQueue.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen = 0
        self.mails: dict[str, Mail] = {}
        self.forgotten: set[str] = set()
        self.reactions = AccountReactions(
            desk.accounts, self, desk.service.links, desk.service.erasers, desk.clock
        )

    async def enqueue(self, *mails: Mail) -> None:
        for mail in mails:
            self.mails.setdefault(mail.key, mail)

    async def forget(self, to: str, behind: str | None = None) -> str | None:
        """Do so in two parts, as an outbox does that has many mails."""
        if behind is None:
            return "half"
        self.forgotten.add(to)
        return None

    async def react(self) -> None:
        """Have everything happen that follows from what was written since."""
        while changes := (await self._desk.changes())[self._seen :]:
            self._seen += len(changes)
            for change in changes:
                await self._handle(change)
                await self._handle(change)

    async def _handle(self, change: Change) -> None:
        for reaction in self.reactions.all():
            if reaction.answers_to(change):
                await reaction.handle(change)

    async def fetch(self, to: str) -> list[Mail]:
        """Return what was written to an address since the last fetch, and take it away."""
        await self.react()
        found = [mail for mail in self.mails.values() if mail.to == to]
        self.mails = {key: mail for key, mail in self.mails.items() if mail.to != to}
        return found

    async def one(self, to: str) -> Mail:
        (mail,) = await self.fetch(to)
        return mail
