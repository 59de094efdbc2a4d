"""What the meeting service says of itself: its addresses, its scopes, what the audit keeps."""

from quadrangle.kernel.declaration import AuditDetails, Declaration, Scope
from quadrangle.kernel.principal import Role
from quadrangle.meetings.scope_model import SCHEDULE_SCOPE

SCHEDULE = Scope(SCHEDULE_SCOPE, Role.TEACHER)

MEETINGS = Declaration(
    # The two calls of the source system, which pages elsewhere make too.
    open_paths=("/schedule", "/join/"),
    # The address of a calendar is known to whoever may read it, and to nobody else.
    secret_paths=("/api/meetings/feed/",),
    scopes=(SCHEDULE,),
    audit=AuditDetails(
        always=("meeting.machine-reaped",),
        names={
            "meeting.scheduled": ("meetTime", "minutes"),
            "meeting.moved": ("old", "new"),
            "meeting.cancelled": ("reason",),
            "meeting.ended": ("reason",),
            "meeting.extended": ("minutes",),
            "meeting.joined": ("role",),
            "meeting.retried": ("role",),
            "meeting.recording": ("recordingId", "desktop", "role"),
            "meeting.note-written": ("shared",),
            "meeting.file": ("fileId", "size"),
            "meeting.force-ended": ("status",),
            "meeting.machine-reaped": ("machineId", "meetingId", "role"),
        },
    ),
)
