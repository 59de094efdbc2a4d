import { send } from "../../base/http.js";

const KEPT = "quadrangle.meeting.";

function fromAddress() {
  const query = new URLSearchParams(location.search);
  const behind = new URLSearchParams(location.hash.slice(1));
  const id = (query.get("id") ?? "").trim().toLowerCase();
  const role = query.get("role") ?? "";
  return { id, role, key: query.get("key") ?? behind.get("key") };
}

/**
 * The meeting that the page's address opens: `{id, role, key}`, or null. The key leaves the address
 * at once, so that it gets into no history, Referer or screenshot; the tab remembers it.
 */
export function openedLink() {
  const { id, role, key } = fromAddress();
  if (!id || !["teacher", "student"].includes(role)) return null;
  const name = `${KEPT}${id}.${role}`;
  if (key) sessionStorage.setItem(name, key);
  history.replaceState(null, "", `/meeting?${new URLSearchParams({ id, role })}`);
  return { id, role, key: key ?? sessionStorage.getItem(name) };
}

/** Calls of one side of a meeting; the key goes along in a header. */
export function callsOf({ id, role, key }) {
  const headers = key ? { "X-Join-Key": key } : {};
  const base = `/api/meetings/${encodeURIComponent(id)}`;
  const side = `role=${role}`;
  return {
    lobby: () => send("GET", `${base}/lobby?${side}`, { headers }),
    join: () => send("GET", `/join/${encodeURIComponent(id)}/${role}`, { headers }),
    end: () => send("POST", `${base}/end?${side}`, { headers, body: {} }),
    cancel: () => send("POST", `${base}/cancel?${side}`, { headers, body: {} }),
    extend: (minutes) => send("POST", `${base}/extend?${side}`, { headers, body: { minutes } }),
    control: (action) => send("POST", `${base}/control`, { headers, body: { role, action } }),
    seeControl: () => send("GET", `${base}/control?${side}`, { headers }),
    ticket: (desktop) => send("POST", `${base}/tickets`, { headers, body: { role, desktop } }),
    jitsiRoom: () => send("GET", `${base}/jitsi-room?${side}`, { headers }),
    events: `${base}/events?${new URLSearchParams({ role, ...(key && { key }) })}`,
  };
}
