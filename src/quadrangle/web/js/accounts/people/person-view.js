import { api } from "../../base/api.js";
import { confirmDialog } from "../../parts/confirm.js";
import { h } from "../../base/dom.js";
import { busy, clearErrors, field, showErrors } from "../../parts/forms.js";
import { icon } from "../../parts/icons.js";
import { timeElement } from "../../base/time.js";
import { toast } from "../../parts/toast.js";
import { doors } from "./doors.js";
import { shownEmail, statusBadge } from "./shown.js";
import { texts as words } from "./texts.js";

const NOTICES = {
  invited: words.isInvited,
  unconfirmed: words.isUnconfirmed,
  disabled: words.isDisabled,
  closed: words.isClosed,
};

// One account: what is known of it, and what an administrator can do with it.
export class PersonView {
  #id = null;
  #asking = null;

  constructor({ me, onBack, onChanged }) {
    this.me = me;
    this.onBack = onBack;
    this.onChanged = onChanged;
    this.element = h("section", { class: "detail-pane", "aria-label": words.detail });
  }

  async show(accountId, { focus = false } = {}) {
    if (accountId === this.#id) return;
    this.#id = accountId;
    this.#asking?.abort();
    if (!accountId) {
      this.element.replaceChildren(
        h("div", { class: "empty" }, icon("user-round"), h("p", {}, words.choose)),
      );
      return;
    }
    const { signal } = (this.#asking = new AbortController());
    try {
      const path = `/api/accounts/people/${encodeURIComponent(accountId)}`;
      this.#draw(await api.get(path, { signal }));
      if (focus) this.element.querySelector("h2").focus({ preventScroll: true });
    } catch (error) {
      if (signal.aborted) return;
      const text = error.status === 404 ? words.gone : error.message;
      this.element.replaceChildren(
        this.#back(),
        h("div", { class: "notice urgent", role: "alert" }, h("p", {}, text)),
      );
    }
  }

  /** Draw the account as a call has left it, with the focus where it was. */
  #changed(person) {
    const action = document.activeElement?.dataset?.action;
    this.onChanged(person);
    if (person.accountId !== this.#id) return;
    this.#draw(person);
    const again = action && this.element.querySelector(`[data-action="${action}"]`);
    (again || this.element.querySelector("h2")).focus({ preventScroll: true });
  }

  #draw(person) {
    const notice = NOTICES[person.status];
    const isMe = person.accountId === this.me.accountId;
    this.element.replaceChildren(
      this.#back(),
      h(
        "div",
        { class: "person-head" },
        h("h2", { tabindex: "-1" }, person.name, isMe && ` (${words.you})`),
        statusBadge(person.status),
      ),
      facts(person),
      notice ? h("div", { class: "notice" }, icon("info"), h("p", {}, notice)) : "",
      ...(person.status === "closed"
        ? []
        : [this.#form(person, isMe), doors(person, (now) => this.#changed(now))]),
    );
  }

  #back() {
    const back = h(
      "button",
      { type: "button", class: "button quiet detail-back" },
      icon("arrow-left"),
      words.back,
    );
    back.addEventListener("click", this.onBack);
    return back;
  }

  #form(person, isMe) {
    const name = h("input", { type: "text", maxlength: 100, autocomplete: "off" });
    const role = h(
      "select",
      {},
      Object.entries(words.roles).map(([value, label]) => h("option", { value }, label)),
    );
    const save = h(
      "button",
      { type: "submit", class: "button", dataset: { action: "save" } },
      words.save,
    );
    const form = h(
      "form",
      { class: "person-form", novalidate: true },
      h("h3", {}, words.edit),
      field(name, { name: "name", label: words.name }),
      field(role, { name: "role", label: words.role, hint: words.roleHint }),
      save,
    );
    name.value = person.name;
    role.value = person.role;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const demoted = isMe && person.role === "admin" && role.value !== "admin";
      const asked = { text: words.demoteSelf, yes: words.goOn, no: words.cancel };
      if (demoted && !(await confirmDialog(asked))) return;
      const body = { name: name.value, role: role.value };
      await busy(save, () => this.#save(form, person, body));
    });
    return form;
  }

  async #save(form, person, body) {
    clearErrors(form);
    try {
      this.#changed(await api.patch(`/api/accounts/people/${person.accountId}`, body));
      toast(words.saved);
    } catch (error) {
      showErrors(
        form,
        error.errors?.length ? error.errors : [{ field: null, message: error.message }],
      );
    }
  }
}

function facts(person) {
  const fact = (term, value) => h("div", {}, h("dt", {}, term), h("dd", {}, value));
  const since = person.status === "invited" ? words.invitedOn : words.since;
  return h(
    "dl",
    { class: "detail-facts" },
    fact(words.email, shownEmail(person)),
    person.newEmail && fact(words.newEmail, words.pending(person.newEmail)),
    fact(since, timeElement(person.createdAt)),
    fact(words.twoFactor, person.twoFactor ? words.twoFactorOn : words.twoFactorOff),
  );
}
