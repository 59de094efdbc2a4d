import { h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { levelMeter } from "./room/level-meter.js";
import {
  canUseDevices,
  chooseDevices,
  chosenDevices,
  listDevices,
  openCamera,
  openDevices,
  openMicrophone,
} from "./room/media.js";
import { texts } from "./texts.js";

const words = texts.check;
const OPENERS = { camera: openCamera, microphone: openMicrophone };

/**
 * `<q-device-check>` shows whether camera and microphone work before they are needed, and keeps
 * which are chosen. Nothing is opened before the button is pressed, and nothing is sent anywhere.
 */
class DeviceCheck extends HTMLElement {
  #stream = null;
  #video = h("video", { autoplay: true, playsinline: true, class: "check-picture" });
  #meter = levelMeter(words.level);
  #notice = h("div", { class: "notice progress", role: "alert", hidden: true });
  #fields = h("div", { class: "check-fields", hidden: true });
  #start = h("button", { type: "button", class: "button" }, icon("camera"), words.start);
  #off = h("p", { class: "check-off soft small" }, words.off);
  #sound = h("p", { class: "check-sound", hidden: true });
  #made = false;

  connectedCallback() {
    if (this.#made) return;
    this.#made = true;
    this.#video.muted = true;
    this.#video.setAttribute("aria-label", words.picture);
    this.#sound.append(h("span", {}, words.speak), this.#meter.element);
    this.#start.addEventListener("click", () => this.start());
    this.append(
      h("div", { class: "check-stage" }, this.#video, this.#off),
      h("div", { class: "stack tight" }, this.#start, this.#notice, this.#sound, this.#fields),
    );
    navigator.mediaDevices?.addEventListener("devicechange", this.#list);
  }

  disconnectedCallback() {
    this.stop();
    navigator.mediaDevices?.removeEventListener("devicechange", this.#list);
  }

  async start() {
    this.stop();
    this.#start.setAttribute("aria-busy", "true");
    const { camera, microphone, error } = await openDevices();
    this.#start.removeAttribute("aria-busy");
    this.#complain(error);
    this.#stream = new MediaStream([camera, microphone].filter(Boolean));
    this.#start.hidden = Boolean(camera && microphone);
    this.#show();
    await this.#list();
  }

  stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#meter.stop();
    this.#video.srcObject = null;
  }

  #show() {
    this.#video.srcObject = this.#stream;
    this.#off.hidden = this.#stream.getVideoTracks().length > 0;
    this.#sound.hidden = this.#stream.getAudioTracks().length === 0;
    this.#meter.follow(this.#stream);
  }

  #complain(error) {
    this.#notice.hidden = !error;
    if (!error) return;
    const text = canUseDevices() ? texts.room.devices[error] : texts.room.devices.insecure;
    this.#notice.replaceChildren(icon("triangle-alert"), h("p", {}, text));
  }

  #list = async () => {
    if (!this.#stream) return;
    const devices = await listDevices();
    const fields = Object.entries(devices)
      .filter(([, found]) => found.length > 1)
      .map(([kind, found]) => this.#choice(kind, found));
    this.#fields.replaceChildren(...fields);
    this.#fields.hidden = fields.length === 0;
  };

  #choice(kind, found) {
    const chosen = chosenDevices()[kind];
    const select = h(
      "select",
      { id: `check-${kind}` },
      found.map(({ id, label }, i) =>
        h("option", { value: id, selected: id === chosen }, label || words.numbered[kind](i + 1)),
      ),
    );
    select.addEventListener("change", () => this.#pick(kind, select.value));
    return h("div", { class: "field" }, h("label", { for: select.id }, words[kind]), select);
  }

  async #pick(kind, id) {
    chooseDevices({ [kind]: id });
    try {
      const [track] = (await OPENERS[kind](id)).getTracks();
      const before = this.#stream.getTracks().find((one) => one.kind === track.kind);
      before?.stop();
      if (before) this.#stream.removeTrack(before);
      this.#stream.addTrack(track);
      this.#complain(null);
      this.#show();
    } catch {
      this.#complain("failed");
    }
  }
}

customElements.define("q-device-check", DeviceCheck);
