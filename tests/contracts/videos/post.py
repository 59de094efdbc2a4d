"""A mail queue whose letters tests read."""

from quadrangle.kernel.mail import Mail


class Post:
    """A mail queue; a key that is known is not written again."""

    def __init__(self) -> None:
        self.mails: dict[str, Mail] = {}

    async def enqueue(self, *mails: Mail) -> None:
        for each in mails:
            self.mails.setdefault(each.key, each)

    async def forget(self, to: str, behind: str | None = None) -> str | None:
        raise NotImplementedError

    def taken(self) -> list[Mail]:
        taken, self.mails = [*self.mails.values()], {}
        return taken
