"""Tokens for a Jitsi server that wants them."""

from typing import Any

import jwt


class Hs256RoomTokens:
    """Implements meetings.room.jitsi.RoomTokens."""

    def sign(self, claims: dict[str, Any], secret: str) -> str:
        return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": claims["iss"]})
