// What the desk shows is in the address, so that reload, back and a copied link all work.
// Without a status the list is the work to do: open and in progress.

export const TO_DO = ["OPEN", "IN_PROGRESS"];
export const VIEWS = ["todo", "OPEN", "IN_PROGRESS", "RESOLVED", "all"];
export const SORTS = ["newest", "due", "priority"];
const TEXTS = ["issueType", "location", "q"];

export function readAddress(search = location.search) {
  const query = new URLSearchParams(search);
  const status = query.get("status");
  const who = query.get("assigneeId");
  const state = {
    view: VIEWS.includes(status) ? status : "todo",
    who: who === "me" || who === "none" ? who : "",
    overdue: query.get("overdue") === "true",
    urgent: query.get("priority") === "URGENT",
    sort: SORTS.includes(query.get("sort")) ? query.get("sort") : "newest",
    issue: query.get("issue") || "",
  };
  for (const name of TEXTS) state[name] = (query.get(name) || "").trim();
  return state;
}

export function toSearch(state) {
  const query = new URLSearchParams();
  if (state.view !== "todo") query.set("status", state.view);
  for (const name of TEXTS) if (state[name]) query.set(name, state[name]);
  if (state.who) query.set("assigneeId", state.who);
  if (state.overdue) query.set("overdue", "true");
  if (state.urgent) query.set("priority", "URGENT");
  if (state.sort !== "newest") query.set("sort", state.sort);
  if (state.issue) query.set("issue", state.issue);
  const text = query.toString();
  return text ? `?${text}` : "";
}

// Two states with the same key show the same list, whichever issue is open beside it.
export const listKey = (state) => toSearch({ ...state, issue: "" });

// Whether anything but the status narrows the list, and how many filters do.
export const isNarrowed = (state) => listKey({ ...state, view: "todo", sort: "newest" }) !== "";

export const filterCount = (state) =>
  [state.issueType, state.location, state.who, state.overdue, state.urgent].filter(Boolean).length;

export const NO_FILTERS = { issueType: "", location: "", who: "", overdue: false, urgent: false };

// What the API is asked for: the statuses (none means all), the filters they share, and the order.
export function toQuery(state, accountId) {
  const statuses = { todo: TO_DO, all: [] }[state.view] ?? [state.view];
  const shared = {};
  for (const name of TEXTS) if (state[name]) shared[name] = state[name];
  if (state.who) shared.assigneeId = state.who === "me" ? accountId : state.who;
  if (state.overdue) shared.overdue = "true";
  if (state.urgent) shared.priority = "URGENT";
  return { statuses, shared, sort: state.sort };
}
