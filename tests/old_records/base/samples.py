"""What the samples of all services share."""

from datetime import UTC, datetime

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AT = to_text(NOW)
ADMIN_ID = "0a5f9f6c-2c54-4f0e-8a3d-8f2a1f0f7a01"


def change(kind: str, subject: str, **data: object) -> Change:
    """Return a change as an administrator makes it who signed in from somewhere."""
    return Change(kind, subject, data, "Ada Admin", AT, ADMIN_ID, "198.51.100.7")
