import { currentAccount, signInAddress } from "../../base/account.js";
import { append, clear, h } from "../../base/dom.js";
import { draft } from "../../base/drafts.js";
import { textOfMail } from "../../base/mail-delivery.js";
import { backLink } from "../../parts/back-link.js";
import { copyButton } from "../../parts/copy.js";
import { busy, clearError, clearErrors, field, showErrors } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../../parts/texts.js";
import { choice, zoneSelect } from "../selects.js";
import { inZone, ownZone } from "../times.js";
import { instantOf, soon, wallTime } from "../../base/wall-time.js";
import { asFields, scheduleOne, scheduleSeries } from "./sending.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("main");
const LENGTHS = [30, 45, 60, 90, 120];

const input = (props) => h("input", { required: true, ...props });

const mailed = () => h("p", {}, textOfMail(words.done.mailed, words.done.mailedKept));

function linkRow(label, address) {
  if (!address) {
    return h("div", { class: "link-row" }, h("b", {}, label), mailed());
  }
  return h(
    "div",
    { class: "link-row" },
    h("b", {}, label),
    h("code", { class: "meeting-link" }, address),
    copyButton(words.done.copy, () => address, words.done.copied),
  );
}

function linksCard(links, names, heading) {
  return h(
    "section",
    { class: "card stack" },
    heading && h("h2", {}, heading),
    linkRow(words.done.teacher(names.teacher), links.teacher),
    linkRow(words.done.student(names.student), links.student),
    h("p", { class: "hint" }, words.done.secret),
  );
}

/**
 * `links` has those of each meeting that was made; a series shows the first and leads to the rest.
 * `teaches`: it is a meeting of whoever made it.
 */
function done(links, names, teaches) {
  const title = links.length > 1 ? words.done.series(links.length) : words.done.title;
  const heading = h("h1", { tabindex: "-1" }, title);
  const enters = teaches && links.length === 1;
  document.title = common.title(title);
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h(
        "header",
        { class: "stack tight" },
        icon("circle-check"),
        heading,
        h("p", {}, links.length > 1 ? words.done.seriesLead : words.done.lead),
      ),
      linksCard(links[0], names, links.length > 1 && words.done.first),
      h(
        "div",
        { class: "row" },
        enters && h("a", { class: "button primary", href: links[0].teacher }, words.done.enter),
        h("a", { class: enters ? "button" : "button primary", href: "/meet" }, words.done.mine),
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
  const repeats = choice("repeats", Object.entries(words.repeats), kept.repeats ? "weekly" : "once");
  const until = h("input", { type: "date", value: kept.until ?? "" });
  const untilField = field(until, { name: "until", label: words.until, hint: words.untilHint });
  const told = h("p", { class: "hint", role: "status" });
  const go = h("button", { type: "submit", class: "button primary" }, icon("calendar-plus"), words.go);

  const atOnce = h("button", { type: "button", class: "button" }, icon("clock"), words.now);

  /** Have it begin in this minute: the desktops are started at once. */
  function beginNow() {
    zone.value = ownZone;
    ({ day: day.value, time: time.value } = wallTime(new Date()));
    for (const each of [day, time]) each.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const values = () => ({
    teacher_name: teacher.value.trim(),
    student_name: student.value.trim(),
    student_email: email.value.trim(),
    day: day.value,
    time: time.value,
    time_zone: zone.value,
    minutes: minutes.value,
    workspace: workspace.value,
    repeats: repeats.value === "weekly",
    until: until.value,
  });

  function tell() {
    untilField.hidden = repeats.value === "once";
    const at = day.value && time.value && instantOf(day.value, time.value, zone.value);
    const apart = at && zone.value !== ownZone;
    told.textContent = apart ? words.yours(inZone(at, ownZone)) : "";
  }

  async function send() {
    clearErrors(form);
    const wanted = values();
    const names = { teacher: wanted.teacher_name, student: wanted.student_name };
    try {
      const links = wanted.repeats ? await scheduleSeries(wanted) : [await scheduleOne(wanted)];
      drafts.clear();
      done(links, names, account.role === "teacher");
    } catch (error) {
      showErrors(form, asFields(error));
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
        atOnce,
      ),
      field(zone, { name: "time_zone", label: words.zone }),
      told,
      h(
        "div",
        { class: "when-row" },
        field(repeats, { name: "repeats", label: words.repeat }),
        untilField,
      ),
    ),
    field(workspace, { name: "workspace", label: words.workspace, hint: words.workspaceHint }),
    h("div", { class: "row" }, go),
  );
  atOnce.addEventListener("click", beginNow);
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
      h(
        "header",
        { class: "stack tight" },
        backLink("/meet", words.done.mine),
        h("h1", {}, words.title),
        h("p", { class: "soft" }, words.lead),
      ),
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
