import { combobox } from "../../parts/forms/combobox.js";
import { announce, clear, debounced, h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { photoPicker } from "../photos/picker.js";
import { texts as common } from "../../parts/texts.js";
import { texts as words } from "./texts.js";
import { hours } from "../../base/time.js";
import { typeIcon } from "../type-icons.js";

export const LONGEST = { location: 100, description: 5000 };

function question(step, heading, ...children) {
  return h(
    "section",
    { class: "question", dataset: { step }, "aria-labelledby": `${step}-title` },
    h("h2", { id: `${step}-title`, tabindex: "-1" }, heading),
    ...children,
  );
}

function typeCard({ name, targetHours }, i) {
  return h(
    "label",
    { class: "type-card" },
    h("input", { type: "radio", name: "issueType", id: `type-${i}`, value: name }),
    typeIcon(name),
    h("span", { class: "type-name", dir: "auto" }, name),
    targetHours ? h("span", { class: "soft small" }, words.type.aim(hours(targetHours))) : null,
  );
}

/** Which kind of issue: large radio cards. */
export function typeQuestion(types) {
  const cards = h("div", { class: "type-cards" });
  const group = h(
    "fieldset",
    { class: "field", dataset: { field: "issueType" } },
    h("legend", { class: "visually-hidden" }, words.type.title),
    h("p", { class: "error", id: "issueType-error", hidden: true }),
    cards,
  );
  const api = {
    element: question("type", words.type.title, group),
    get value() {
      return group.querySelector("input:checked")?.value ?? "";
    },
    set value(name) {
      for (const input of group.querySelectorAll("input")) input.checked = input.value === name;
    },
    setTypes(next) {
      const chosen = api.value;
      clear(cards).append(...next.map(typeCard));
      api.value = chosen;
    },
  };
  api.setTypes(types);
  return api;
}

export function placeQuestion(locations) {
  const box = combobox({
    name: "location",
    label: words.place.label,
    hint: words.place.hint,
    words: words.place.list,
    options: locations,
    maxLength: LONGEST.location,
  });
  return { ...box, element: question("place", words.place.title, box.element) };
}

function counted(area) {
  const shown = h("span", { "aria-hidden": "true" });
  const tell = debounced((left) => announce(words.what.left(left)), 900);
  const show = () => {
    const used = [...area.value.trim()].length;
    const left = LONGEST.description - used;
    shown.textContent =
      left < 0 ? words.what.over(-left) : words.what.count(used, LONGEST.description);
    shown.classList.toggle("over", left < 0);
    if (left < 200) tell(left);
  };
  area.addEventListener("input", show);
  show();
  return h("p", { class: "counter small soft" }, shown);
}

export function whatQuestion(photoLimit, onPhotos) {
  const area = h("textarea", { id: "description", rows: 5, autocapitalize: "sentences" });
  const counter = counted(area);
  const picker = photoPicker({ limit: photoLimit, onChange: onPhotos });
  const element = question(
    "what",
    words.what.title,
    field(area, { name: "description", label: words.what.label, hint: words.what.hint }),
    counter,
    h(
      "div",
      { class: "photos-part", role: "group", "aria-labelledby": "photos-title" },
      h(
        "h3",
        { id: "photos-title" },
        words.what.photos.title,
        h("span", { class: "optional soft" }, ` ${common.forms.optional}`),
      ),
      h("p", { class: "soft small" }, words.what.photos.hint),
      picker.element,
    ),
  );
  return { element, area, picker };
}

export function contactQuestion() {
  const email = h("input", {
    id: "email",
    type: "email",
    autocomplete: "email",
    inputmode: "email",
    autocapitalize: "off",
    spellcheck: "false",
  });
  const name = h("input", { id: "name", type: "text", autocomplete: "name" });
  const mailNote = h("p", { class: "soft small", hidden: true }, words.contact.noMail);
  const ownNote = h("p", { class: "soft small", hidden: true }, words.contact.own);
  const filledNote = h("p", { class: "soft small", hidden: true }, words.contact.filled);
  const element = question(
    "contact",
    words.contact.title,
    h("p", { class: "soft" }, words.contact.why),
    mailNote,
    ownNote,
    filledNote,
    field(email, { name: "email", label: words.contact.email, optional: true }),
    field(name, {
      name: "name",
      label: words.contact.name,
      hint: words.contact.nameHint,
      optional: true,
    }),
  );
  return {
    element,
    email,
    name,
    setMail(delivery) {
      mailNote.hidden = delivery !== "outbox";
    },
    /** Whether the report will belong to an account. */
    get isOwn() {
      return !ownNote.hidden;
    },
    /** Say whose report it will be, and `fill` in who that is where nothing was typed yet. */
    setAccount(account, { fill }) {
      ownNote.hidden = !account?.accountId;
      if (!fill || email.value || name.value) return;
      email.value = account?.email ?? "";
      name.value = email.value ? account.name : "";
      filledNote.hidden = !email.value;
    },
  };
}
