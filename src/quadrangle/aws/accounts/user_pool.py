"""A user pool of Cognito in plain values. Users go by the ids of their accounts.

Every call raises Unavailable when Cognito refuses for a reason of its own, as when there are too
many requests, or does not answer. Signing in needs the rights of a function: the pool's client
takes no password from anyone else.
"""

import base64
import contextlib
import hashlib
import re
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from quadrangle.aws.base.errors import code_of, translated
from quadrangle.kernel.text import ascii_host

# Cognito takes passwords without spaces, of at most 256 characters, and says nothing of letters
# beyond ASCII. One that is of another kind goes there as a digest, which it hashes as any other.
_TAKEN = re.compile(r"[!-~]{1,256}")
_DIGEST = "sha256:"
_CODE = re.compile(r"[0-9]{6}")
_WRONG_PASSWORD = {
    "NotAuthorizedException",
    "UserNotFoundException",
    "PasswordResetRequiredException",
    "UserNotConfirmedException",
}
_WRONG_CODE = {"CodeMismatchException", "ExpiredCodeException", "NotAuthorizedException"}
_WRONG_FIRST_CODE = {"EnableSoftwareTokenMFAException", "CodeMismatchException"}
_CODE_WANTED = "SOFTWARE_TOKEN_MFA"


class Answer(msgspec.Struct, frozen=True):
    """A right password: `access_token` lets its holder act at Cognito, unless a code of the app is
    wanted first; `session` is to be shown with it."""

    access_token: str = ""
    session: str = ""


class TokenOver(Exception):
    """The access token has expired, or what it was for is gone."""


class NoSuchUser(Exception):
    """The pool has no user of that id."""


class UserPool:
    """Implements the calls. `client_id` is the pool's client that functions sign in by."""

    def __init__(self, client: Any, pool_id: str, client_id: str) -> None:
        self._client = client
        self.pool_id = pool_id
        self.client_id = client_id

    @property
    def iss(self) -> str:
        """What the pool's tokens name as their issuer; its id begins with its region."""
        region = self.pool_id.partition("_")[0]
        return f"https://cognito-idp.{region}.amazonaws.com/{self.pool_id}"

    @property
    def keys_address(self) -> str:
        """Where anybody gets the public keys of its tokens."""
        return f"{self._client.meta.endpoint_url}/{self.pool_id}/.well-known/jwks.json"

    def create(self, user: str, email: str) -> None:
        """Make a user, who cannot sign in yet; nothing is mailed. One that is there stays."""
        attributes = _email_attributes(email)
        with translated():
            try:
                self._client.admin_create_user(
                    **self._of(user), UserAttributes=attributes, MessageAction="SUPPRESS"
                )
            except ClientError as error:
                if code_of(error) != "UsernameExistsException":  # as after an answer that was lost
                    raise

    def set_password(self, user: str, password: str) -> None:
        """Raises NoSuchUser."""
        text = pool_password(password)
        self._ask("admin_set_user_password", user, Password=text, Permanent=True)

    def sign_in(self, user: str, password: str) -> Answer | None:
        """Return what a right password gives, None for a wrong one, also of nobody."""
        with translated():
            try:
                answer = self._client.admin_initiate_auth(
                    UserPoolId=self.pool_id,
                    ClientId=self.client_id,
                    AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                    AuthParameters={"USERNAME": user, "PASSWORD": pool_password(password)},
                )
            except ClientError as error:
                if code_of(error) not in _WRONG_PASSWORD:
                    raise
                return None
        if answer.get("ChallengeName") == _CODE_WANTED:
            return Answer(session=answer["Session"])
        # any other challenge, as to replace a first password, is of one that was never given out
        result = answer.get("AuthenticationResult")
        return None if result is None else Answer(access_token=result["AccessToken"])

    def check_code(self, user: str, session: str, code: str) -> bool:
        """Tell whether `code` is one of the user's app, after `sign_in` gave `session`."""
        if not _CODE.fullmatch(code):
            return False
        answer = {"USERNAME": user, "SOFTWARE_TOKEN_MFA_CODE": code}
        with translated():
            try:
                given = self._client.admin_respond_to_auth_challenge(
                    UserPoolId=self.pool_id,
                    ClientId=self.client_id,
                    ChallengeName=_CODE_WANTED,
                    Session=session,
                    ChallengeResponses=answer,
                )
            except ClientError as error:
                if code_of(error) not in _WRONG_CODE:
                    raise
                return False
        return "AuthenticationResult" in given

    def begin_app(self, access_token: str) -> str:
        """Return a new secret for the app of the token's user, in base32."""
        with translated():
            return self._client.associate_software_token(AccessToken=access_token)["SecretCode"]

    def confirm_app(self, access_token: str, code: str) -> bool:
        """Tell whether `code` is of the secret given last, which counts then. Raises TokenOver."""
        if not _CODE.fullmatch(code):
            return False
        with translated():
            try:
                answer = self._client.verify_software_token(AccessToken=access_token, UserCode=code)
            except ClientError as error:
                if code_of(error) in _WRONG_FIRST_CODE:
                    return False
                if code_of(error) == "NotAuthorizedException":
                    raise TokenOver() from error
                raise
        return answer.get("Status") == "SUCCESS"

    def want_code(self, user: str, wanted: bool) -> None:
        """Ask for the app's codes from now on, or no longer. Raises NoSuchUser."""
        settings = {"Enabled": wanted, "PreferredMfa": wanted}
        self._ask("admin_set_user_mfa_preference", user, SoftwareTokenMfaSettings=settings)

    def delete(self, user: str) -> None:
        """Remove a user with everything; also when there is none."""
        with contextlib.suppress(NoSuchUser):
            self._ask("admin_delete_user", user)

    # -- what others see of users ---------------------------------------------------------------

    def groups(self, user: str) -> set[str]:
        """Raises NoSuchUser, as all of these."""
        answer = self._ask("admin_list_groups_for_user", user)
        return {group["GroupName"] for group in answer["Groups"]}

    def add_to_group(self, user: str, group: str) -> None:
        self._ask("admin_add_user_to_group", user, GroupName=group)

    def remove_from_group(self, user: str, group: str) -> None:
        self._ask("admin_remove_user_from_group", user, GroupName=group)

    def set_email(self, user: str, email: str) -> None:
        self._ask("admin_update_user_attributes", user, UserAttributes=_email_attributes(email))

    def enable(self, user: str, enabled: bool) -> None:
        """Let a user sign in, or nobody as them."""
        self._ask("admin_enable_user" if enabled else "admin_disable_user", user)

    def _ask(self, operation: str, user: str, **given: Any) -> Any:
        with translated():
            try:
                return getattr(self._client, operation)(**self._of(user), **given)
            except ClientError as error:
                raise _of_user(error) from error

    def _of(self, user: str) -> dict[str, str]:
        return {"UserPoolId": self.pool_id, "Username": user}


def pool_password(password: str) -> str:
    """Return a password as it is told to Cognito, the same each time."""
    if _TAKEN.fullmatch(password) and not password.startswith(_DIGEST):
        return password
    digest = hashlib.sha256(password.encode()).digest()
    return _DIGEST + base64.urlsafe_b64encode(digest).decode()


def _email_attributes(email: str) -> list[dict[str, str]]:
    local, _, host = email.rpartition("@")
    email = f"{local}@{ascii_host(host)}"
    return [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]


def _of_user(error: ClientError) -> Exception:
    return NoSuchUser() if code_of(error) == "UserNotFoundException" else error
