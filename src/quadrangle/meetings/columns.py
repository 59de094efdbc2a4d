"""What every store keeps of a meeting under names of its own, beside the whole."""

from quadrangle.meetings.model import Meeting, MeetingRole


def named_of(meeting: Meeting) -> dict[str, str | None]:
    """Return the columns that the contract names, the machines and links of both desktops too."""
    teacher, student = (meeting.desktop(role) for role in MeetingRole)
    return {
        "teacher_name": meeting.teacher_name,
        "student_name": meeting.student_name,
        "meet_time": meeting.meet_time,
        "jitsi_url": meeting.jitsi_url,
        "status": meeting.status.value,
        "created_at": meeting.created_at,
        "teacher_ec2_id": teacher and teacher.machine_id,
        "student_ec2_id": student and student.machine_id,
        "teacher_ec2_link": teacher and teacher.link,
        "student_ec2_link": student and student.link,
        "teacher_id": meeting.teacher_id,
        "student_id": meeting.student_id,
    }
