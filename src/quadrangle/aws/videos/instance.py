"""This machine as EC2 and its group see it: protected while it works, told before it goes."""

import asyncio
from typing import Any

import httpx

from quadrangle.aws.base.errors import translated
from quadrangle.kernel.errors import Unavailable

METADATA = "http://169.254.169.254"
HOOK = "drain"
_TOKEN_LIFE_S = 6 * 3600


class Instance:
    """Implements hosts.workers.turns.Machine, with the second version of instance metadata."""

    def __init__(self, client: Any, group: str, metadata: str = METADATA) -> None:
        """`client` is one of EC2 Auto Scaling."""
        self._client = client
        self._group = group
        self._metadata = metadata
        self._token = ""
        self._id = ""
        self._is_protected: bool | None = None

    async def protect(self, *, on: bool) -> None:
        if self._is_protected is on:
            return
        name = await self._name()
        await self._call("set_instance_protection", InstanceIds=[name], ProtectedFromScaleIn=on)
        self._is_protected = on

    async def is_wanted_back(self) -> bool:
        if await self._ask("spot/instance-action") is not None:
            return True
        return await self._ask("autoscaling/target-lifecycle-state") == "Terminated"

    async def drained(self) -> None:
        name = await self._name()
        await self.protect(on=False)
        if await self._ask("autoscaling/target-lifecycle-state") == "Terminated":
            await self._call(
                "complete_lifecycle_action",
                LifecycleHookName=HOOK,
                InstanceId=name,
                LifecycleActionResult="CONTINUE",
            )

    async def _call(self, verb: str, **given: Any) -> None:
        def call() -> None:
            with translated():
                getattr(self._client, verb)(AutoScalingGroupName=self._group, **given)

        await asyncio.to_thread(call)

    async def _name(self) -> str:
        self._id = self._id or await self._ask("instance-id") or ""
        if not self._id:
            raise Unavailable()
        return self._id

    async def _ask(self, path: str) -> str | None:
        """Return what the metadata say, None where they have nothing of that name."""
        try:
            async with httpx.AsyncClient(base_url=self._metadata, timeout=2) as http:
                answer = await self._get(http, path)
                if answer.status_code == 401:  # the token has ended
                    self._token = ""
                    answer = await self._get(http, path)
        except httpx.HTTPError as error:
            raise Unavailable() from error
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise Unavailable() from LookupError(f"metadata: {answer.status_code}")
        return answer.text.strip()

    async def _get(self, http: httpx.AsyncClient, path: str) -> httpx.Response:
        if not self._token:
            life = {"X-aws-ec2-metadata-token-ttl-seconds": str(_TOKEN_LIFE_S)}
            self._token = (await http.put("/latest/api/token", headers=life)).text
        token = {"X-aws-ec2-metadata-token": self._token}
        return await http.get(f"/latest/meta-data/{path}", headers=token)


class NoInstance:
    """A machine that no group ends."""

    async def protect(self, *, on: bool) -> None:
        return

    async def is_wanted_back(self) -> bool:
        return False

    async def drained(self) -> None:
        return
