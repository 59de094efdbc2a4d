"""What the audit calls those whose ids stand in its records. Implements audit.ports.AuditNames."""

from quadrangle.accounts.api_keys.keys import ApiKeyStore
from quadrangle.accounts.model import PIN_NAME, PIN_SUBJECT
from quadrangle.accounts.people.names import FORMER, Names
from quadrangle.accounts.sign_in.signing_in import NOBODY


class RecordNames:
    """People, the staff PIN and API keys by their ids."""

    def __init__(self, names: Names, api_keys: ApiKeyStore) -> None:
        self._names = names
        self._api_keys = api_keys

    async def of_actor(self, actor_id: str) -> str:
        """Return a name, FORMER of nobody that is known. Raises Unavailable."""
        return await self._of_account(actor_id) or FORMER

    async def of_subject(self, kind: str, subject: str) -> str | None:
        """Return the name of an account or a key, None of what is neither. Raises Unavailable."""
        if kind.startswith("api-key."):
            found = await self._api_keys.get(subject)
            return None if found is None else found.name
        if kind.startswith("account."):
            return await self._of_account(subject)
        return None

    async def _of_account(self, account_id: str) -> str | None:
        if account_id == PIN_SUBJECT:
            return PIN_NAME
        if account_id == NOBODY:
            return None
        return await self._names.of(account_id)
