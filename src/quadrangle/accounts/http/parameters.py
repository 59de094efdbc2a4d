"""Parameters of the calls about accounts, as the OpenAPI description shows them."""

from typing import Annotated, TypeAlias

from litestar.params import PathParameter

from quadrangle.http.parameters import id_in_path

AccountId: TypeAlias = Annotated[str, id_in_path("accountId")]
ApiKeyId: TypeAlias = Annotated[str, id_in_path("apiKeyId")]
SessionId: TypeAlias = Annotated[str, id_in_path("sessionId")]
PasskeyId: TypeAlias = Annotated[str, PathParameter(name="passkeyId")]  # the authenticator's
