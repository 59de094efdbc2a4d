import { config, knownConfig } from "./config.js";

const leave = (answer) => answer?.mailDelivery !== "outbox";

/** Whether mails leave this server; where it cannot be asked, what an earlier visit found. */
export async function mailsLeave() {
  return leave(await config().catch(knownConfig));
}

/** Of two words the true one: `sent` where mails leave, `kept` where no mail server is set. */
export async function trueOfMail(sent, kept) {
  return (await mailsLeave()) ? sent : kept;
}

/** The same as a text to put on the page at once: as an earlier visit found it, then as it is. */
export function textOfMail(sent, kept) {
  const text = document.createTextNode(leave(knownConfig()) ? sent : kept);
  trueOfMail(sent, kept).then((now) => {
    text.data = now;
  });
  return text;
}
