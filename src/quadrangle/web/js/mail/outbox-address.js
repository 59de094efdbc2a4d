// What the outbox shows is in the address: ?tab=dead or ?tab=set-up, or ?state=failed&q=ada&mail=<id>.
export const STATES = ["all", "queued", "kept", "sent", "failed", "over"];

const BESIDE = ["dead", "set-up"]; // tabs beside the mails

export function readAddress() {
  const query = new URLSearchParams(location.search);
  const state = query.get("state");
  const tab = BESIDE.includes(query.get("tab")) ? query.get("tab") : "mails";
  const ofMails = (name) => (tab === "mails" && query.get(name)) || "";
  return {
    tab,
    state: STATES.includes(state) ? state : "all",
    q: ofMails("q").trim(),
    mail: ofMails("mail"),
  };
}

export function toAddress({ tab, state, q, mail }) {
  const query = new URLSearchParams();
  if (tab !== "mails") query.set("tab", tab);
  else {
    if (state !== "all") query.set("state", state);
    if (q) query.set("q", q);
    if (mail) query.set("mail", mail);
  }
  const text = query.toString();
  return text ? `/outbox?${text}` : "/outbox";
}
