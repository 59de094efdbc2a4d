import { send } from "../../base/http.js";

/** The calls of one side's video room; the key of its link goes along in a header. */
export function roomCalls({ id, role, key }) {
  const headers = key ? { "X-Join-Key": key } : {};
  const base = `/api/meetings/${encodeURIComponent(id)}/room`;
  const box = (participant) => `${base}/${encodeURIComponent(participant)}/messages`;
  return {
    enter: () => send("POST", base, { headers, body: { role } }),
    send: (participant, message) =>
      send("POST", box(participant), { headers, body: { role, ...message } }),
    news: (participant, after) =>
      send("GET", box(participant), { headers, query: { role, after } }),
    /** Say goodbye while the page goes; nothing is waited for. */
    bye: (participant) => bye(box(participant), headers, { role, kind: "bye" }),
  };
}

function bye(path, headers, body) {
  fetch(path, {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json", "X-Requested-With": "quadrangle", ...headers },
    body: JSON.stringify(body),
  }).catch(() => {});
}
