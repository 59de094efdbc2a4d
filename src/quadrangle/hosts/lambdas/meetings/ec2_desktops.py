"""What makes desktops, and what leads to them, in a function. Made when a part is first needed."""

from functools import cached_property
from typing import TYPE_CHECKING, Literal

import msgspec

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.desktops.doors import DcvDoors
from quadrangle.aws.desktops.images import Images
from quadrangle.aws.desktops.settings import Ec2Settings
from quadrangle.hosts.lambdas.base.environment import Environment
from quadrangle.kernel.clock import Clock
from quadrangle.meetings.desktops.ports import Capacity, Desktops, Routes
from quadrangle.meetings.ports import MachineKeys

if TYPE_CHECKING:
    from quadrangle.aws.desktops.files import S3DesktopFiles


class DesktopsOutput(msgspec.Struct, frozen=True):
    """The output `Settings` of deploy/aws/desktops.yaml, in QUADRANGLE_DESKTOPS as JSON.

    `ec2` has the fields of Ec2Settings but `report_to`. `probe` is whom health checks ask: the name
    at Cloudflare, or the machine at its address.
    """

    ec2: dict[str, object]
    domain: str
    zone_id: str
    cloudflare_secret: str
    bucket: str
    probe: Literal["name", "address"] = "name"


class DesktopAdapters:
    """Desktops, their names and files. Raises ValueError for an environment without them.

    `keys` sign what machines prove themselves with. Only the package `desktops` can use `routes`.
    """

    def __init__(self, environment: Environment, keys: MachineKeys, clock: Clock) -> None:
        try:
            self._output = msgspec.convert(environment.desktops, DesktopsOutput)
            self._ec2_settings = msgspec.convert(
                {**self._output.ec2, "report_to": environment.public_url.rstrip("/")}, Ec2Settings
            )
        except msgspec.ValidationError as error:
            raise ValueError(f"QUADRANGLE_DESKTOPS cannot be used: {error}.") from error
        self._keys = keys
        self._clock = clock
        self.bucket = self._output.bucket
        self.doors = DcvDoors()

    @cached_property
    def images(self) -> Images:
        return Images(client_later("ssm"), self._ec2_settings, self._clock)

    @cached_property
    def desktops(self) -> Desktops:
        from quadrangle.aws.desktops.probe import DesktopProbe
        from quadrangle.aws.desktops.provider import Ec2Desktops

        probe = DesktopProbe(self._output.domain, direct=self._output.probe == "address")
        return Ec2Desktops(client_later("ec2"), self.images, self._ec2_settings, self._keys, probe)

    @cached_property
    def routes(self) -> Routes:
        from quadrangle.aws.base.secret_text import SecretText
        from quadrangle.aws.desktops.cloudflare import CloudflareRoutes
        from quadrangle.aws.desktops.cloudflare_token import CloudflareToken

        secret = SecretText(
            client_later("secretsmanager"), self._output.cloudflare_secret, self._clock
        )
        token = CloudflareToken(secret)
        return CloudflareRoutes(token.current, self._output.zone_id, self._output.domain)

    @cached_property
    def files(self) -> "S3DesktopFiles":
        from quadrangle.aws.desktops.files import S3DesktopFiles

        return S3DesktopFiles(client_later("s3"), self.bucket, self.desktops)

    def capacity(self) -> Capacity:
        """Return how many desktops fit at once. Raises Unavailable."""
        from quadrangle.aws.desktops.quota import read_capacity

        return read_capacity(
            client_later("service-quotas"), client_later("ec2"), self.images, self._ec2_settings
        )

    def lead_minutes(self) -> int | None:
        """Return how long before a meeting its desktops are launched, None where nobody said.

        Raises Unavailable.
        """
        lead = self.images.lead()
        return None if lead is None else int(lead.total_seconds() // 60)
