import { announce, append, clear, h } from "../../base/dom.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { sizeOf } from "./sizes.js";
import { texts } from "./texts.js";

const words = texts.files;

/**
 * `<q-handouts>` shows the files of a meeting; the teacher adds and removes them.
 *
 * Before it is shown: `role`, `names`, `{teacher, student}`, and `calls`. `refresh()` asks for them
 * anew; it never throws, as what is shown still holds.
 */
class Handouts extends HTMLElement {
  role = null;
  names = null;
  calls = null;
  #shown = "";
  #largest = Infinity;
  #announced = null; // not known before the first look
  #adding = null;
  #list = h("ul", { role: "list", class: "handout-list", "aria-label": words.list });
  #none = h("p", { class: "soft" }, words.none);
  #problem = h("div", { class: "notice urgent", role: "alert", hidden: true });

  connectedCallback() {
    if (this.firstChild) return;
    const teaches = this.role === "teacher";
    append(
      this,
      h("h2", { class: "materials-title" }, words.title),
      h("p", { class: "hint" }, teaches ? words.teacherLead : words.studentLead),
      this.#list,
      this.#none,
      this.#problem,
      (this.#adding = teaches && this.#picker()),
    );
    this.refresh();
  }

  async refresh() {
    try {
      this.#show(await this.calls.files());
    } catch {
      // the next look brings them
    }
  }

  #picker() {
    const input = h("input", { type: "file", multiple: true, class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" });
    const button = h("button", { type: "button", class: "button" }, icon("paperclip"), words.add);
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", async () => {
      const chosen = [...input.files];
      input.value = "";
      await busy(button, () => this.#addAll(chosen));
    });
    return h("div", { class: "row" }, button, input);
  }

  async #addAll(files) {
    const problems = [];
    for (const file of files) {
      if (file.size > this.#largest) {
        problems.push(words.tooLarge(file.name, sizeOf(this.#largest)));
        continue;
      }
      announce(words.adding(file.name));
      try {
        if (this.#announced === null) this.#show(await this.calls.files());
        this.#show(await this.calls.addFile(file, this.#announced));
        announce(words.added(file.name));
      } catch (error) {
        problems.push(words.failed(file.name, error.message));
      }
    }
    this.#tell(problems);
  }

  #tell(problems) {
    this.#problem.hidden = problems.length === 0;
    const lines = problems.map((text) => h("p", { dir: "auto" }, text));
    append(clear(this.#problem), icon("triangle-alert"), h("div", {}, lines));
  }

  #show({ files, most, largest, announced }) {
    if (this.#adding) this.#adding.hidden = most === 0;
    this.#largest = largest;
    this.#announced = announced;
    const now = JSON.stringify(files);
    if (now === this.#shown) return;
    this.#shown = now;
    this.#none.hidden = files.length > 0;
    append(clear(this.#list), files.map((file) => this.#row(file)));
  }

  #row(file) {
    const placed = file.onDesktops;
    const removable = this.role === "teacher" && placed.length === 0;
    const problems = Object.entries(file.problems).map(([role, why]) =>
      h("p", { class: "handout-problem" }, icon("triangle-alert"), words.problem(this.names[role], why)),
    );
    const button =
      removable &&
      h(
        "button",
        { type: "button", class: "button quiet icon-only", "aria-label": words.remove(file.name) },
        icon("trash-2"),
      );
    if (button) button.addEventListener("click", () => busy(button, () => this.#remove(file)));
    return h(
      "li",
      { class: "handout" },
      h(
        "div",
        { class: "handout-what" },
        h("span", { class: "handout-name", dir: "auto" }, file.name),
        h("span", { class: "soft small" }, `${sizeOf(file.size)} · ${this.#where(placed)}`),
        problems,
      ),
      button,
    );
  }

  #where(placed) {
    if (this.role === "student") {
      return placed.includes("student") ? words.lies : words.waits;
    }
    if (placed.length === 0) return words.waits;
    return placed.length === 2 ? words.lies : words.liesOn(this.names[placed[0]]);
  }

  async #remove(file) {
    try {
      await this.calls.removeFile(file.fileId);
      announce(words.removed(file.name));
      this.#tell([]);
    } catch (error) {
      this.#tell([error.message]);
    }
    await this.refresh();
    this.querySelector("button")?.focus();
  }
}

customElements.define("q-handouts", Handouts);
