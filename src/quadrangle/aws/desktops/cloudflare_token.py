"""The token that writes names at Cloudflare, in one secret of Secrets Manager."""

import json

from quadrangle.aws.base.secret_text import SecretText
from quadrangle.kernel.errors import Unavailable

# Both names are in use for it. Whoever writes the secret anew writes the first.
KEYS = ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_TOKEN")


class CloudflareToken:
    """Reads it: the value of a key of KEYS in a JSON object."""

    def __init__(self, secret: SecretText) -> None:
        self._secret = secret

    def current(self) -> str:
        """Return the token. Raises Unavailable where the secret has none."""
        try:
            content = json.loads(self._secret.current())
        except ValueError as error:
            raise Unavailable() from error
        values = [content.get(key) for key in KEYS] if isinstance(content, dict) else []
        token = next((each for each in values if isinstance(each, str) and each), None)
        if token is None:
            raise Unavailable()
        return token


def secret_of(token: str) -> str:
    """Return the content of the secret for a token."""
    return json.dumps({KEYS[0]: token})
