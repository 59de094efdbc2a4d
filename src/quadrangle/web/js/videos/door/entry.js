import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { Door } from "../../parts/door.js";
import { icon } from "../../parts/icons.js";
import { retryNotice } from "../../parts/retry-notice.js";
import { watchAddress } from "../addresses.js";
import { lasting } from "../amounts.js";
import { texts as words } from "./texts.js";

const FRESH_MS = 120_000;

/** The start page's card: the newest video, or the way to all of them. */
class WatchDoor extends Door {
  #shown = null;

  constructor() {
    super("watch-door", words.title, FRESH_MS);
  }

  async refresh() {
    try {
      const { videos } = await api.get("/api/gallery/videos", { query: { limit: 1 } });
      const shape = JSON.stringify(videos[0] ?? {});
      if (shape === this.#shown) return;
      this.#shown = shape;
      this.show(videos[0]);
    } catch (error) {
      if (this.#shown !== null || this.hidden) return; // what stands there is true enough
      this.draw(retryNotice("", error, () => this.refresh()));
    }
  }

  show(newest) {
    const all = h("a", { class: newest ? "button quiet" : "button", href: "/watch" }, words.all);
    if (!newest) {
      this.draw(h("p", { class: "soft" }, words.none), all);
      return;
    }
    const line = h(
      "p",
      {},
      `${words.new} `,
      h("b", { dir: "auto" }, newest.title),
      h("br"),
      newest.duration ? [lasting(newest.duration), " · "] : null,
      timeElement(newest.created_at),
    );
    this.draw(
      line,
      h("a", { class: "button", href: watchAddress(newest) }, icon("circle-play"), words.watch),
      all,
    );
  }
}

customElements.define("q-watch-door", WatchDoor);
