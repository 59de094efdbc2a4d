// What the outbox shows is in the address: ?tab=dead or ?tab=set-up, or ?state=failed&mail=<id>.
export const STATES = ["all", "queued", "kept", "sent", "failed"];

const BESIDE = ["dead", "set-up"]; // tabs beside the mails

export function readAddress() {
  const query = new URLSearchParams(location.search);
  const state = query.get("state");
  const tab = BESIDE.includes(query.get("tab")) ? query.get("tab") : "mails";
  return {
    tab,
    state: STATES.includes(state) ? state : "all",
    mail: (tab === "mails" && query.get("mail")) || "",
  };
}

export function toAddress({ tab, state, mail }) {
  const query = new URLSearchParams();
  if (tab !== "mails") query.set("tab", tab);
  else {
    if (state !== "all") query.set("state", state);
    if (mail) query.set("mail", mail);
  }
  const text = query.toString();
  return text ? `/outbox?${text}` : "/outbox";
}
