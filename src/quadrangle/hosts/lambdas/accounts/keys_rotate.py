"""Replaces the keys that sign tokens when their time has come: daily, by tokens/key_rules.py.

A new key is made a day before it signs, at the latest on the day it is due; a run that fails is
mended by the next one, while the present key goes on to sign.
"""

import structlog

from quadrangle.aws.accounts.signing_keys import SecretKeys
from quadrangle.aws.base.clients import client_later
from quadrangle.hosts.lambdas.base.start import started

log = structlog.get_logger(__name__)

parts = started("secretsmanager")
keys = SecretKeys(client_later("secretsmanager"), parts.environment.signing_keys, parts.clock)


def handler(event: dict[str, object], _: object) -> dict[str, bool]:
    """Do what is due and tell whether anything was; asked with `{"now": true}`, put a new key in
    the place of all, so that what they signed has ended. Raises KeysUnusable, Unavailable.
    """
    if event.get("now") is True:
        keys.replace()
        log.warning("signing keys replaced at once")
        return {"rotated": True}
    rotated = keys.rotate()
    if rotated:
        log.info("signing keys rotated")
    return {"rotated": rotated}
