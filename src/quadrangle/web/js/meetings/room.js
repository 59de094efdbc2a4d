import { announce, h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { chatPanel } from "./room/chat.js";
import { ownMedia } from "./room/own-media.js";
import { roomSession } from "./room/session.js";
import { roomStage } from "./room/stage.js";
import { texts } from "./texts.js";

const words = texts.room;
const ENDS = ["elsewhere", "failed"];
const OTHERS = { teacher: "student", student: "teacher" };

/**
 * `<q-room>` is the video room of our own: camera, microphone, screen and chat of two browsers.
 *
 * Before `start()`: `calls` (see room/calls.js), `role`, and `names`, `{teacher, student}`. Event:
 * `q-room` with `{state}` (see room/session.js).
 */
class Room extends HTMLElement {
  calls = null;
  role = null;
  names = null;
  #session = null;
  #media = null;
  #stage;
  #chat;
  #notice;
  #noticeText;
  #again;
  #complaint;
  #buttons;

  disconnectedCallback() {
    this.stop();
  }

  async start() {
    this.stop();
    if (!this.#stage) this.#make();
    this.#media = ownMedia({
      onChange: () => this.#showMedia(),
      connection: () => this.#session?.connection ?? null,
    });
    this.#showMedia();
    const media = this.#media;
    await media.open();
    if (media !== this.#media) {
      media.close();
      return;
    }
    this.#enter();
    window.addEventListener("pagehide", this.#leave);
  }

  stop() {
    window.removeEventListener("pagehide", this.#leave);
    this.#session?.stop();
    this.#session = null;
    this.#media?.close();
    this.#media = null;
    this.#stage?.stop();
  }

  /** For those who look whether it works: what the connection says of itself. */
  async statistics() {
    const report = await this.#session?.connection?.getStats();
    const inbound = [...(report?.values() ?? [])].filter((one) => one.type === "inbound-rtp");
    const frames = inbound.reduce((sum, one) => sum + (one.framesDecoded ?? 0), 0);
    return { frames, level: this.#stage.level(), ownLevel: this.#stage.ownLevel() };
  }

  #leave = () => this.#session?.stop();

  #make() {
    const other = this.names[OTHERS[this.role]];
    this.#stage = roomStage(other);
    this.#noticeText = h("p", { role: "status" });
    this.#again = h("button", { type: "button", class: "button" });
    this.#again.addEventListener("click", () => this.#enter());
    this.#notice = h("div", { class: "notice room-notice" }, this.#noticeText, this.#again);
    this.#complaint = h("div", { class: "notice progress room-complaint", hidden: true });
    this.#chat = chatPanel({
      role: this.role,
      names: this.names,
      onSend: (text) => this.#session?.chat(text) ?? Promise.resolve(new Error(words.notIn)),
      onUnread: (n) => this.#buttons.chat.setCount(n),
    });
    this.#buttons = this.#makeButtons();
    this.append(
      this.#stage.element,
      this.#notice,
      this.#complaint,
      h(
        "div",
        { class: "room-bar", role: "group", "aria-label": words.bar },
        Object.values(this.#buttons).map((button) => button.element),
      ),
      this.#chat.element,
    );
  }

  #makeButtons() {
    const switching = (work) => async () => {
      try {
        await work();
      } catch (error) {
        this.#complain(error.name === "NotAllowedError" ? "denied" : "failed");
      }
    };
    const canShare = Boolean(navigator.mediaDevices?.getDisplayMedia);
    const buttons = {
      microphone: roomButton(switching(() => this.#media.toggleMicrophone())),
      camera: roomButton(switching(() => this.#media.toggleCamera())),
      screen: roomButton(switching(() => this.#media.toggleScreen())),
      chat: roomButton(() => {
        const open = buttons.chat.toggle();
        this.#chat.setOpen(open);
      }),
    };
    buttons.screen.element.hidden = !canShare;
    buttons.chat.show("message-square", words.buttons.chat, false);
    return buttons;
  }

  #enter() {
    this.#session?.stop();
    this.#stage.setThere(false);
    this.#session = roomSession({
      calls: this.calls,
      role: this.role,
      sent: () => this.#media.sent(),
      told: () => this.#told(),
      on: {
        state: (state, reason) => this.#showState(state, reason),
        streams: (stream) => this.#stage.add(stream),
        other: (there) => this.#stage.setThere(there),
        told: ({ state }) => state && this.#stage.told(state),
        chat: (message) => this.#chat.add(message),
      },
    });
  }

  #told() {
    return {
      camera: this.#media.cameraOn,
      microphone: this.#media.microphoneOn,
      screen: this.#media.screen?.id ?? null,
    };
  }

  #showState(state, reason) {
    const other = this.names[OTHERS[this.role]];
    this.dataset.state = state;
    const text = words.states[state]?.(other, reason) ?? "";
    if (this.#noticeText.textContent !== text) this.#noticeText.textContent = text;
    this.#notice.hidden = state === "connected";
    this.#again.hidden = !ENDS.includes(state);
    this.#again.textContent = state === "elsewhere" ? words.here : words.again;
    if (state === "connected") announce(words.connected(other));
    this.dispatchEvent(new CustomEvent("q-room", { detail: { state } }));
  }

  #showMedia() {
    const media = this.#media;
    if (!media) return;
    const { microphone, camera, screen } = this.#buttons;
    const names = words.buttons;
    microphone.show(
      media.microphoneOn ? "mic" : "mic-off",
      media.microphoneOn ? names.mute : names.unmute,
      !media.microphoneOn,
    );
    camera.show(
      media.cameraOn ? "video" : "video-off",
      media.cameraOn ? names.cameraOff : names.cameraOn,
      !media.cameraOn,
    );
    screen.show(
      media.screen ? "screen-share-off" : "screen-share",
      media.screen ? names.unshare : names.share,
      Boolean(media.screen),
    );
    this.#stage.showOwn(media);
    this.#session?.tell();
    if (media.error) this.#complain(media.error);
    else this.#complaint.hidden = true;
  }

  #complain(why) {
    this.#complaint.replaceChildren(icon("triangle-alert"), h("p", {}, words.devices[why]));
    this.#complaint.hidden = false;
  }
}

/** A round button with a sign; `on` shows that something is not as usual. */
function roomButton(onClick) {
  const sign = h("span", { class: "desk-sign" });
  const count = h("span", { class: "room-count", hidden: true });
  const props = { type: "button", class: "button icon-only room-button" };
  const element = h("button", props, sign, count);
  element.addEventListener("click", onClick);
  let name = "";
  return {
    element,
    show(iconName, label, on) {
      name = label;
      sign.replaceChildren(icon(iconName));
      element.setAttribute("aria-label", label);
      element.title = label;
      element.classList.toggle("on", on);
    },
    toggle() {
      const open = element.getAttribute("aria-expanded") !== "true";
      element.setAttribute("aria-expanded", String(open));
      element.classList.toggle("on", open);
      return open;
    },
    setCount(n) {
      count.hidden = n === 0;
      count.textContent = String(n);
      element.setAttribute("aria-label", n ? words.buttons.unread(name, n) : name);
    },
  };
}

customElements.define("q-room", Room);
