"""Hands mails to Amazon SES, and says what its refusals mean."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from quadrangle.aws.base.errors import code_of
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.mail import Mail, MailDelayed, MailRefused
from quadrangle.mail.message import compose, parse_sender

LONGEST_ANSWER = 200  # characters of SES's own words that are shown


class SesTransport:
    """Implements kernel.mail.MailTransport. `client` is one of `sesv2`.

    The message is the one SMTP would carry, but SES writes its own Message-ID and Date over ours,
    so receivers cannot tell a mail that had to be sent twice. Raises ValueError when the sender
    cannot be used.
    """

    def __init__(self, client: Any, sender: str, clock: Clock) -> None:
        self._client = client
        self._sender = parse_sender(sender)
        self._clock = clock

    async def send(self, mail_id: str, mail: Mail) -> None:
        """Send one mail. Raises MailRefused or MailDelayed."""
        envelope = compose(mail_id, mail, self._sender, self._clock.now())
        if envelope.utf8:
            raise MailRefused("Amazon SES takes no addresses with letters beyond ASCII.")
        try:
            self._client.send_email(
                FromEmailAddress=envelope.sender,
                Destination={"ToAddresses": [envelope.recipient]},
                Content={"Raw": {"Data": envelope.message}},
            )
        except ClientError as error:
            raise translated(error) from error
        except BotoCoreError as error:
            raise MailDelayed(
                f"Amazon SES cannot be reached: {_line(type(error).__name__)}."
            ) from error

    async def close(self) -> None:
        return


# What is a matter of our account or settings makes a mail wait until those are mended; only what
# is wrong with the mail itself is for ever.
_WAITS = {
    "AccountSuspendedException": "has suspended our account",
    "SendingPausedException": "has paused our sending",
    "MailFromDomainNotVerifiedException": "has not verified our MAIL FROM domain",
    "LimitExceededException": "says that we have reached a limit",
    "TooManyRequestsException": "takes no more mails from us just now",
    "Throttling": "takes no more mails from us just now",
    "ThrottlingException": "takes no more mails from us just now",
    "NotFoundException": "misses something our settings name",
}
_REFUSED = {
    "MessageRejected": "refuses this mail",
    "BadRequestException": "refuses this mail",
}
# The one rejection that is about identities: our sender, or everyone while in the sandbox.
_NOT_VERIFIED = "not verified"


def translated(error: ClientError) -> MailRefused | MailDelayed:
    """Return what an error of SES means for the mail."""
    code = code_of(error)
    says = _line(str(error.response.get("Error", {}).get("Message", "")) or code)
    if code == "MessageRejected" and _NOT_VERIFIED in says:
        return MailDelayed(
            f"Amazon SES has not verified our sender, or we are in its sandbox: {says}"
        )
    if code in _REFUSED:
        return MailRefused(f"Amazon SES {_REFUSED[code]}: {says}")
    return MailDelayed(f"Amazon SES {_WAITS.get(code, 'cannot take mails from us now')}: {says}")


def _line(text: str) -> str:
    """One line of printable characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST_ANSWER else line[: LONGEST_ANSWER - 1] + "…"
