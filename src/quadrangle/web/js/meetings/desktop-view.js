import RFB from "../../vendor/novnc/core/rfb.js";

import { announce, h } from "../base/dom.js";
import { clipboardPanel } from "./desktop/clipboard.js";
import { fullScreenButton } from "./desktop/full-screen.js";
import { keysPanel } from "./desktop/keys.js";
import { lagSign } from "./desktop/lag.js";
import { keepLine } from "./desktop/line.js";
import { stateNotice } from "./desktop/notice.js";
import { scale, scalingButton } from "./desktop/scaling.js";
import { watchedBadges, watchersOf } from "./desktop/watched.js";
import { texts } from "./texts.js";

const words = texts.desktop;

/**
 * `<q-desktop>` shows a desktop and, unless it only watches, passes keyboard and mouse on.
 *
 * Before `start()`: `getTicket`, a function that resolves to the address of the RFB stream with a
 * ticket that was not used yet; `role` and `names`, `{teacher, student}`; attribute `person`, whose
 * desktop it is, if not one's own. Whether one has keyboard and mouse (attribute `right`: `control`
 * or `watch`) is set by what the server says on the connection.
 *
 * Events: `q-line` with `{state, reason}` (see desktop/line.js), `q-right` with `{right}`,
 * `q-control` with what the server says of watching and helping (see control-panel.js), and
 * `q-take-back` when keyboard and mouse are wanted back.
 */
class DesktopView extends HTMLElement {
  static observedAttributes = ["right"];

  getTicket = null;
  role = null;
  names = null;
  resizes = false;
  #rfb = null;
  #line = null;
  #made = false;

  connectedCallback() {
    if (this.#made) return;
    this.#made = true;
    const person = this.getAttribute("person");
    this.#screen = h("div", {
      class: "desk-screen",
      role: "application",
      tabindex: "0",
      "aria-label": person ? words.screen(person) : words.own,
    });
    this.#frozen = h("canvas", { class: "desk-frozen", hidden: true, "aria-hidden": "true" });
    this.#notice = stateNotice(() => this.#line?.now());
    this.#lag = lagSign();
    const takeBack = () => this.dispatchEvent(new CustomEvent("q-take-back"));
    this.#watched = watchedBadges(this.role === "student" ? takeBack : null);
    this.#clipboard = clipboardPanel((text) => this.#rfb?.clipboardPasteFrom(text));
    this.#keys = keysPanel({
      screen: this.#screen,
      send: (keysym, code, down) => this.#rfb?.sendKey(keysym, code, down),
      ctrlAltDel: () => this.#rfb?.sendCtrlAltDel(),
      back: () => this.#rfb?.focus(),
    });
    this.#scaling = scalingButton((fits) => this.#rfb && scale(this.#rfb, fits));
    this.#watching = h("p", { class: "desk-watching" }, words.viewOnly);
    this.#watching.title = words.viewOnlyWhy;
    this.append(
      h("div", { class: "desk-stage" }, this.#frozen, this.#screen, this.#notice.element),
      h(
        "div",
        { class: "desk-bar", role: "group", "aria-label": words.bar },
        this.#watched.element,
        this.#watching,
        this.#keys.element,
        this.#clipboard.element,
        this.#scaling.element,
        fullScreenButton(this),
        this.#lag.element,
      ),
    );
    this.#screen.addEventListener("focus", () => this.#rfb?.focus({ preventScroll: true }));
    this.#screen.addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
    this.#showRight();
  }

  disconnectedCallback() {
    this.stop();
  }

  attributeChangedCallback(name, before, after) {
    if (before !== after) this.#showRight();
  }

  get right() {
    return this.getAttribute("right") === "watch" ? "watch" : "control";
  }

  start() {
    this.stop();
    this.#line = keepLine({
      getAddress: () => this.getTicket(),
      onOpen: (socket) => this.#open(socket),
      onState: (state, reason) => this.#onState(state, reason),
      onLag: (ms) => this.#lag.show(ms),
      onNote: (note) => this.#onNote(note),
    });
  }

  stop() {
    this.#line?.stop();
    this.#line = null;
  }

  #screen;
  #frozen;
  #notice;
  #lag;
  #watched;
  #clipboard;
  #keys;
  #scaling;
  #watching;

  #open(socket) {
    const line = this.#line;
    const rfb = new RFB(this.#screen, socket, { shared: true });
    rfb.background = "transparent";
    scale(rfb, this.#scaling.fits);
    rfb.resizeSession = this.resizes && this.right === "control";
    rfb.viewOnly = this.right === "watch";
    rfb.showDotCursor = true;
    rfb.addEventListener("connect", () => {
      this.#frozen.hidden = true;
      line.works();
      this.#showRight();
    });
    rfb.addEventListener("disconnect", () => {
      if (this.#rfb === rfb) this.#freeze(rfb);
    });
    rfb.addEventListener("clipboard", ({ detail }) => this.#clipboard.show(detail.text));
    // The pointer that noVNC draws where the browser has none.
    for (const drawn of document.querySelectorAll("body > canvas")) drawn.ariaHidden = "true";
    this.#rfb = rfb;
  }

  /** Keep the last picture in sight while the connection is away. */
  #freeze(rfb) {
    this.#rfb = null;
    this.#lag.show(null);
    const picture = rfb.getImageData();
    if (!picture || picture.width < 2) return;
    this.#frozen.width = picture.width;
    this.#frozen.height = picture.height;
    this.#frozen.getContext("2d").putImageData(picture, 0, 0);
    this.#frozen.hidden = false;
  }

  #onState(state, reason) {
    this.#notice.show(state, reason);
    this.dataset.state = state;
    this.dispatchEvent(new CustomEvent("q-line", { detail: { state, reason } }));
  }

  #onNote({ right, control }) {
    if (control) {
      const { role, names } = this;
      const person = this.getAttribute("person");
      this.#watched.show(watchersOf(control, { role, names, person }));
      this.dispatchEvent(new CustomEvent("q-control", { detail: control }));
    }
    if (!right || right === this.right) return;
    this.setAttribute("right", right);
    this.dispatchEvent(new CustomEvent("q-right", { detail: { right } }));
  }

  #showRight() {
    if (!this.#made) return;
    const watches = this.right === "watch";
    this.#watching.hidden = !watches || !this.hasAttribute("person"); // else the badge tells
    this.#keys.setEnabled(!watches);
    this.#clipboard.setEnabled(!watches);
    if (this.#rfb && this.#rfb.viewOnly !== watches) {
      this.#rfb.viewOnly = watches;
      announce(watches ? words.viewOnly : words.inControl);
    }
  }

  /** The keys of the desktop all go there, so there must be some that lead back to the page. */
  #onKey(event) {
    if (!(event.ctrlKey && event.altKey && event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#rfb.viewOnly = true; // lets go of what is held down
    this.#rfb.viewOnly = this.right === "watch";
    this.querySelector(".desk-bar button:not([disabled])")?.focus();
  }
}

customElements.define("q-desktop", DesktopView);
