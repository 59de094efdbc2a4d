import { announce, append, clear, h } from "../../base/dom.js";
import { field, looksLikeEmail } from "../../parts/forms/forms.js";
import { iconButton } from "../../parts/icon-button.js";
import { icon } from "../../parts/icons.js";
import { texts as words } from "./texts.js";

/** Somebody in a list, with what takes them off it where `onRemove` does. */
export function personRow({ name, email }, onRemove) {
  const remove = onRemove && iconButton("x", words.remove(name ?? email));
  remove?.addEventListener("click", onRemove);
  return h(
    "li",
    { class: "person-row" },
    h(
      "span",
      { class: "person-name" },
      name && h("span", { dir: "auto" }, name),
      h("span", { class: name ? "soft small" : "", dir: "ltr" }, email),
    ),
    remove,
  );
}

// what stands around addresses in letters' heads, tables and lists; apostrophes may be within one
const BETWEEN = /[\s,;|<>()[\]"“”„«»]+/;
const AROUND = /^(?:['‘’‚]|mailto:)+|(?:['‘’]|[.:!]|\?.*)+$/gi;

/**
 * The addresses in what somebody typed or pasted, as a letter's head or a table has them, and what
 * looks as if it was meant to be one; names beside addresses are left out.
 */
function addressesIn(text) {
  const parts = text.split(BETWEEN).map((one) => one.replace(AROUND, ""));
  const fit = parts.filter(looksLikeEmail).map((one) => one.toLowerCase());
  const rest = parts.filter((one) => one.includes("@") && !looksLikeEmail(one));
  return { addresses: [...new Set(fit)], rest };
}

/**
 * Addresses to be added: `{element, input, take}`; `onAdd(addresses)` gets those that were typed, or
 * at once those that were pasted.
 */
export function addressField(
  { name, label = words.people, hint = words.peopleHint, adds = words.add },
  onAdd,
) {
  const input = h("input", { type: "email", multiple: true, autocomplete: "off", spellcheck: "false" });
  const add = h(
    "button",
    { type: "button", class: "button", "aria-label": adds },
    icon("user-plus"),
    words.add,
  );
  const element = field(input, { name, label, hint });
  const line = h("div", { class: "add-line" });
  input.replaceWith(line);
  append(line, input, add);

  function take() {
    const text = input.value.trim();
    const { addresses, rest } = addressesIn(text);
    if (!addresses.length) return text ? "" : null;
    input.value = rest.join(", ");
    onAdd(addresses);
    return text;
  }

  input.addEventListener("paste", (event) => {
    // a field of one line would make one word of several lines
    const { addresses, rest } = addressesIn(event.clipboardData?.getData("text") ?? "");
    if (addresses.length < 2) return;
    event.preventDefault();
    input.value = [input.value.trim(), ...rest].filter(Boolean).join(", ");
    onAdd(addresses);
  });
  add.addEventListener("click", () => {
    if (!take()) announce(words.noAddress);
    input.focus();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add.click();
  });
  return { element, input, take };
}

/** People by their addresses, to be saved with a form: `{element, load(people), addresses()}`. */
export function peopleField(name) {
  const list = h("ul", { role: "list", class: "person-rows", "aria-label": words.named });
  const none = h("p", { class: "soft small" }, words.nobody);
  let people = [];
  const tell = () => line.element.dispatchEvent(new Event("change", { bubbles: true }));
  const line = addressField({ name }, (emails) => {
    for (const email of emails) {
      if (!people.some((one) => one.email === email)) people.push({ email });
    }
    draw();
    announce(emails.length === 1 ? words.added(emails[0]) : words.addedSome(emails.length));
    tell();
  });

  function draw() {
    append(
      clear(list),
      people.map((one) =>
        personRow(one, () => {
          people = people.filter((other) => other !== one);
          draw();
          announce(words.removed(one.name ?? one.email));
          line.input.focus();
          tell();
        }),
      ),
    );
    list.hidden = !people.length;
    none.hidden = people.length > 0;
  }

  draw();
  append(line.element, list, none);
  return {
    element: line.element,
    /** Show those who are named already; who was added meanwhile stays. */
    load(known) {
      const emails = new Set(known.map((one) => one.email));
      people = [...known, ...people.filter((one) => !emails.has(one.email))];
      draw();
    },
    /** Show these and nobody else. */
    replace(shown) {
      people = shown;
      draw();
    },
    /** Those that are added; an address that was typed is by now. */
    added() {
      line.take();
      return people.map((one) => one.email);
    },
    /** All of them; an address that was typed and not added counts. */
    addresses() {
      line.take();
      const typed = line.input.value.trim();
      return [...people.map((one) => one.email), ...(typed ? [typed] : [])];
    },
  };
}
