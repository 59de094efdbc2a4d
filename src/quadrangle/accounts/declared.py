"""What the account service says of itself: its addresses, and what the audit keeps of it."""

from typing import Any

from quadrangle.kernel.declaration import AuditDetails, Data, Declaration

# Fields of an account whose values say nothing about a person but what they may do.
_OPEN_FIELDS = frozenset({"role", "active", "state", "status", "two_factor", "twoFactor"})


def _open_values(data: Data) -> dict[str, Any]:
    """Return the old and the new value of a field that names nobody."""
    if data.get("field") not in _OPEN_FIELDS:
        return {}
    return {name: data[name] for name in ("old", "new") if name in data}


ACCOUNTS = Declaration(
    paths=("/.well-known/",),
    audit=AuditDetails(
        always=("account.", "api-key."),
        names={
            "account.": ("method", "role", "state", "what", "issuer", "problem", "everywhere"),
            "account.changed": ("field",),
            "api-key.created": ("scopes", "plan", "expiresAt"),
        },
        computed={"account.changed": _open_values},
    ),
)
