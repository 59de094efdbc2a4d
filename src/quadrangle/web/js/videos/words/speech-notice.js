import { announce, append, clear, h } from "../../base/dom.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { texts } from "./texts.js";

const words = texts.speech;
const POLL_MS = 5_000;

/**
 * How far automatic captions are, for the owner: `show(speech)` draws it and looks again while they
 * are made. `onThere()` is called once they are there.
 */
export function speechNotice(calls, { onThere, onAsk }) {
  const element = h("div", { class: "speech-notice", role: "status", hidden: true });
  let timer = 0;
  let speech = null;

  function act(label, work) {
    const button = h("button", { type: "button", class: "button quiet" }, label);
    button.addEventListener("click", () =>
      busy(button, () => Promise.resolve(work()).catch((error) => toast(error.message))),
    );
    return button;
  }

  async function stop() {
    await calls.stopMaking();
    announce(words.stopped);
    show({ ...speech, state: null });
  }

  async function look() {
    if (document.hidden) return later();
    const found = await calls.captions().catch(() => null);
    if (!found?.speech) return later();
    const made = speech.state !== "failed" && !found.speech.state;
    show(found.speech);
    if (made && found.captions.some((one) => one.automatic)) {
      announce(words.there);
      onThere(found.captions);
    }
    return undefined;
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(look, POLL_MS);
  }

  function show(fresh) {
    clearTimeout(timer);
    const same = speech && fresh.state === speech.state && fresh.failure === speech.failure;
    speech = fresh;
    if (fresh.state === "waiting" || fresh.state === "working") later();
    if (same) return;
    element.hidden = !fresh.state;
    element.classList.toggle("failed", fresh.state === "failed");
    if (!fresh.state) {
      clear(element);
      return;
    }
    const failed = fresh.state === "failed";
    append(
      clear(element),
      icon(failed ? "triangle-alert" : "hourglass"),
      h("p", {}, failed ? fresh.failure : words[fresh.state]),
      failed ? [act(words.again, onAsk), act(words.dismiss, stop)] : act(words.stop, stop),
    );
  }

  return { element, show, get speech() { return speech; } };
}
