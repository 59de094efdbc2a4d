"""What the template tells the functions, read once per container."""

import os
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from quadrangle.hosts.shared.outside_issuer import require_usable


class Environment(msgspec.Struct, frozen=True):
    """Settings of all functions. One that a function does not need is left out of its environment
    and empty here; using it is then refused by AWS, as its role does not allow it either.

    `queues` are URLs by what their jobs do: names of reactions and functions. The template gives
    what all of them begin with once, as `queue_base`: of its variables a function may have 4 KB.
    `dead_letters` is where goes what any of them gave up.
    `desktops` is what deploy/aws/desktops.yaml says of itself.
    `photo_key_ids` are
    CloudFront's names of the keys in the secret `photo_keys`, by slot. `sign_up_domains` are names
    with commas between, `pool_clients` ids of clients of the user pool. `oidc_secret` is the
    ARN of the secret that has the client secret at the issuer, `meeting_keys` that of what signs
    the links of meetings, `room_secrets` that of what is shared with servers of video rooms. Of
    videos, `video_database` is a URL without name and password, which are in the secret
    `video_login`, `video_keys` the secret of what signs their links; sizes are in MB; captions by
    a model are made in `video_speech_language`, with "none" only where an owner asks, "" is never.
    `time_zone` is the campus's, as `Europe/Amsterdam`, "" for none.
    `meeting_origins`, `embed_origins`, `stun_servers` and `turn_servers` have commas between.
    """

    prefix: str
    public_url: str = ""
    admin_email: str = ""
    mail_from: str = ""
    signing_keys: str = ""
    audit_key: str = ""
    user_pool: str = ""
    user_pool_client: str = ""
    sign_up: Literal["open", "domains", "invitation", "closed"] = "invitation"
    sign_up_domains: str = ""
    two_factor: Literal["optional", "staff"] = "optional"
    pin_sign_in: Literal["", "on", "off"] = ""
    pool_clients: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_secret: str = ""
    oidc_name: str = "campus account"
    oidc_sign_up: Literal["on", "off"] = "off"
    front_secret: str = ""
    schedule_group: str = ""
    scheduler_role: str = ""
    photos_bucket: str = ""
    photo_keys: str = ""
    photo_key_ids: dict[str, str] = {}
    reporters: str = "anyone"
    video_publishers: Literal["anyone", "teachers"] = "anyone"
    meeting_keys: str = ""
    meeting_schedulers: Literal["staff", "anyone"] = "staff"
    meeting_links: Literal["signed", "open"] = "signed"
    meeting_origins: str = ""
    jitsi_domain: str = ""
    jitsi_app_id: str = ""
    stun_servers: str = ""
    turn_servers: str = ""
    room_secrets: str = ""
    videos: Literal["yes", "no"] = "no"
    video_database: str = ""
    video_login: str = ""
    video_schema: str = ""
    videos_bucket: str = ""
    video_queue: str = ""
    video_slots: int = 4
    video_keys: str = ""
    video_largest: int = 8192
    video_quota: int = 51200
    video_upload_hours: int = 24
    video_speech_language: Literal["", "en", "none"] = ""
    embed_origins: str = ""
    time_zone: str = ""
    rate_limits: str = "on"
    report_burst: int = 30
    reports_per_hour: int = 300
    desktops: dict[str, Any] = {}
    queue_base: str = ""
    queues: dict[str, str] = {}
    dead_letters: str = "dead-letters"
    cors_origins: str = "*"
    log_level: str = "info"


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read QUADRANGLE_PREFIX and the others; dictionaries are JSON. Raises ValueError."""
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(Environment):
        text = variables.get(f"QUADRANGLE_{field.name.upper()}")
        if text:
            values[field.name] = msgspec.json.decode(text) if text.startswith("{") else text
    try:
        environment = msgspec.convert(values, Environment, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(f"The environment of this function cannot be used: {error}.") from error
    require_usable(environment)
    base = environment.queue_base
    return msgspec.structs.replace(
        environment,
        queues={job: base + name for job, name in environment.queues.items()},
        dead_letters=base + environment.dead_letters,
    )
