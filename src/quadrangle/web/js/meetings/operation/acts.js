import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { busy, field } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { texts as words } from "./texts.js";

const path = (use, verb) => `/api/meetings/${encodeURIComponent(use.id)}/${verb}`;

function button(label, iconName, className, work) {
  const element = h("button", { type: "button", class: className }, icon(iconName), label);
  element.addEventListener("click", () =>
    busy(element, () => work().catch((error) => toast(error.message))),
  );
  return element;
}

async function lookAgain(use) {
  await api.post(path(use, "retry"), {});
  toast(words.stuck.looked);
}

async function makeAnew(use, role) {
  const name = role === "teacher" ? use.teacherName : use.studentName;
  const sure = { text: words.stuck.anewSure(name), yes: words.stuck.anew[role], no: words.keep };
  if (!(await confirmDialog(sure))) return;
  await api.post(path(use, "retry"), { role });
  toast(words.stuck.anewDone);
}

async function endIt(use) {
  const reason = h("input", { maxlength: 300, required: true });
  const ended = await formDialog(
    {
      title: words.end.title,
      submit: words.end.go,
      cancel: words.keep,
      danger: true,
      save: () => api.post(path(use, "force-end"), { reason: reason.value }),
    },
    h("p", {}, words.who(use.teacherName, use.studentName)),
    h("p", { class: "soft" }, words.end.lead),
    field(reason, { name: "reason", label: words.end.reason }),
  );
  if (ended) toast(words.end.done);
}

/** What staff can do about a meeting; `done()` hears that something was. */
export function actsOf(use, done) {
  const over = Boolean(use.endReason);
  const and = (work) => async () => {
    await work();
    await done();
  };
  return h(
    "div",
    { class: "row", role: "group", "aria-label": words.more(words.who(use.teacherName, use.studentName)) },
    button(words.stuck.look, "refresh-cw", "button", and(() => lookAgain(use))),
    !over &&
      ["teacher", "student"].map((role) =>
        button(words.stuck.anew[role], "rotate-ccw", "button", and(() => makeAnew(use, role))),
      ),
    !over && button(words.end.button, "circle-x", "button danger", and(() => endIt(use))),
  );
}
