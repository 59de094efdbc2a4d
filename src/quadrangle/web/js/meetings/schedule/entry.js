import { currentAccount, signInAddress } from "../../base/account.js";
import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { draft } from "../../base/drafts.js";
import { copyButton } from "../../parts/copy.js";
import { busy, clearError, clearErrors, field, showErrors } from "../../parts/forms.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../../parts/texts.js";
import { texts } from "../texts.js";
import { choice, zoneSelect } from "../selects.js";
import { inZone, ownZone } from "../times.js";
import { instantOf, soon } from "../wall-time.js";

const words = texts.schedule;
const main = document.querySelector("main");
const LENGTHS = [30, 45, 60, 90, 120];

const input = (props) => h("input", { required: true, ...props });

function linkRow(label, address) {
  return h(
    "div",
    { class: "link-row" },
    h("b", {}, label),
    h("code", { class: "meeting-link" }, address),
    copyButton(words.done.copy, () => address, words.done.copied),
  );
}

function done(answer, names) {
  const heading = h("h1", { tabindex: "-1" }, words.done.title);
  document.title = common.title(words.done.title);
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h("header", { class: "stack tight" }, icon("circle-check"), heading, h("p", {}, words.done.lead)),
      h(
        "section",
        { class: "card stack" },
        linkRow(words.done.teacher(names.teacher), answer.teacher_link),
        linkRow(words.done.student(names.student), answer.student_link),
        h("p", { class: "hint" }, words.done.secret),
      ),
      h(
        "div",
        { class: "row" },
        h("a", { class: "button primary", href: "/meet" }, words.done.mine),
        h("a", { class: "button", href: "/new-meeting" }, words.done.another),
      ),
    ),
  );
  heading.focus();
}

function schedulePage(account) {
  const drafts = draft("schedule");
  const kept = drafts.load() ?? {};
  const teacher = input({
    autocomplete: "name",
    maxlength: 100,
    value: kept.teacher_name ?? (account.role === "teacher" ? account.name : "") ?? "",
  });
  const student = input({ maxlength: 100, value: kept.student_name ?? "" });
  const email = h("input", { type: "email", maxlength: 254, value: kept.student_email ?? "" });
  const start = soon();
  const day = input({ type: "date", value: kept.day ?? start.day });
  const time = input({ type: "time", value: kept.time ?? start.time });
  const zone = zoneSelect(kept.time_zone);
  const minutes = choice(
    "minutes",
    LENGTHS.map((n) => [String(n), words.minutes(n)]),
    kept.minutes ?? "60",
  );
  const workspace = choice(
    "workspace",
    Object.entries(words.workspaces),
    kept.workspace ?? "desktop",
  );
  const told = h("p", { class: "hint", role: "status" });
  const go = h("button", { type: "submit", class: "button primary" }, icon("calendar-plus"), words.go);

  const values = () => ({
    teacher_name: teacher.value.trim(),
    student_name: student.value.trim(),
    student_email: email.value.trim(),
    day: day.value,
    time: time.value,
    time_zone: zone.value,
    minutes: minutes.value,
    workspace: workspace.value,
  });

  function tell() {
    const at = day.value && time.value && instantOf(day.value, time.value, zone.value);
    const apart = at && zone.value !== ownZone;
    told.textContent = apart ? words.yours(inZone(at, ownZone)) : "";
  }

  async function send() {
    clearErrors(form);
    const { day: date, time: clock, minutes: length, student_email, ...rest } = values();
    const body = {
      ...rest,
      meet_time: `${date}T${clock}`,
      minutes: Number(length),
      frontend_base_url: `${location.origin}/meeting`,
      ...(student_email && { student_email }),
    };
    try {
      const answer = await api.post("/schedule", body);
      drafts.clear();
      done(answer, { teacher: rest.teacher_name, student: rest.student_name });
    } catch (error) {
      showErrors(form, error.errors?.length ? error.errors : [{ message: error.message }]);
    }
  }

  const form = h(
    "form",
    { class: "card stack loose", novalidate: true },
    h(
      "div",
      { class: "stack" },
      field(teacher, { name: "teacher_name", label: words.teacher }),
      field(student, { name: "student_name", label: words.student }),
      field(email, {
        name: "student_email",
        label: words.email,
        hint: words.emailHint,
        optional: true,
      }),
    ),
    h(
      "div",
      { class: "stack" },
      h(
        "div",
        { class: "when-row" },
        field(day, { name: "day", label: words.day }),
        field(time, { name: "meet_time", label: words.time }),
        field(minutes, { name: "minutes", label: words.length }),
      ),
      field(zone, { name: "time_zone", label: words.zone }),
      told,
    ),
    field(workspace, { name: "workspace", label: words.workspace, hint: words.workspaceHint }),
    h("div", { class: "row" }, go),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(go, send);
  });
  form.addEventListener("input", (event) => {
    clearError(form, event.target.name);
    drafts.save({ ...values(), at: new Date().toISOString() });
    tell();
  });

  document.title = common.title(words.title);
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h("header", { class: "stack tight" }, h("h1", {}, words.title), h("p", { class: "soft" }, words.lead)),
      form,
    ),
  );
  tell();
}

currentAccount().then((account) => {
  if (["teacher", "staff", "admin"].includes(account?.role)) schedulePage(account);
  else if (account) location.replace("/meet");
  else location.replace(signInAddress());
});
