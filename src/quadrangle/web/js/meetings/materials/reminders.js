import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { textOfMail } from "../../base/mail-delivery.js";
import { toast } from "../../parts/overlays/toast.js";
import { texts } from "./texts.js";

const words = texts.reminders;

/** Of what one is reminded by mail, as a part of the account page. Resolves to its element. */
export async function remindersPart() {
  const chosen = await api.get("/api/meetings/reminders");
  const boxes = ["day", "hour"].map((name) => {
    const box = h("input", { type: "checkbox", name });
    box.checked = chosen[name];
    box.addEventListener("change", async () => {
      const wanted = { ...chosen, [name]: box.checked };
      try {
        Object.assign(chosen, await api.put("/api/meetings/reminders", wanted));
        toast(words.saved);
      } catch (error) {
        box.checked = chosen[name];
        toast(error.message);
      }
    });
    return h("label", { class: "check" }, box, words[name]);
  });
  return h(
    "section",
    { class: "card account-part", id: "reminders", "aria-labelledby": "reminders-title" },
    h("h2", { id: "reminders-title", tabindex: "-1" }, words.title),
    h("p", { class: "soft" }, textOfMail(words.lead, words.leadKept)),
    ...boxes,
  );
}
