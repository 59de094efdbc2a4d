"""What lies around meetings on one machine: where it is kept, and who puts it on desktops."""

from datetime import timedelta

from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.settings import Settings, SettingsError
from quadrangle.machine.desktops.homes import SandboxFiles
from quadrangle.machine.desktops.recording import SandboxRecordings
from quadrangle.machine.desktops.settings import MIB, DesktopSettings
from quadrangle.machine.large_files import DirectoryLargeFiles
from quadrangle.meetings.calendar.ports import ReminderChoices
from quadrangle.meetings.handouts.model import HandoutLimits, Handouts
from quadrangle.meetings.materials.service import MaterialsParts, Sheets
from quadrangle.meetings.outcome.model import Note
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import People
from quadrangle.meetings.recording.limit_rules import RecordingLimits
from quadrangle.meetings.recording.model import Recordings
from quadrangle.meetings.take_home.model import TakeHome
from quadrangle.sql.base.database import Database
from quadrangle.sql.meetings.presence import SqlPresenceStore
from quadrangle.sql.meetings.room import SqlRoomStore
from quadrangle.sql.meetings.sheets import SqlSheets
from quadrangle.sql.meetings.store import SqlMeetingStore

LARGEST_FILE = 100  # MB, what a desktop takes
MOST_FILES = 100
LONGEST_RECORDING = 300  # minutes, as long as a meeting can be with all that is added to it
LARGEST_RECORDING = 1024 * 1024  # MB
# More than comes between two looks: one is ended before the sandbox's own bound cuts it off.
_ROOM = 64  # MB


def check_limits(settings: Settings) -> None:
    """Raise SettingsError for bounds of files that cannot be."""
    if not 1 <= settings.meeting_file_size <= LARGEST_FILE:
        raise SettingsError(f"QUADRANGLE_MEETING_FILE_SIZE must be 1 to {LARGEST_FILE}, in MB.")
    if not 1 <= settings.recording_minutes <= LONGEST_RECORDING:
        raise SettingsError(
            f"QUADRANGLE_RECORDING_MINUTES must be 1 to {LONGEST_RECORDING}, as long as a meeting."
        )
    if not 1 <= settings.recording_size <= LARGEST_RECORDING:
        raise SettingsError(f"QUADRANGLE_RECORDING_SIZE must be 1 to {LARGEST_RECORDING}, in MB.")
    if not 0 <= settings.meeting_files <= MOST_FILES:
        raise SettingsError(f"QUADRANGLE_MEETING_FILES must be 0 to {MOST_FILES}.")


def sheets_of(database: Database) -> Sheets:
    """Return what is kept beside meetings."""
    return Sheets(
        handouts=SqlSheets(database, "handouts", Handouts),
        take_home=SqlSheets(database, "take-home", TakeHome),
        recordings=SqlSheets(database, "recordings", Recordings),
        notes=SqlSheets(database, "note", Note),
    )


def materials_parts(
    parts: MachineParts,
    desktops: DesktopSettings,
    choices: ReminderChoices,
    policy: MeetingPolicy,
    people: People,
) -> MaterialsParts:
    """Return what both server and worker put their part together from."""
    settings = parts.settings
    return MaterialsParts(
        meetings=SqlMeetingStore(parts.database),
        sheets=sheets_of(parts.database),
        presence=SqlPresenceStore(parts.database),
        room=SqlRoomStore(parts.database),
        files=parts.files,
        large_files=DirectoryLargeFiles(settings.data / "files"),
        homes=SandboxFiles(desktops),
        camera=SandboxRecordings(desktops),
        choices=choices,
        jobs=parts.jobs,
        clock=parts.clock,
        policy=policy,
        people=people,
        limits=HandoutLimits(settings.meeting_files, settings.meeting_file_size * MIB),
        recording_limits=RecordingLimits(
            timedelta(minutes=settings.recording_minutes), settings.recording_size * MIB
        ),
    )


def desktop_settings(settings: Settings) -> DesktopSettings:
    """Return what the settings of an installation say about its desktops."""
    return DesktopSettings(
        data=settings.data,
        most=settings.desktops_most,
        memory=settings.desktop_memory,
        home=settings.desktop_disk,
        network=settings.desktop_network == "on",
        recording=settings.recording_size + _ROOM,
    )
