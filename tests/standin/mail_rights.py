"""Asks for rights to mails as SES does.

SES asks for the identity of the sender, and in its sandbox for that of the recipient, whose right
nobody can name beforehand; the sender is a condition. The stand-in asks for one resource, so that
is the recipient. Leaning on it: every mail that is sent when rights are enforced (AUTH=true).
"""

import json
from contextvars import ContextVar
from typing import Any

from ministack import app
from ministack.core import iam_actions

_sender: ContextVar[str] = ContextVar("sender", default="")


def authorize_mails_as_ses_does() -> None:
    resource_of, enforce = iam_actions._ses_v2_resource_arn, app._enforce_data_plane

    def recipient(method: str, path: str, body: bytes, region: str, account_id: str) -> str:
        if not path.endswith("/outbound-emails"):
            return resource_of(method, path, body, region, account_id)
        mail = json.loads(body)
        _sender.set(mail.get("FromEmailAddress", ""))
        (address,) = mail["Destination"]["ToAddresses"]
        return f"arn:aws:ses:{region}:{account_id}:identity/{address}"

    def enforce_with_sender(service: str, action: str, *given: Any, **named: Any) -> Any:
        if action == "ses:SendEmail":
            named["service_context"] = {"ses:FromAddress": _sender.get()}
        return enforce(service, action, *given, **named)

    iam_actions._ses_v2_resource_arn = recipient
    app._enforce_data_plane = enforce_with_sender
