"""Reads the stream of the changes' table, as the functions that react to changes do."""

from collections.abc import Callable

from quadrangle.aws.feed.changes import change_in_stream
from quadrangle.kernel.change import Change
from tests.standin.server import StandIn


def changes_of_stream(standin: StandIn, table: str) -> Callable[[], list[Change]]:
    """Return what reads all changes of a table so far. The stand-in has one shard, so that the
    order is that of writing."""
    streams = standin.client("dynamodbstreams")

    def read() -> list[Change]:
        (stream,) = streams.list_streams(TableName=table)["Streams"]
        arn = stream["StreamArn"]
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        changes: list[Change] = []
        while True:
            answer = streams.get_records(ShardIterator=iterator)
            if not answer["Records"]:
                return changes
            for record in answer["Records"]:
                assert record["eventName"] == "INSERT"  # no change is ever written over
                changes.append(change_in_stream(record))
            iterator = answer["NextShardIterator"]

    return read
