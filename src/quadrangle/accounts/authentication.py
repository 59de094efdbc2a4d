"""Who sent a request, by whatever they show."""

from quadrangle.accounts.api_keys.keys import ApiKeys
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.http.asking.authenticator import Machine
from quadrangle.kernel.principal import Principal


class Authentication:
    """Implements http.asking.authenticator.Authenticator: tokens of people, machines' keys."""

    def __init__(self, sessions: Sessions, api_keys: ApiKeys) -> None:
        self._sessions = sessions
        self._api_keys = api_keys

    async def authenticate(self, token: str) -> Principal:
        return await self._sessions.authenticate(token)

    async def authenticate_key(self, key: str, scope: str | None) -> Machine:
        return await self._api_keys.authenticate(key, scope)
