"""Looks at new passwords beside the event loop: each takes up to some hundredths of a second."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial

from quadrangle.accounts import rules


async def checked_password(
    password: str, email: str, field: str = "newPassword", *, name: str = ""
) -> str:
    """Return a new password ready to hash; as `rules.check_new_password`, whose errors it raises.

    One is looked at after the other, so that many at once leave the processor to other requests.
    """
    rules.require_password_length(field, password)
    look = partial(rules.check_new_password, password, email, field, name=name)
    return await asyncio.get_running_loop().run_in_executor(_beside(), look)


@cache
def _beside() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "passwords")
