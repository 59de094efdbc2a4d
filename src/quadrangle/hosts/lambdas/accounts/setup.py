"""Makes what an installation begins with: signing keys, an administrator and the staff PIN.

`make deploy-aws` calls it after every deployment, and shows what was made, which is shown once.
"""

import asyncio

from quadrangle.accounts.secrets.first_start import ensure_first_admin, ensure_pin
from quadrangle.aws.accounts.signing_keys import SecretKeys
from quadrangle.aws.base.clients import client
from quadrangle.hosts.lambdas.accounts.parts import account_policy
from quadrangle.hosts.lambdas.accounts.stores import account_store, credentials, pin_store
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.portable.tokens.passwords import Argon2Passwords

parts = started()
settings = parts.environment


async def prepare() -> dict[str, str | None]:
    """Return the password and the PIN that were made now, each None when none was."""
    SecretKeys(client("secretsmanager"), settings.signing_keys, parts.clock).current()
    password = await ensure_first_admin(
        account_store(parts), credentials(parts), parts.clock, settings.admin_email, None
    )
    pin = None
    if account_policy(parts).pin:
        pin = await ensure_pin(pin_store(parts), Argon2Passwords(), parts.clock, None)
    return {"email": settings.admin_email, "password": password, "pin": pin}


def handler(_: object, __: object) -> dict[str, str | None]:
    return asyncio.run(prepare())
