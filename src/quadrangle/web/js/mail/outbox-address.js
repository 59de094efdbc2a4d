// What the outbox shows is in the address: ?tab=dead, or ?state=failed&mail=<id>.
export const STATES = ["all", "queued", "kept", "sent", "failed"];

export function readAddress() {
  const query = new URLSearchParams(location.search);
  const state = query.get("state");
  const tab = query.get("tab") === "dead" ? "dead" : "mails";
  return {
    tab,
    state: STATES.includes(state) ? state : "all",
    mail: (tab === "mails" && query.get("mail")) || "",
  };
}

export function toAddress({ tab, state, mail }) {
  const query = new URLSearchParams();
  if (tab === "dead") query.set("tab", tab);
  else {
    if (state !== "all") query.set("state", state);
    if (mail) query.set("mail", mail);
  }
  const text = query.toString();
  return text ? `/outbox?${text}` : "/outbox";
}
