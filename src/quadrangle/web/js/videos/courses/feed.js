import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { copyButton } from "../../parts/copy.js";
import { busy } from "../../parts/forms/forms.js";
import { toast } from "../../parts/overlays/toast.js";
import { coursePath } from "../addresses.js";
import { texts } from "./texts.js";

const words = texts.feed;

/** The address of a course for podcast programs: one's own secret one where it is not public. */
export async function feedDialog(course) {
  const path = `${coursePath(course.id)}/feed`;
  const body = h("div", { class: "stack" });
  const done = h("button", { type: "button", class: "button primary" }, words.done);
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "feed-title" },
    h("h2", { id: "feed-title" }, words.title),
    h("p", {}, words.about),
    body,
    h("div", { class: "dialog-foot" }, done),
  );

  function button(label, work, className = "button") {
    const element = h("button", { type: "button", class: className }, label);
    element.addEventListener("click", () =>
      busy(element, () => work().catch((error) => toast(error.message))),
    );
    return element;
  }

  async function renew() {
    draw(await api.post(path, {}), { secret: true });
    body.querySelector("code").focus();
  }

  async function end() {
    await api.delete(path);
    draw({ exists: false, url: null });
    announce(words.ended);
    done.focus();
  }

  function draw({ exists, url }, { secret = course.openness !== "public" } = {}) {
    append(
      clear(body),
      secret && h("p", { class: "soft small" }, exists && !url ? words.exists : words.secret),
      url && h("p", { class: "secret feed-address" }, h("code", { tabindex: "0", dir: "ltr" }, url)),
      h(
        "div",
        { class: "row" },
        url && copyButton(words.copy, () => url, words.copied, "button"),
        secret && !url && button(exists ? words.renew : words.make, renew),
        secret && exists && button(words.end, end, "button quiet"),
      ),
    );
  }

  draw(await api.get(path));
  done.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
