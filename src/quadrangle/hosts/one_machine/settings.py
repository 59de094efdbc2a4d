"""Settings, read once at start from the environment. docs/operating/settings.md explains each."""

import ipaddress
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from quadrangle.hosts.shared.outside_issuer import require_usable
from quadrangle.kernel.text import is_email
from quadrangle.mail.model import TEXT_KEPT_DAYS
from quadrangle.sql.base.urls import backend_of, sqlite_file, sqlite_url


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says why."""


class Settings(msgspec.Struct, frozen=True):
    """All settings. `environment_name` tells which variable a field is read from."""

    host: str = "127.0.0.1"
    port: int = 8000
    data: Path = Path("data")
    database_url: str = ""
    public_url: str = ""
    admin_email: str = "admin@localhost.localdomain"
    admin_password: str | None = None
    staff_pin: str | None = None
    smtp_url: str | None = None
    mail_from: str = "Quadrangle <quadrangle@localhost.localdomain>"
    mail_text_days: int = TEXT_KEPT_DAYS
    rate_limits: Literal["on", "off"] = "on"
    report_burst: int = 30
    reports_per_hour: int = 300
    status_mail_wait: int = 60
    reporters: Literal["anyone", "accounts"] = "anyone"
    sign_up: Literal["open", "domains", "invitation", "closed"] = "invitation"
    sign_up_domains: tuple[str, ...] = ()
    two_factor: Literal["optional", "staff"] = "optional"
    pin_sign_in: Literal["", "on", "off"] = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = "campus account"
    oidc_sign_up: Literal["on", "off"] = "off"
    cors_origins: tuple[str, ...] = ("*",)
    trusted_proxies: tuple[str, ...] = ()
    meeting_schedulers: Literal["staff", "anyone"] = "staff"
    meeting_links: Literal["signed", "open"] = "signed"
    meeting_origins: tuple[str, ...] = ()
    meeting_files: int = 20
    meeting_file_size: int = 25
    jitsi_domain: str = ""
    jitsi_app_id: str = ""
    jitsi_secret: str = ""
    stun_servers: tuple[str, ...] = ()
    turn_servers: tuple[str, ...] = ()
    turn_secret: str = ""
    desktops_most: int = 0
    desktop_memory: int = 1024
    desktop_disk: int = 1024
    desktop_network: Literal["on", "off"] = "off"
    desktop_hour_price: str = ""
    recording_minutes: int = 240
    recording_size: int = 4096
    database_schema: str = ""
    video_largest: int = 8192
    video_quota: int = 51200
    video_upload_hours: int = 24
    video_publishers: Literal["anyone", "teachers"] = "anyone"
    video_jobs: int = 1
    video_threads: int = 0
    embed_origins: tuple[str, ...] = ()
    time_zone: str = ""
    video_speech_language: str = "en"
    video_speech_model: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    worker: Literal["on", "off"] = "on"

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def database(self) -> str:
        """The database's URL; a SQLite file in the data folder unless one is set."""
        return self.database_url or sqlite_url(str(self.data.absolute() / "quadrangle.db"))


def environment_name(field: str) -> str:
    """Return the variable of a field: PORT as platforms set it, else QUADRANGLE_ and the name."""
    return "PORT" if field == "port" else f"QUADRANGLE_{field.upper()}"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingsError for a value that cannot be used or an unknown name.

    An empty variable counts as not set.
    """
    fields = {environment_name(f.name): f for f in msgspec.structs.fields(Settings)}
    _refuse_unknown(environment, fields)
    values = {
        field.name: _value(name, environment[name], field.type)
        for name, field in fields.items()
        if environment.get(name)
    }
    settings = Settings(**values)
    if not settings.public_url:
        settings = msgspec.structs.replace(settings, public_url=_own_url(settings))
    _check(settings)
    return settings


def _own_url(settings: Settings) -> str:
    """Return where a browser on this machine finds the server; by its name where it listens to the
    machine itself, as passkeys belong to names alone."""
    host, port = settings.host, settings.port
    if host in ("127.0.0.1", "0.0.0.0", "::1", "::"):  # noqa: S104 - nothing is opened
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


# Read by the tests and by deployment tools, not by the program.
_NOT_SETTINGS = ("QUADRANGLE_TEST_", "QUADRANGLE_BENCH_")


def _refuse_unknown(environment: Mapping[str, str], known: Mapping[str, Any]) -> None:
    for name in environment:
        if name.startswith("QUADRANGLE_") and name not in known:
            if name.startswith(_NOT_SETTINGS):
                continue
            raise SettingsError(f"{name} is not a setting. See docs/operating/settings.md.")


def _value(name: str, text: str, kind: Any) -> Any:
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is Path:
        return Path(text).expanduser()
    try:
        return msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{name} cannot be {text!r}: {error}.") from error


def _check(settings: Settings) -> None:
    if not 0 <= settings.port <= 65535:
        raise SettingsError(f"PORT must be from 0 to 65535, not {settings.port}.")
    if not is_email(settings.admin_email):
        raise SettingsError("QUADRANGLE_ADMIN_EMAIL must be an e-mail address.")
    if not settings.public_url.startswith(("http://", "https://")):
        raise SettingsError("QUADRANGLE_PUBLIC_URL must begin with http:// or https://.")
    if settings.report_burst < 1 or settings.reports_per_hour < 1:
        raise SettingsError("Report limits must be at least 1.")
    if not 0 <= settings.status_mail_wait <= 3600:
        raise SettingsError("QUADRANGLE_STATUS_MAIL_WAIT must be from 0 to 3600 seconds.")
    if not 0 <= settings.mail_text_days <= 3650:
        raise SettingsError("QUADRANGLE_MAIL_TEXT_DAYS must be from 0 to 3650 days.")
    _check_address("QUADRANGLE_HOST", settings.host)
    for address in settings.trusted_proxies:
        _check_address("QUADRANGLE_TRUSTED_PROXIES", address)
    try:
        require_usable(settings)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    _check_database(settings)


def _check_database(settings: Settings) -> None:
    if backend_of(settings.database) is None:
        raise SettingsError("QUADRANGLE_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    file = sqlite_file(settings.database)
    if file is not None and not file.parent.is_dir() and settings.database_url:
        raise SettingsError(f"QUADRANGLE_DATABASE_URL names a file in {file.parent}, no folder.")
    if file is not None and (not file.name or str(file).startswith((":", "file:"))):
        raise SettingsError("QUADRANGLE_DATABASE_URL must name a file: sqlite:////folder/name.db.")


def _check_address(name: str, address: str) -> None:
    try:
        ipaddress.ip_address(address)
    except ValueError as error:
        raise SettingsError(f"{name} takes IP addresses, and {address!r} is none.") from error


def prepare_data_folder(settings: Settings) -> None:
    """Make the data folder, readable by its owner only. Raises SettingsError."""
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = settings.data / f".probe-{secrets.token_hex(4)}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise SettingsError(
            f"The data folder {settings.data} cannot be written: {error.strerror}."
        ) from error
