"""Whose word it is: links in the hands of others, accounts that are not open, what was asked."""

from pathlib import Path

import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Forbidden, InvalidInput
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.meetings.joining.joining import Joined
from quadrangle.meetings.joining.seats import View
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.outcome.model import Note
from quadrangle.meetings.recording.directing import Wish
from quadrangle.meetings.recording.model import RecordingAction, RecordingState
from quadrangle.meetings.recording.recorded_films import RecordedFilms
from quadrangle.meetings.recording.rules import LEFT
from quadrangle.meetings.scheduling.scheduling import Caller
from tests.faults.meetings.around import Around
from tests.faults.meetings.hours import healthy, in_progress
from tests.faults.meetings.world import CALLER, World

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
ADA = Principal("Ada", Role.STUDENT, "account-student")
BYRON = CALLER.principal
STAFF = Principal("Bo", Role.STAFF, "account-staff")
PIN = Principal("Staff", Role.STAFF)
ASK, AGREE = RecordingAction.ASK, RecordingAction.AGREE


@pytest.fixture
def around(world: World, tmp_path: Path) -> Around:
    return Around(world, tmp_path)


def key_of(world: World, meeting: Meeting, role: MeetingRole) -> str:
    return world.keys.key(meeting.meeting_id, role, 1)


async def of_two(world: World) -> Meeting:
    return await in_progress(world, student_id=ADA.account_id)


async def recorded(around: Around) -> Meeting:
    """Have a meeting of two accounts whose student is being filmed."""
    meeting = await around.world.get(await of_two(around.world))
    directing = around.service.directing
    sheet = await directing.act(meeting, TEACHER, Wish(ASK, STUDENT), BYRON)
    wish = Wish(AGREE, recording_id=sheet.active.recording_id if sheet.active else None)
    await directing.act(meeting, STUDENT, wish, ADA)
    await around.world.ground.work()
    assert await state(around, meeting) is RecordingState.RUNNING
    return meeting


async def leaves(around: Around, who: Principal) -> None:
    """Have somebody's account be closed."""
    around.world.people.closed.add(who.account_id)
    at = to_text(around.world.clock.now())
    closed = Change("account.closed", str(who.account_id), {}, who.name, at)
    for reaction in around.background.reactions():
        if reaction.answers_to(closed):
            await reaction.handle(closed)


async def state(around: Around, meeting: Meeting) -> RecordingState:
    return (await around.service.directing.show(meeting.meeting_id)).recordings[-1].state


@pytest.mark.parametrize("who", [BYRON, STAFF, PIN])
async def test_nobody_who_is_signed_in_uses_the_link_of_another_account(
    world: World, who: Principal
):
    meeting = await healthy(world, student_id=ADA.account_id)
    key = key_of(world, meeting, STUDENT)
    with pytest.raises(Forbidden, match="somebody else's account"):
        await world.joining.join(meeting.meeting_id, "student", key, who)
    assert (await world.get(meeting)).joined_at is None
    for theirs in (ANYONE, ADA):  # the link of the mail, by one click, and with one's account
        joined = await world.joining.join(meeting.meeting_id, "student", key, theirs)
        assert isinstance(joined, Joined)


async def test_who_acted_by_a_link_is_told_as_that(world: World):
    meeting = await in_progress(world, STUDENT, student_id=ADA.account_id)
    told = [each for each in await world.ground.changes() if each.kind == "meeting.joined"]
    assert [(each.actor, each.actor_id) for each in told] == [("The student (by link)", None)]
    key = key_of(world, meeting, TEACHER)
    await world.joining.join(meeting.meeting_id, "teacher", key, BYRON)
    told = [each for each in await world.ground.changes() if each.kind == "meeting.joined"]
    assert (told[-1].actor, told[-1].actor_id) == (BYRON.name, BYRON.account_id)


async def test_the_link_of_an_account_that_is_not_open_opens_nothing(world: World):
    meeting = await healthy(world, student_id=ADA.account_id)
    world.people.closed.add(ADA.account_id)
    key = key_of(world, meeting, STUDENT)
    for who in (ANYONE, ADA):
        with pytest.raises(Forbidden, match="closed or disabled"):
            await world.joining.join(meeting.meeting_id, "student", key, who)
    world.people.closed.clear()
    assert isinstance(await world.joining.join(meeting.meeting_id, "student", key), Joined)


async def test_the_teachers_link_alone_does_not_renew_links(world: World):
    meeting = await world.schedule()
    with pytest.raises(Forbidden):
        await world.scheduling.renew_links(meeting.meeting_id, Caller(ANYONE, TEACHER))
    for who in (CALLER, Caller(STAFF)):
        await world.scheduling.renew_links(meeting.meeting_id, who)
    assert (await world.get(meeting)).link_generation == 3


