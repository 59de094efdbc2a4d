import { forgetAccount } from "../../base/account.js";
import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { showMessage } from "../sign-in/message.js";
import { reauthentication, whose } from "./reauthentication.js";
import { actionButton, section } from "./section.js";
import { texts } from "./texts.js";

const words = texts.close;

/** Whose role is one of staff, also before the second factor that it asks for is set up. */
const isStaffRole = ({ role }) => role === "staff" || role === "admin";

async function close(me) {
  const again = reauthentication(me);
  const closed = await formDialog(
    {
      title: words.dialog,
      submit: words.button,
      cancel: texts.cancel,
      danger: true,
      save: async () => {
        await api.post("/api/accounts/me/close", { password: again.value() });
        return true;
      },
    },
    h(
      "ul",
      { class: "consequences" },
      words.consequences(isStaffRole(me)).map((text) => h("li", {}, text)),
    ),
    whose(me),
    again.element,
  );
  if (!closed) return;
  forgetAccount();
  const ways = [{ href: "/", text: words.home }];
  showMessage({ title: words.doneTitle, iconName: "circle-check", text: words.done, ways });
}

export function closing(me) {
  return section(
    "close",
    words.title,
    h("p", { class: "soft" }, words.text),
    h("div", {}, actionButton(words.button, () => close(me), { className: "button danger" })),
  );
}
