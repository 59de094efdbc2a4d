import { h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { texts } from "./texts.js";

const words = texts.jitsi;
const PATIENCE_MS = 15_000;
const loads = new Map();

/** The IFrame API of a Jitsi server, loaded once from its own address. */
function apiOf(domain) {
  if (!loads.has(domain)) {
    const loading = new Promise((resolve, reject) => {
      const script = h("script", { src: `https://${domain}/external_api.js`, async: true });
      const timer = setTimeout(() => reject(new Error(words.slow)), PATIENCE_MS);
      script.addEventListener("load", () => {
        clearTimeout(timer);
        if (window.JitsiMeetExternalAPI) resolve(window.JitsiMeetExternalAPI);
        else reject(new Error(words.strange));
      });
      script.addEventListener("error", () => {
        clearTimeout(timer);
        reject(new Error(words.unreachable));
      });
      document.head.append(script);
    });
    loading.catch(() => loads.delete(domain)); // the next try loads it anew
    loads.set(domain, loading);
  }
  return loads.get(domain);
}

/**
 * `<q-jitsi-room>` shows the meeting's room on a Jitsi server. Before `start()`: `getRoom`, which
 * resolves to `{domain, room, name, token}`, and `address`, where the room opens by itself.
 */
class JitsiRoom extends HTMLElement {
  getRoom = null;
  address = null;
  #api = null;
  #notice = h("div", { class: "notice room-notice", role: "status" });
  #place = h("div", { class: "jitsi-place" });

  connectedCallback() {
    if (!this.#place.isConnected) this.append(this.#notice, this.#place);
  }

  disconnectedCallback() {
    this.stop();
  }

  async start() {
    this.stop();
    this.#say(words.opening);
    let found;
    let Api;
    try {
      found = await this.getRoom();
      Api = await apiOf(found.domain);
    } catch (error) {
      this.#say(words.failed(error.message), () => this.start());
      return;
    }
    if (!this.isConnected) return;
    const { domain, room, name, token } = found;
    this.#notice.hidden = true;
    this.#api = new Api(domain, {
      roomName: room,
      jwt: token ?? undefined,
      parentNode: this.#place,
      width: "100%",
      height: "100%",
      userInfo: { displayName: name },
      configOverwrite: { prejoinConfig: { enabled: false }, disableDeepLinking: true },
    });
    for (const state of ["videoConferenceJoined", "videoConferenceLeft"]) {
      this.#api.addListener(state, () => this.#tell(state));
    }
    this.#api.addListener("readyToClose", () => {
      this.stop();
      this.#say(words.left, () => this.start());
    });
  }

  stop() {
    this.#api?.dispose();
    this.#api = null;
  }

  #tell(state) {
    const joined = state === "videoConferenceJoined";
    this.dataset.state = joined ? "connected" : "alone";
    this.dispatchEvent(new CustomEvent("q-room", { detail: { state: this.dataset.state } }));
  }

  #say(text, again) {
    const way =
      again && h("button", { type: "button", class: "button" }, icon("rotate-ccw"), words.again);
    way?.addEventListener("click", again);
    const away = h(
      "a",
      { class: "button quiet", href: this.address, target: "_blank", rel: "noopener" },
      icon("external-link"),
      words.elsewhere,
    );
    this.#notice.replaceChildren(h("p", {}, text), ...(way ? [way, away] : []));
    this.#notice.hidden = false;
  }
}

customElements.define("q-jitsi-room", JitsiRoom);
