/**
 * Which side of a meeting an account is on: `role` (null for staff who looks on), the name of the
 * `other` side, and the address that opens the meeting, null for who is no side of it.
 */
export function ownSide(meeting, account) {
  const { accountId } = account ?? {};
  const teaches = meeting.teacherId && meeting.teacherId === accountId;
  const learns = meeting.studentId && meeting.studentId === accountId;
  const role = teaches ? "teacher" : learns ? "student" : null;
  const link = role && meeting[`${role}Link`];
  return {
    role,
    other: role === "student" ? meeting.teacherName : meeting.studentName,
    link: link && new URL(link, location.href).href,
  };
}
