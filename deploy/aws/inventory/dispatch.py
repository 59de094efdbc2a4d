"""From the stream of changes to the queue of every reaction, and the tables that all share."""

from deploy.aws.inventory.model import Queue, Stack, Stream, Table
from deploy.aws.inventory.rights import may, ref, table
from deploy.aws.inventory.settings import told

# It may send to the queue of every reaction, and to that of what it could not read.
DISPATCH = Stream(
    name="dispatch",
    does="Sends each change to the queue of every reaction to it.",
    handler="base.dispatch",
    on_failure=Queue("StrayChanges", "stray-changes"),
    variables={"SCHEDULE_GROUP": '!Sub "${Prefix}jobs"', **told("Videos")},
    rights=(
        may("dynamodb", "GetRecords GetShardIterator DescribeStream", ref("ChangesStream")),
        may("dynamodb", "ListStreams", table("Changes/stream/*")),
        may("dynamodb", "Scan", table("Changes"), why="what is handed on again, by hand"),
    ),
)

STACKS = (
    Stack("dispatch", (DISPATCH,)),
    Stack("shared", (), (Table("Changes"), Table("Settings"), Table("Attempts"))),
)
