import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { busy, clearError, clearErrors, field, showErrors } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { choice, zoneSelect } from "../selects.js";
import { inZone, ownZone } from "../times.js";
import { instantOf } from "../../base/wall-time.js";
import { texts } from "./texts.js";

const words = texts.move;
const LENGTHS = [30, 45, 60, 90, 120];

/** A teacher's way to have a meeting at another time; `moved()` hears that it is. */
export function moveForm(meeting, moved) {
  const [date, clock] = meeting.localTime.split("T");
  const day = h("input", { type: "date", required: true, value: date });
  const time = h("input", { type: "time", required: true, value: clock.slice(0, 5) });
  const zone = zoneSelect(meeting.timeZone);
  const lengths = [...new Set([...LENGTHS, meeting.minutes])].sort((a, b) => a - b);
  const minutes = choice(
    "minutes",
    lengths.map((n) => [String(n), texts.minutes(n)]),
    String(meeting.minutes),
  );
  const told = h("p", { class: "hint", role: "status" });
  const go = h("button", { type: "submit", class: "button" }, icon("calendar-clock"), words.go);
  const form = h(
    "form",
    { class: "card stack", novalidate: true },
    h("h2", {}, words.title),
    meeting.seriesId && h("p", { class: "soft" }, words.one),
    h(
      "div",
      { class: "when-row" },
      field(day, { name: "day", label: words.day }),
      field(time, { name: "meetTime", label: words.time }),
      field(minutes, { name: "minutes", label: words.length }),
    ),
    field(zone, { name: "timeZone", label: words.zone }),
    told,
    h("div", { class: "row" }, go),
  );

  function tell() {
    const at = day.value && time.value && instantOf(day.value, time.value, zone.value);
    told.textContent = at && zone.value !== ownZone ? words.yours(inZone(at, ownZone)) : "";
  }

  async function send() {
    clearErrors(form);
    try {
      await api.patch(`/api/meetings/${meeting.id}`, {
        meetTime: `${day.value}T${time.value}`,
        timeZone: zone.value,
        minutes: Number(minutes.value),
        version: meeting.version,
      });
      await moved();
    } catch (error) {
      showErrors(form, error.errors?.length ? error.errors : [{ message: error.message }]);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(go, send);
  });
  form.addEventListener("input", (event) => {
    clearError(form, event.target.name);
    tell();
  });
  tell();
  return form;
}
