"""The mail server as the setting names it: `smtp://user:password@host:587?starttls=required`."""

import ipaddress
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

HOW_TO = (
    "The SMTP URL must look like smtp://user:password@host:587 or smtps://host:465. "
    "Write @ : / ? # and % in the user name or password as %40 %3A %2F %3F %23 and %25."
)
_STARTTLS = ("offered", "required", "off")


class SmtpServer(msgspec.Struct, frozen=True):
    """Where mails go. `starttls` None: where offered; it is False on a connection that begins with
    TLS. `ca` is a file of further certificates to trust."""

    host: str
    port: int
    tls: bool
    starttls: bool | None
    user: str | None = None
    password: str | None = None
    ca: str | None = None

    @property
    def name(self) -> str:
        """The server as people may see it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def __repr__(self) -> str:
        return f"<SmtpServer {self.name}>"


def parse(url: str) -> SmtpServer:
    """Read an SMTP URL.

    A password never goes over a line anyone may listen to: with a user name, TLS is required
    unless the host is this machine or `?starttls=` says otherwise. Raises ValueError with a
    sentence that holds nothing of the URL.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        raise ValueError(HOW_TO) from None
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path.strip("/"):
        raise ValueError(HOW_TO)
    if parts.fragment or not host.isascii() or not host.isprintable():
        raise ValueError(HOW_TO)
    tls = parts.scheme == "smtps"
    user = None if parts.username is None else unquote(parts.username)
    return SmtpServer(
        host=host,
        port=port or (465 if tls else 587 if user else 25),
        tls=tls,
        starttls=_starttls(options, tls=tls, secret=user is not None and not _is_local(host)),
        user=user,
        password=None if user is None else unquote(parts.password or ""),
        ca=options.get("ca"),
    )


def describe(url: str) -> str:
    """Return host and port of an SMTP URL, for display. Raises ValueError like `parse`."""
    return parse(url).name


def _starttls(options: dict[str, str], *, tls: bool, secret: bool) -> bool | None:
    if unknown := set(options) - {"starttls", "ca"}:
        raise ValueError(f"The SMTP URL has no option {min(unknown)!r}; it has starttls and ca.")
    choice = options.get("starttls")
    if choice is not None and (tls or choice not in _STARTTLS):
        raise ValueError(
            "In the SMTP URL, starttls is one of offered, required and off, and only with smtp://."
        )
    if tls:
        return False
    if choice is None:
        return True if secret else None
    return {"offered": None, "required": True, "off": False}[choice]


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
