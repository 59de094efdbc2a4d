"""Takes in the photos that browsers have sent to the bucket."""

import asyncio
from typing import Any

from quadrangle.aws.issues.uploads import arrivals
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.issues.parts import issue_service
from quadrangle.portable.pictures.image_command import ImageCommand

parts = started("dynamodb", "s3")
reception = issue_service(parts, pictures=ImageCommand()).reception


async def receive(event: dict[str, Any]) -> None:
    for ids in arrivals(event):
        await reception.receive(*ids)


def handler(event: dict[str, Any], _: object) -> None:
    """Take in what an event of S3 names. What fails for now is raised, so that it comes again."""
    asyncio.run(receive(event))