async def test_a_link_alone_agrees_to_no_recording_where_there_is_an_account(around: Around):
    meeting = await around.world.get(await of_two(around.world))
    directing = around.service.directing
    for side, wish in ((TEACHER, Wish(ASK, STUDENT)), (STUDENT, Wish(ASK, STUDENT))):
        with pytest.raises(Forbidden, match="sign in"):
            await directing.act(meeting, side, wish)
    sheet = await directing.act(meeting, TEACHER, Wish(ASK, STUDENT), BYRON)
    asked = sheet.recordings[-1].recording_id
    for who in (ANYONE, BYRON, STAFF):
        with pytest.raises(Forbidden, match="sign in"):
            await directing.act(meeting, STUDENT, Wish(AGREE, recording_id=asked), who)
    refused = await directing.act(meeting, STUDENT, Wish(RecordingAction.REFUSE))
    assert refused.recordings[-1].state is RecordingState.REFUSED


async def test_what_is_agreed_to_is_what_was_asked(around: Around):
    meeting = await around.world.get(await of_two(around.world))
    directing = around.service.directing
    first = await directing.act(meeting, TEACHER, Wish(ASK, TEACHER), BYRON)
    await directing.act(meeting, TEACHER, Wish(RecordingAction.REFUSE), BYRON)
    second = await directing.act(meeting, TEACHER, Wish(ASK, STUDENT), BYRON)
    with pytest.raises(InvalidInput):
        await directing.act(meeting, STUDENT, Wish(AGREE), ADA)
    old = Wish(AGREE, recording_id=first.recordings[-1].recording_id)
    with pytest.raises(Conflict, match="anew"):
        await directing.act(meeting, STUDENT, old, ADA)
    assert [each.role for each in second.recordings[-1].agreed] == [TEACHER]
    now = Wish(AGREE, recording_id=second.recordings[-1].recording_id)
    agreed = await directing.act(meeting, STUDENT, now, ADA)
    assert agreed.recordings[-1].state is RecordingState.STARTING


@pytest.mark.parametrize("who", [BYRON, ADA])
async def test_a_recording_ends_when_one_of_the_two_leaves(around: Around, who: Principal):
    meeting, world = await recorded(around), around.world
    await leaves(around, who)
    await world.ground.work()
    (recording,) = (await around.service.directing.show(meeting.meeting_id)).recordings
    assert (recording.state, recording.reason) == (RecordingState.READY, LEFT)
    assert around.camera.running == set()
    with pytest.raises((Conflict, Forbidden)):
        await around.service.directing.act(meeting, TEACHER, Wish(ASK, STUDENT), BYRON)


async def test_a_film_is_for_those_whose_accounts_are_open(around: Around):
    meeting, world = await recorded(around), around.world
    stop = Wish(RecordingAction.STOP)
    await around.service.directing.act(meeting, STUDENT, stop)
    await world.ground.work()
    ready = [e for e in await world.ground.changes() if e.kind == "meeting.recording-ready"][-1]
    films = RecordedFilms(world.ground.store, around.sheets.recordings, around.camera, world.people)
    film = await films.film(ready)
    assert film is not None
    assert (film.owner[0], film.watchers) == (BYRON.account_id, (ADA.account_id,))
    world.people.closed.add(BYRON.account_id)
    film = await films.film(ready)
    assert film is not None
    assert (film.owner[0], film.watchers) == (ADA.account_id, ())
    await leaves(around, ADA)
    assert await films.film(ready) is None
    await world.ground.work()
    assert await state(around, meeting) is RecordingState.REMOVED
    assert around.camera.films == {}


async def test_the_note_is_the_teachers_by_their_account(around: Around):
    meeting = await around.world.get(await of_two(around.world))
    outcomes = around.service.outcomes
    await outcomes.write_note(View(meeting, TEACHER, BYRON), "Weak at it.", is_shared=False)
    with pytest.raises(Forbidden, match="sign in"):
        await outcomes.write_note(View(meeting, TEACHER), "Good at it.", is_shared=True)
    by_link = await outcomes.show(View(meeting, TEACHER))
    assert (by_link.note, by_link.may_note) == (None, False)
    seen = await outcomes.show(View(meeting, TEACHER, BYRON))
    assert (seen.note and seen.note.text, seen.may_note) == ("Weak at it.", True)
    note: Note = await around.sheets.notes.get(meeting.meeting_id)
    assert note.written_at == to_text(around.world.clock.now())
