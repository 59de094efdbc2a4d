"""What a mail server's refusal means: never, or not now. In sentences for staff."""

import ssl

import aiosmtplib

from quadrangle.kernel.mail import MailDelayed, MailRefused
from quadrangle.machine.mail.smtp_url import SmtpServer

LONGEST_ANSWER = 200  # characters of a server's own words that are shown
_AUTH_REQUIRED = 530


def translated(error: Exception, server: SmtpServer, timeout_s: float) -> MailRefused | MailDelayed:
    """Return what an error of the connection means for the mail.

    Only a lasting refusal (5xx) of the recipient or the content is for ever. One of ourselves
    (sign-in, sender) is a matter of settings, and the mail waits until those are mended.
    """
    says = f"The mail server {server.name}"
    match error:
        case aiosmtplib.SMTPAuthenticationError() if error.code >= 500:
            return MailDelayed(
                f"{says} refuses our user name or password: {_answer(error, server)}"
            )
        case aiosmtplib.SMTPResponseException(code=code) if code == _AUTH_REQUIRED:
            return MailDelayed(f"{says} wants a user name and password: {_answer(error, server)}")
        case aiosmtplib.SMTPRecipientRefused() if error.code >= 500:
            return MailRefused(f"{says} refuses this recipient: {_answer(error, server)}")
        case aiosmtplib.SMTPDataError() if error.code >= 500:
            return MailRefused(f"{says} refuses this mail: {_answer(error, server)}")
        case aiosmtplib.SMTPSenderRefused() if error.code >= 500:
            return MailDelayed(f"{says} refuses our sender address: {_answer(error, server)}")
        case aiosmtplib.SMTPResponseException():
            return MailDelayed(f"{says} takes no mail from us now: {_answer(error, server)}")
        case aiosmtplib.SMTPTimeoutError():
            return MailDelayed(f"{says} did not answer within {timeout_s:g} seconds.")
        case aiosmtplib.SMTPServerDisconnected():
            return MailDelayed(f"{says} closed the connection before it took the mail.")
    return MailDelayed(f"{says} {_connection_fault(error, server)}")


def _connection_fault(error: Exception, server: SmtpServer) -> str:
    cause = error.__cause__ if isinstance(error, aiosmtplib.SMTPConnectError) else error
    match cause:
        case ssl.SSLCertVerificationError():
            return f"has a certificate we do not trust: {cause.verify_message}."
        case ssl.SSLError():
            return "and we cannot agree on TLS. Does the port speak it?"
        case OSError():
            return f"cannot be reached: {cause.strerror or type(cause).__name__}."
        case aiosmtplib.SMTPException():
            return f"cannot be used: {_cleaned(cause.message, server)}"
    return f"cannot be used: {_cleaned(str(error), server)}"


def _answer(error: aiosmtplib.SMTPResponseException, server: SmtpServer) -> str:
    return f"{error.code} {_cleaned(error.message, server)}"


def _cleaned(text: str, server: SmtpServer) -> str:
    """One line of printable characters; a server that echoes the password is not repeated."""
    text = text.encode(errors="replace").decode()
    if server.password:
        text = text.replace(server.password, "***")
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST_ANSWER else line[: LONGEST_ANSWER - 1] + "…"
