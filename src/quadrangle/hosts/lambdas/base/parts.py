"""Assembles the parts of a function. Clients are made when a part first needs them."""

from functools import cached_property

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.files import S3Files
from quadrangle.aws.base.tables import Tables
from quadrangle.hosts.lambdas.base.environment import Environment, read_environment
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.clock import SystemClock


class FunctionParts:
    """What functions share. Making it reaches nothing yet."""

    def __init__(self, environment: Environment | None = None) -> None:
        self.environment = environment or read_environment()
        self.clock = SystemClock()
        self.tables = Tables(self.environment.prefix)

    @cached_property
    def dynamo(self) -> Dynamo:
        return Dynamo(client_later("dynamodb"))

    @cached_property
    def acts(self) -> Acts:
        from quadrangle.aws.feed.change_log import DynamoChangeLog

        return Acts(DynamoChangeLog(self.dynamo, self.tables), self.clock)

    @cached_property
    def files(self) -> S3Files:
        return S3Files(client_later("s3"), self.environment.photos_bucket)
