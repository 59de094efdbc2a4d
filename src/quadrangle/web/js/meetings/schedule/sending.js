import { api } from "../../base/api.js";
import { dayOf, timeOf } from "../times.js";
import { texts as words } from "./texts.js";

/** Schedule what the form holds, once; resolves to the links of both, null for who was mailed it. */
export async function scheduleOne({ day, time, minutes, student_email: email, ...wanted }) {
  const { repeats, until, ...rest } = wanted;
  const answer = await api.post("/schedule", {
    ...rest,
    meet_time: `${day}T${time}`,
    minutes: Number(minutes),
    frontend_base_url: `${location.origin}/meeting`,
    ...(email && { student_email: email }),
  });
  return { teacher: answer.teacher_link, student: email ? null : answer.student_link };
}

/** Schedule it each week until a day; resolves to the links of every meeting, in order. */
export async function scheduleSeries(wanted) {
  const answer = await api.post("/api/meetings/series", {
    teacherName: wanted.teacher_name,
    studentName: wanted.student_name,
    meetTime: `${wanted.day}T${wanted.time}`,
    timeZone: wanted.time_zone,
    minutes: Number(wanted.minutes),
    workspace: wanted.workspace,
    frontendBaseUrl: `${location.origin}/meeting`,
    repeat: { until: wanted.until },
    ...(wanted.student_email && { studentEmail: wanted.student_email }),
  });
  return answer.meetings.map((one) => ({ teacher: one.teacherLink, student: one.studentLink }));
}

const FIELDS = { "repeat.until": "until" };
const snake = (name) => name?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What went wrong, by the names of the form's fields. */
export function asFields(error) {
  const { occurrences } = error.body ?? {};
  if (occurrences) {
    const when = ({ localTime }) => `${dayOf(localTime)}, ${timeOf(localTime)}`;
    return [{ message: words.clash }, ...occurrences.map((one) => ({ message: when(one) }))];
  }
  if (!error.errors?.length) return [{ message: error.message }];
  return error.errors.map(({ field, message }) => ({
    field: FIELDS[field] ?? snake(field),
    message,
  }));
}
