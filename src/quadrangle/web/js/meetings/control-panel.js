import { announce, h } from "../base/dom.js";
import { busy } from "../parts/forms/forms.js";
import { icon } from "../parts/icons.js";
import { texts } from "./texts.js";

const words = texts.control;

/**
 * `<q-control>` is where both agree on who watches and who has keyboard and mouse.
 *
 * Before it is shown: `role`, `names`, `{teacher, student}`, and `act(action)`, which does
 * something (see control/model.py) and resolves to how it is then. `show(control)` is for how it is
 * now, from wherever that is known: answers, notes of `<q-desktop>`, the lobby; older news than
 * what is shown are passed by. Event: `q-look` with `{on}` when the other one's desktop is to be
 * shown or no longer.
 */
class ControlPanel extends HTMLElement {
  role = null;
  names = null;
  act = null;
  #control = null;
  #text = h("p", { role: "status" });
  #box = h("div", { class: "control-state" });
  #buttons = h("div", { class: "control-buttons" });
  #failure = h("p", { class: "control-failed", role: "alert", hidden: true });

  connectedCallback() {
    if (this.firstChild) return;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", words.title);
    this.append(this.#box, this.#failure);
    this.#box.append(this.#text, this.#buttons);
  }

  show(control) {
    if (this.#control && control.version <= this.#control.version) return;
    const before = this.#control;
    this.#control = control;
    this.#render();
    const looks = control.watching.includes(this.role);
    if (looks !== Boolean(before?.watching.includes(this.role))) {
      this.dispatchEvent(new CustomEvent("q-look", { detail: { on: looks } }));
    }
  }

  async do(action) {
    this.#failure.hidden = true;
    try {
      this.show(await this.act(action));
    } catch (error) {
      this.#failure.textContent = error.message;
      this.#failure.hidden = false;
    }
  }

  #render() {
    const { text, kind, choices } = (this.role === "teacher" ? teacherSees : studentSees)(
      this.#control,
      this.names,
    );
    this.dataset.kind = kind;
    if (text && text !== this.#text.textContent && kind !== "calm") announce(text);
    this.#text.textContent = text;
    this.#text.hidden = !text;
    const hadFocus = this.#buttons.contains(document.activeElement);
    this.#buttons.replaceChildren(...choices.map((choice) => this.#button(choice)));
    if (hadFocus) this.#buttons.querySelector("button")?.focus();
  }

  #button({ action, label, sign, style = "" }) {
    const button = h("button", { type: "button", class: `button ${style}` }, icon(sign), label);
    button.addEventListener("click", () => busy(button, () => this.do(action)));
    return button;
  }
}

const choice = (action, label, sign, style) => ({ action, label, sign, style });

function teacherSees({ watching, asked, called, hand, offered }, { student }) {
  const look = watching.includes("teacher");
  const share = offered
    ? choice("withdraw", words.withdraw, "monitor-off")
    : choice("offer", words.offer(student), "monitor");
  if (hand === "teacher") {
    return {
      kind: "hand",
      text: words.youHelp(student),
      choices: [choice("hand-back", words.handBack, "undo-2", "primary"), share],
    };
  }
  const stop = choice("stop-watching", words.stopWatching, "eye-off");
  if (asked) {
    return {
      kind: "waiting",
      text: words.youAsked(student),
      choices: [choice("hand-back", words.askNoMore, "x"), stop],
    };
  }
  const watch = choice("watch", words.watch(student), "eye");
  if (called) {
    const take = choice("ask", words.takeHand, "hand-helping", "primary");
    return { kind: "asked", text: words.calls(student), choices: look ? [take, stop] : [watch] };
  }
  const ask = choice("ask", words.ask, "mouse-pointer");
  const seen = watching.includes("student") ? words.seesYours(student) : "";
  return { kind: "calm", text: seen, choices: look ? [ask, stop, share] : [watch, share] };
}

function studentSees({ watching, asked, called, hand, offered }, { teacher }) {
  if (hand === "teacher") {
    return {
      kind: "hand",
      text: words.helps(teacher),
      choices: [choice("take-back", words.takeBack, "undo-2", "primary")],
    };
  }
  if (asked) {
    return {
      kind: "asked",
      text: words.asks(teacher),
      choices: [
        choice("grant", words.grant, "check", "primary"),
        choice("refuse", words.refuse, "x"),
      ],
    };
  }
  const look = watching.includes("student")
    ? [choice("stop-watching", words.stopWatching, "eye-off")]
    : offered
      ? [choice("watch", words.watch(teacher), "eye")]
      : [];
  if (called) {
    return {
      kind: "waiting",
      text: words.youCalled(teacher),
      choices: [choice("take-back", words.callNoMore, "x"), ...look],
    };
  }
  const offers = offered && !watching.includes("student") ? words.offers(teacher) : "";
  return { kind: "calm", text: offers, choices: [choice("call", words.call, "hand"), ...look] };
}

customElements.define("q-control", ControlPanel);
