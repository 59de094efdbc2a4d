"""What desktops need of the world outside AWS, and AWS of them: Cloudflare's API, an image, and
what runs on each machine.

Cloudflare's library and the health check find it all by what functions are told: the address of
the API by the library's own variable, the machines by `probe: address` of the setting, as nobody
resolves names of the domain here.
"""

import asyncio
import base64
import contextlib
import json
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.certificates import self_signed
from tests.cloudflare_api import DOMAIN, ZONE
from tests.standin.functions import tell, variables_of
from tests.standin.server import StandIn

IMAGE, LEAD = "/quadrangle/desktop/image", "/quadrangle/desktop/lead"
LEAD_MINUTES = 10
PORT = 8443
_LOOK_EVERY_S = 0.2
_FUNCTIONS = ("meetings-http", "meetings-reconcile")


def prepare(standin: StandIn, token: str) -> dict[str, str]:
    """Make what is there before an installation; return what its template is told of it."""
    made = standin.client("secretsmanager").create_secret(
        Name="cloudflare", SecretString=json.dumps({"CLOUDFLARE_API_TOKEN": token})
    )
    ssm = standin.client("ssm")
    ssm.put_parameter(Name=IMAGE, Value="ami-0123456789abcdef0", Type="String")
    ssm.put_parameter(Name=LEAD, Value=str(LEAD_MINUTES), Type="String")
    return {
        "DesktopDomain": DOMAIN,
        "CloudflareZoneId": ZONE,
        "CloudflareSecretArn": made["ARN"],
        "DesktopMachineTypes": "t3.large,t3.xlarge",
    }


def lead_to(standin: StandIn, prefix: str, cloudflare: str) -> None:
    """Have the functions of an installation find Cloudflare's API and the machines here."""
    functions = standin.client("lambda")
    for name in _FUNCTIONS:
        variables = variables_of(functions, prefix + name)
        told = {**json.loads(variables["QUADRANGLE_DESKTOPS"]), "probe": "address"}
        changed = {
            **variables,
            "QUADRANGLE_DESKTOPS": json.dumps(told),
            "CLOUDFLARE_BASE_URL": cloudflare,
        }
        tell(functions, prefix + name, changed)


@contextlib.contextmanager
def desktops_running(standin: StandIn, folder: Path) -> Iterator[None]:
    """Have every instance that runs answer as Amazon DCV does, until its end."""
    over = threading.Event()
    machines = _Machines(standin, folder)
    thread = threading.Thread(target=lambda: asyncio.run(machines.follow(over)), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class SlowToStart:
    """While it is held, no desktop of a machine that comes up answers."""

    def __init__(self, folder: Path) -> None:
        self._mark = folder / "desktops-are-slow"

    def __enter__(self) -> None:
        self._mark.touch()

    def __exit__(self, *_: object) -> None:
        self._mark.unlink()

    @property
    def is_held(self) -> bool:
        return self._mark.exists()


class _Machines:
    """Listens at the address of each instance from when it runs until it does not."""

    def __init__(self, standin: StandIn, folder: Path) -> None:
        self._ec2 = standin.client("ec2")
        self._slow = SlowToStart(folder)
        self._trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._trust.load_cert_chain(self_signed(folder / "machine.pem"))
        self._open: dict[str, asyncio.Server] = {}

    async def follow(self, over: threading.Event) -> None:
        while not over.is_set():
            running = await asyncio.to_thread(self._running)
            for gone in set(self._open) - set(running):
                self._open.pop(gone).close()
            if not self._slow.is_held:
                for machine_id in set(running) - set(self._open):
                    self._open[machine_id] = await self._listen(machine_id, running[machine_id])
            await asyncio.sleep(_LOOK_EVERY_S)
        for server in self._open.values():
            server.close()

    def _running(self) -> dict[str, str]:
        runs = {"Name": "instance-state-name", "Values": ["running"]}
        found = self._ec2.describe_instances(Filters=[runs])["Reservations"]
        return {
            each["InstanceId"]: each["PublicIpAddress"]
            for reservation in found
            for each in reservation["Instances"]
            if each.get("Tags")
        }

    async def _listen(self, machine_id: str, address: str) -> asyncio.Server:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError, EOFError):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                status, body = await asyncio.to_thread(self._page, machine_id, head.split()[1])
                said = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(said.encode() + body)
                await writer.drain()
            writer.close()

        return await asyncio.start_server(answer, address, PORT, ssl=self._trust)

    def _page(self, machine_id: str, target: str) -> tuple[int, bytes]:
        """Return the page, for who comes with a ticket only when the installation knows it.

        Amazon DCV hands the ticket over when its page connects; here it is asked at once.
        """
        tickets = parse_qs(urlsplit(target).query).get("authToken")
        if tickets is None:
            return 200, b"<title>DCV</title>"
        form = {"sessionId": machine_id, "authenticationToken": tickets[0], "clientAddress": "-"}
        url = f"{errand_of(self._ec2, machine_id)['reportTo']}/api/meetings/machines/admission"
        with urllib.request.urlopen(url, urlencode(form).encode()) as verdict:
            said = verdict.read()
        return (200 if b'result="yes"' in said else 401), said


def errand_of(ec2: Any, machine_id: str) -> dict[str, str]:
    """Return what a machine was told at its launch."""
    asked = ec2.describe_instance_attribute(InstanceId=machine_id, Attribute="userData")
    return json.loads(base64.b64decode(asked["UserData"]["Value"]))


class Names:
    """The records at Cloudflare, asked for as anybody with the token can."""

    def __init__(self, url: str, token: str) -> None:
        self._url = f"{url}/zones/{ZONE}/dns_records?per_page=100"
        self._token = token

    def all(self) -> dict[str, str]:
        """Return where each name leads. Fails where one leads to two places."""
        request = urllib.request.Request(
            self._url, headers={"Authorization": f"Bearer {self._token}"}
        )
        with urllib.request.urlopen(request) as answer:
            records = json.load(answer)["result"]
        found = {record["name"]: record["content"] for record in records}
        assert len(found) == len(records), records
        return found
