"""Looks after videos once a minute: what crashes have left, files that go, calls that got lost,
changes that the audit is to hear of, letters.

The first of a container brings the database up to date.
"""

import asyncio
from typing import Any

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.feed.copies import DynamoChangeCopies
from quadrangle.aws.jobs.queues import Queues
from quadrangle.hosts.lambdas.accounts.parts import account_service
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.mail.parts import outbox_of
from quadrangle.hosts.lambdas.videos.parts import VideoFacades, cloud_videos
from quadrangle.hosts.lambdas.videos.tending import Tending

parts = started("s3", "dynamodb")
cloud = cloud_videos(parts)
accounts = account_service(parts)
facades = VideoFacades(parts, cloud, accounts)
tending = Tending(
    cloud,
    facades.uploads,
    DynamoChangeCopies(parts.dynamo, parts.tables).keep,
    accounts.video_people,
    outbox_of(parts, Queues(client_later("sqs"))),
    parts.environment.public_url,
    facades.videos.speech,
)


def handler(_: dict[str, Any], __: object) -> dict[str, int]:
    """Return how many jobs ran, and how many workers were called."""
    return asyncio.run(tending.tend())
