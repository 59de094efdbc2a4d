"""An issuer that does as a test says: right, wrong, slow, or not at all."""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KID = "the-key"
CLIENT = "quadrangle"


def public_jwk(**other: Any) -> dict[str, Any]:
    jwk = RSAAlgorithm.to_jwk(PRIVATE.public_key(), as_dict=True)
    return {**jwk, "kid": KID, "use": "sig", "alg": "RS256", **other}


def signed(payload: dict[str, Any], **header: Any) -> str:
    return jwt.encode(payload, PRIVATE, algorithm="RS256", headers={"kid": KID, **header})


class FakeIssuer:
    """Answers at `iss`. `answers` gives each path's status and body, or does something else.

    `claims` go into ID tokens, and `changed` over them, None removing one.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.nonce = ""
        self.changed: dict[str, Any] = {}
        self.id_token: Callable[[dict[str, Any]], str] = signed
        self.answers: dict[str, Callable[[dict[str, str]], Any]] = {
            "/.well-known/openid-configuration": lambda _: self.discovery(),
            "/jwks": lambda _: {"keys": [public_jwk()]},
            "/token": self.token,
        }

    def start(self) -> "FakeIssuer":
        """Answer from a thread of its own: the test client keeps the loop of a test busy."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        begun = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop
        )
        self._server = begun.result()
        self.iss = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def stop(self) -> None:
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        waiting = asyncio.all_tasks() - {asyncio.current_task()}
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def discovery(self, **other: Any) -> dict[str, Any]:
        return {
            "issuer": self.iss,
            "authorization_endpoint": f"{self.iss}/auth",
            "token_endpoint": f"{self.iss}/token",
            "jwks_uri": f"{self.iss}/jwks",
            **other,
        }

    def claims(self) -> dict[str, Any]:
        now = int(time.time())
        said = {
            "iss": self.iss,
            "aud": CLIENT,
            "sub": "ada",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
            "email": "ada@campus.example",
            "email_verified": True,
            "name": "Ada",
            **self.changed,
        }
        return {name: value for name, value in said.items() if value is not None}

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        token = self.id_token(self.claims())
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": token}

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lengths = [line for line in head.splitlines() if line.lower().startswith("content-le")]
            length = int(lengths[0].split(":")[1]) if lengths else 0
            form = {
                k: v for k, (v,) in parse_qs((await reader.readexactly(length)).decode()).items()
            }
            path = head.split()[1].partition("?")[0]
            self.asked.append(path)
            answer = self.answers.get(path, lambda _: (404, b"{}"))(form)
            if asyncio.iscoroutine(answer):
                answer = await answer
            status, body = answer if isinstance(answer, tuple) else (200, answer)
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            writer.write(
                f"HTTP/1.1 {status} Answer\r\nContent-Length: {len(sent)}\r\n"
                "Location: /elsewhere\r\nConnection: close\r\n\r\n".encode()
                + sent
            )
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
