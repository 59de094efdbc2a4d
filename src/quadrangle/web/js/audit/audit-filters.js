import { debounced, h } from "../base/dom.js";
import { field } from "../parts/forms/forms.js";
import { texts as words } from "./texts.js";

const PAUSE_MS = 400;

function options(pairs) {
  return pairs.map(([value, label]) => h("option", { value }, label));
}

// The filters above the list; `onChange(filters)` is called with those that changed.
export function auditFilters({ people, onChange }) {
  const kind = h("select", {}, options(Object.entries(words.groups)));
  const who = h("select", {});
  const from = h("input", { type: "date" });
  const to = h("input", { type: "date" });
  const choose = (select, name) =>
    select.addEventListener("change", () => onChange({ [name]: select.value }));
  choose(kind, "kind");
  choose(who, "accountId");
  // A date is complete with every digit of its year: wait for the last one.
  const days = debounced(() => onChange({ from: from.value, to: to.value }), PAUSE_MS);
  for (const input of [from, to]) input.addEventListener("change", days);

  const element = h(
    "form",
    { class: "audit-filters", role: "search", "aria-label": words.title },
    field(kind, { name: "kind", label: words.what }),
    field(who, { name: "accountId", label: words.who }),
    field(from, { name: "from", label: words.from }),
    field(to, { name: "to", label: words.to }),
  );
  element.addEventListener("submit", (event) => event.preventDefault());

  function show(filters) {
    kind.value = Object.hasOwn(words.groups, filters.kind) ? filters.kind : "";
    const known = people.some((person) => person.accountId === filters.accountId);
    const other = filters.accountId && !known ? [[filters.accountId, words.otherPerson]] : [];
    const listed = people.map((person) => [person.accountId, person.name]);
    who.replaceChildren(...options([["", words.anybody], ...other, ...listed]));
    who.value = filters.accountId;
    from.value = filters.from;
    to.value = filters.to;
  }

  return { element, show };
}
