import { announce, append, clear, h } from "../../base/dom.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts } from "./texts.js";

const words = texts.recorder;

/**
 * `<q-recorder>` is where both agree on a recording, and see that there is one.
 *
 * Before it is shown: `role`, `names`, `{teacher, student}`, and `calls`. `refresh()` asks how it is
 * now; `ask()` asks whose desktop is to be recorded.
 */
class Recorder extends HTMLElement {
  role = null;
  names = null;
  calls = null;
  #version = -1;
  #choosing = false;
  #active = null;
  #last = null;
  #text = h("p", {});
  #buttons = h("div", { class: "control-buttons" });
  #state = h("div", { class: "recorder-state" });
  #failure = h("p", { class: "control-failed", role: "alert", hidden: true });

  connectedCallback() {
    if (this.firstChild) return;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", words.title);
    append(this.#state, h("span", { class: "recorder-light", "aria-hidden": "true" }), this.#text, this.#buttons);
    this.append(this.#state, this.#failure);
    this.#render();
    this.refresh();
  }

  get active() {
    return this.#active;
  }

  ask() {
    this.#choosing = true;
    this.#render();
    this.#buttons.querySelector("button")?.focus();
  }

  async refresh() {
    try {
      this.#show(await this.calls.recordings());
    } catch {
      // the next look brings it
    }
  }

  async #do(action, named) {
    this.#failure.hidden = true;
    this.#choosing = false;
    try {
      this.#show(await this.calls.record(action, named));
    } catch (error) {
      this.#failure.textContent = error.message;
      this.#failure.hidden = false;
      this.#render();
      if (error.status === 409) this.refresh();
    }
  }

  #show({ recordings, active, version }) {
    if (version < this.#version) return;
    const first = this.#version < 0;
    const changed = version !== this.#version;
    this.#version = version;
    this.#active = recordings.find((one) => one.recordingId === active) ?? null;
    const last = recordings.at(-1) ?? null;
    const ended = this.#last && last?.recordingId === this.#last.recordingId && !this.#active;
    this.#last = last;
    if (this.#active) this.#choosing = false;
    if (!changed) return;
    this.#render();
    if (first && !this.#active) return;
    if (this.#active) announce(this.#text.textContent);
    else if (ended) announce(this.#ending(last));
    this.dispatchEvent(new CustomEvent("q-recording", { detail: { active: this.#active } }));
  }

  #ending({ state, reason }) {
    if (state === "failed") return words.failed(reason);
    if (state === "refused") return words.refused;
    return reason ? words.broke(reason) : words.ready;
  }

  #whose(desktop) {
    return desktop === this.role ? words.yours : words.theirs(this.names[desktop]);
  }

  #now() {
    const active = this.#active;
    const other = this.role === "teacher" ? "student" : "teacher";
    if (this.#choosing && !active) {
      return {
        kind: "asked",
        text: words.which,
        choices: [
          [words.other(this.names[other]), "monitor", () => this.#do("ask", { desktop: other }), ""],
          [words.own, "monitor", () => this.#do("ask", { desktop: this.role }), ""],
          [words.cancel, "x", () => this.#cancel(), "quiet"],
        ],
      };
    }
    if (!active) {
      const last = this.#last;
      const tells = last && !["removing", "removed"].includes(last.state);
      return { kind: tells ? "over" : "none", text: tells ? this.#ending(last) : "", choices: [] };
    }
    const whose = this.#whose(active.desktop);
    const stop = [words.stop, "x", () => this.#do("stop"), ""];
    switch (active.state) {
      case "asked":
        if (active.askedBy === this.role) {
          const refuse = [words.takeBack, "x", () => this.#do("refuse"), ""];
          return { kind: "waiting", text: words.waiting(this.names[other], whose), choices: [refuse] };
        }
        return {
          kind: "asked",
          text: words.asked(this.names[active.askedBy], whose),
          choices: [
            [words.agree, "check", () => this.#do("agree", { recordingId: active.recordingId }), "primary"],
            [words.refuse, "x", () => this.#do("refuse"), ""],
          ],
        };
      case "starting":
        return { kind: "waiting", text: words.starting(whose), choices: [stop] };
      case "running":
        return { kind: "running", text: words.running(whose), choices: [stop] };
      default:
        return { kind: "waiting", text: words.stopping, choices: [] };
    }
  }

  #cancel() {
    this.#choosing = false;
    this.#render();
    this.dispatchEvent(new CustomEvent("q-recording", { detail: { active: this.#active } }));
  }

  #render() {
    const { kind, text, choices } = this.#now();
    const hadFocus = this.#buttons.contains(document.activeElement);
    this.dataset.kind = kind;
    this.hidden = kind === "none" && this.#failure.hidden;
    this.#text.textContent = text;
    append(
      clear(this.#buttons),
      choices.map(([label, sign, work, style]) => {
        const button = h("button", { type: "button", class: `button ${style}` }, icon(sign), label);
        button.addEventListener("click", () => busy(button, async () => work()));
        return button;
      }),
    );
    if (hadFocus) this.#buttons.querySelector("button")?.focus();
  }
}

customElements.define("q-recorder", Recorder);
