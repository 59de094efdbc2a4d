import "./terminal/q-style.js";

import { FitAddon } from "../../vendor/xterm/addon-fit.mjs";
import { Terminal } from "../../vendor/xterm/xterm.mjs";

import { announce, debounced, h } from "../base/dom.js";
import { fullScreenButton } from "./desktop/full-screen.js";
import { lagSign } from "./desktop/lag.js";
import { keepLine } from "./desktop/line.js";
import { stateNotice } from "./desktop/notice.js";
import { watchedBadges, watchersOf } from "./desktop/watched.js";
import { coloursOf, onThemeChange } from "./terminal/colours.js";
import * as frames from "./terminal/frames.js";
import { terminalKeys } from "./terminal/keys.js";
import { texts } from "./texts.js";

const words = texts.terminal;
const FONT =
  'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';
const PIECE = 32 * 1024; // bytes of what is pasted that go in one frame
const FONT_SIZES = [15, 14, 13, 12, 11, 10, 9, 8];

/**
 * `<q-terminal>` shows a terminal and passes on what is typed. Used like `<q-desktop>`:
 * `getTicket`, `role`, `names`, attributes `person` and `right`, `start()`, the same events.
 *
 * Its size follows the window of whose it is; who only watches sees it as large as fits.
 */
class TerminalView extends HTMLElement {
  static observedAttributes = ["right"];

  getTicket = null;
  role = null;
  names = null;
  #line = null;
  #socket = null;
  #made = false;
  #terminal;
  #fit;
  #place;
  #notice;
  #lag;
  #watched;
  #keys;
  #watching;
  #resized;
  #endTheme;
  #encoder = new TextEncoder();

  connectedCallback() {
    if (this.#made) return;
    this.#made = true;
    const person = this.getAttribute("person");
    this.#place = h("div", { class: "term-place" });
    this.#notice = stateNotice(() => this.#line?.now());
    this.#lag = lagSign();
    const takeBack = () => this.dispatchEvent(new CustomEvent("q-take-back"));
    this.#watched = watchedBadges(this.role === "student" ? takeBack : null);
    this.#keys = terminalKeys({
      type: (text) => {
        this.#type(text);
        this.#terminal.focus();
      },
      onReadOut: (on) => (this.#terminal.options.screenReaderMode = on),
    });
    this.#watching = h("p", { class: "desk-watching" }, texts.desktop.viewOnly);
    this.append(
      h(
        "div",
        { class: "desk-stage", role: "group", "aria-label": person ? words.of(person) : words.own },
        this.#place,
        this.#notice.element,
      ),
      h(
        "div",
        { class: "desk-bar", role: "group", "aria-label": words.bar },
        this.#watched.element,
        this.#watching,
        this.#keys.element,
        fullScreenButton(this),
        this.#lag.element,
      ),
    );
    this.#open();
    this.#showRight();
  }

  disconnectedCallback() {
    this.stop();
    this.#resized?.disconnect();
    this.#endTheme?.();
    this.#terminal?.dispose();
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
      onOpen: (socket) => this.#connect(socket),
      onState: (state, reason) => {
        this.#notice.show(state, reason);
        this.dataset.state = state;
        this.dispatchEvent(new CustomEvent("q-line", { detail: { state, reason } }));
      },
      onLag: (ms) => this.#lag.show(ms),
      onNote: (note) => this.#onNote(note),
    });
  }

  stop() {
    this.#line?.stop();
    this.#line = null;
    this.#socket = null;
  }

  #open() {
    this.#terminal = new Terminal({
      allowProposedApi: true,
      fontFamily: FONT,
      fontSize: FONT_SIZES[0],
      theme: coloursOf(this),
      minimumContrastRatio: 4.5,
      scrollback: 5_000,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    this.#fit = new FitAddon();
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.open(this.#place);
    this.#terminal.onData((text) => this.#type(text));
    this.#terminal.onBinary((text) => this.#send(Uint8Array.from(text, (c) => c.charCodeAt(0))));
    this.#terminal.attachCustomKeyEventHandler((event) => this.#onKey(event));
    this.#resized = new ResizeObserver(debounced(() => this.#adapt(), 120));
    this.#resized.observe(this.#place);
    this.#endTheme = onThemeChange(() => (this.#terminal.options.theme = coloursOf(this)));
  }

  #connect(socket) {
    const line = this.#line;
    const read = frames.frameReader((kind, payload) => {
      if (kind === frames.SIZE) this.#onSize(frames.sizeOf(payload));
      else if (kind === frames.SCREEN || kind === frames.OUTPUT) {
        if (kind === frames.SCREEN) this.#terminal.reset();
        this.#terminal.write(payload.slice());
        line.works();
      }
    });
    socket.onmessage = ({ data }) => read(data);
    socket.onopen = () => this.#adapt();
    socket.onclose = () => {
      this.#socket = null;
      this.#lag.show(null);
    };
    this.#socket = socket;
  }

  get #isOwner() {
    return !this.hasAttribute("person");
  }

  /** One's own terminal gets the size of the window; somebody else's gets letters that fit. */
  #adapt() {
    if (this.#isOwner && this.right === "control") {
      const fits = this.#fit.proposeDimensions();
      if (!fits || !Number.isFinite(fits.cols)) return;
      this.#terminal.resize(fits.cols, fits.rows);
      this.#socket?.send(frames.sizeFrame(fits.cols, fits.rows));
      return;
    }
    for (const size of FONT_SIZES) {
      this.#terminal.options.fontSize = size;
      const fits = this.#fit.proposeDimensions();
      if (!fits || (fits.cols >= this.#terminal.cols && fits.rows >= this.#terminal.rows)) return;
    }
  }

  #onSize({ columns, rows }) {
    if (columns === this.#terminal.cols && rows === this.#terminal.rows) return;
    this.#terminal.resize(columns, rows);
    if (!this.#isOwner) this.#adapt();
  }

  #type(text) {
    this.#send(this.#encoder.encode(text));
  }

  #send(bytes) {
    if (this.right !== "control") return;
    for (let place = 0; place < bytes.length; place += PIECE) {
      this.#socket?.send(frames.frame(frames.INPUT, bytes.subarray(place, place + PIECE)));
    }
  }

  #onNote({ right, control }) {
    if (control) {
      const { role, names } = this;
      this.#watched.show(watchersOf(control, { role, names, person: !this.#isOwner }));
      this.dispatchEvent(new CustomEvent("q-control", { detail: control }));
    }
    if (!right || right === this.right) return;
    this.setAttribute("right", right);
    announce(right === "watch" ? texts.desktop.viewOnly : texts.desktop.inControl);
    this.dispatchEvent(new CustomEvent("q-right", { detail: { right } }));
  }

  #showRight() {
    if (!this.#terminal) return;
    const watches = this.right === "watch";
    this.#watching.hidden = !watches || this.#isOwner;
    this.#keys.setEnabled(!watches);
    this.#terminal.options.disableStdin = watches;
    this.#terminal.options.cursorInactiveStyle = watches ? "none" : "outline";
    if (!watches) this.#adapt();
  }

  /** All keys go to the terminal, so there must be some that lead back to the page. */
  #onKey(event) {
    if (!(event.ctrlKey && event.altKey && event.shiftKey)) return true;
    event.preventDefault();
    this.querySelector(".desk-bar button:not([disabled])")?.focus();
    return false;
  }
}

customElements.define("q-terminal", TerminalView);
