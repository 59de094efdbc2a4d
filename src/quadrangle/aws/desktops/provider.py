"""Desktops of meetings as instances of EC2."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from quadrangle.aws.base.errors import code_of, translated
from quadrangle.aws.desktops.images import NO_IMAGE, Images
from quadrangle.aws.desktops.launch_errors import meaning_of
from quadrangle.aws.desktops.probe import DesktopProbe
from quadrangle.aws.desktops.request import run_instances
from quadrangle.aws.desktops.settings import Ec2Settings
from quadrangle.aws.desktops.tags import INSTALLATION, LIVING, machine_of
from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.desktops.model import Machine, MachineState, Placement
from quadrangle.meetings.desktops.ports import LaunchOrder, LaunchRefused, NoRoom
from quadrangle.meetings.model import Workspace
from quadrangle.meetings.ports import MachineKeys

_MOST_VALUES = 200  # of one filter, by EC2's own limit
_UNKNOWN_IDS = {"InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed"}


class Ec2Desktops:
    """Implements Desktops.

    Describing lags behind launching: what is not in an answer is unknown. EC2 forgets a machine
    about an hour after it ended.
    """

    def __init__(
        self,
        ec2: Any,
        images: Images,
        settings: Ec2Settings,
        keys: MachineKeys,
        probe: DesktopProbe,
    ) -> None:
        """`ec2` is a client of EC2; `keys` are those that machines prove themselves with."""
        self._ec2 = ec2
        self._images = images
        self._settings = settings
        self._keys = keys
        self._probe = probe

    async def placements(self, workspace: Workspace) -> Sequence[Placement]:
        """Return every zone for the best type, then every zone for the next."""
        places = product(self._settings.machine_types, self._settings.subnets)
        return [Placement(zone, machine_type) for machine_type, zone in places]

    async def launch(self, order: LaunchOrder) -> str:
        if order.zone not in self._settings.subnets:
            raise NoRoom("This zone is none of this installation any more.")
        if not self._images.is_there():
            raise LaunchRefused(NO_IMAGE)
        request = run_instances(order, self._settings, self._keys.key(order.token))
        try:
            answer = self._ec2.run_instances(**request)
        except ClientError as error:
            raise meaning_of(error) from error
        except BotoCoreError as error:
            raise Unavailable() from error
        return answer["Instances"][0]["InstanceId"]

    async def find(self, token: str) -> Machine | None:
        # Tokens hold within a zone, and each launch has one: a living machine counts before others.
        found = list(self._described({"client-token": [token]}))
        living = [machine for machine in found if machine.state is not MachineState.GONE]
        return next(iter([*living, *found]), None)

    async def look_up(self, machine_ids: Sequence[str]) -> dict[str, Machine]:
        # By a filter: naming an instance that is not there would refuse the whole question.
        ids = list(dict.fromkeys(machine_ids))
        return {
            machine.machine_id: machine
            for first in range(0, len(ids), _MOST_VALUES)
            for machine in self._described({"instance-id": ids[first : first + _MOST_VALUES]})
        }

    async def list_ours(self) -> list[Machine]:
        return list(self._described({"instance-state-name": LIVING}))

    async def terminate(self, machine_id: str) -> None:
        with translated():
            try:
                self._ec2.terminate_instances(InstanceIds=[machine_id])
            except ClientError as error:
                if code_of(error) not in _UNKNOWN_IDS:
                    raise

    async def answers(self, machine: Machine) -> bool:
        return await self._probe.answers(machine)

    def _described(self, filters: Mapping[str, list[str]]) -> Iterator[Machine]:
        """Yield our machines that filters let through. Raises Unavailable."""
        ours = {f"tag:{INSTALLATION}": [self._settings.installation], **filters}
        asked = [{"Name": name, "Values": values} for name, values in ours.items()]
        with translated():
            pages = self._ec2.get_paginator("describe_instances").paginate(Filters=asked)
            for page in pages:
                for reservation in page["Reservations"]:
                    for instance in reservation["Instances"]:
                        machine = machine_of(instance)
                        if machine is not None:
                            yield machine
