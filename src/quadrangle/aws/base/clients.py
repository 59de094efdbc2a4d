"""Clients of AWS, made once per process: a container of Lambda keeps them between requests."""

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session

from quadrangle.aws.base.models import ModelLoader
from quadrangle.kernel.lazily import lazily

# A throttled or broken call is tried again with growing, random pauses; then it is Unavailable.
# All of it must end well before the 29 s after which API Gateway gives up.
ATTEMPTS = 4
CONNECT_S = 2
READ_S = 5

# Addresses that browsers use name the bucket's region: the other kind, without it, redirects to a
# new bucket, and a browser does not send a form to another origin twice.
_S3: Any = {
    "signature_version": "s3v4",
    "s3": {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
}


@cache
def _session() -> Session:
    # boto3 would be imported for nothing: it adds objects around the clients of botocore
    session = Session()
    session.register_component("data_loader", ModelLoader())
    return session


@cache
def client(service: str) -> Any:
    """Return the client of one of models.SERVICES; region and endpoint are the environment's."""
    return _session().create_client(
        service,
        config=Config(
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            **(_S3 if service == "s3" else {}),
        ),
    )


def client_later(service: str) -> Any:
    """Return the same, made when it is first used: not every container needs it."""
    return lazily(lambda: client(service))
