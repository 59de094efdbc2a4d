"""Meetings whose hour has come, to begin from."""

from datetime import timedelta

from quadrangle.kernel.clock import to_text
from quadrangle.meetings.joining.joining import Joined
from quadrangle.meetings.model import Meeting, MeetingRole, Status
from quadrangle.meetings.presence.model import Connection
from tests.faults.meetings.world import World

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
S = timedelta(seconds=1)


async def healthy(world: World, **fields) -> Meeting:
    """Have a meeting whose hour has come, with both desktops ready."""
    meeting = await world.schedule(0, **fields)
    await world.ground.work()
    await world.pass_time(20 * S, 5 * S)
    assert (await world.get(meeting)).status is Status.HEALTHY
    return meeting


async def in_progress(world: World, *roles: MeetingRole, **fields) -> Meeting:
    meeting = await healthy(world, **fields)
    for role in roles or (TEACHER, STUDENT):
        assert isinstance(await world.join(meeting, role), Joined)
    return meeting


async def connect(world: World, meeting: Meeting, role: MeetingRole, name: str) -> Connection:
    """Have somebody there who is heard of for a day."""
    at, heard = to_text(world.clock.now()), to_text(world.clock.now() + timedelta(days=1))
    connection = Connection(name, meeting.meeting_id, role, "desktop", at, heard)
    await world.ground.presence.put(connection)
    return connection


def left(connection: Connection, at: str) -> Connection:
    """Return a connection as it is once it was left."""
    return Connection(
        connection.connection_id,
        connection.meeting_id,
        connection.role,
        connection.kind,
        connection.begun_at,
        at,
        at,
    )
