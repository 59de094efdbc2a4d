import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { badge } from "../../parts/badge.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { copyButton } from "../../parts/copy.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { busy, field } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { videoPath, watchLink } from "../addresses.js";
import { part } from "./part.js";
import { texts } from "./texts.js";
import { endOfDay, zoneName } from "./zone.js";

const words = texts.links;

/** Ask what a link is to be. Resolves to the new one, or null. */
function newLinkDialog(video, zone) {
  const label = h("input", { type: "text", maxlength: 100, dir: "auto" });
  const end = h("input", { type: "date" });
  const password = h("input", { type: "text", maxlength: 200, autocomplete: "off", spellcheck: "false" });
  return formDialog(
    {
      title: words.make,
      submit: words.make,
      cancel: words.cancel,
      save: () =>
        api.post(`${videoPath(video.id)}/links`, {
          label: label.value,
          ends_at: end.value ? endOfDay(end.value, zone) : "",
          password: password.value,
        }),
    },
    field(label, { name: "label", label: words.label, hint: words.labelHint, optional: true }),
    field(end, { name: "ends_at", label: words.end, hint: words.endHint(zoneName(zone)), optional: true }),
    field(password, { name: "password", label: words.password, hint: words.passwordHint, optional: true }),
  );
}

function ending(link) {
  if (link.over) return badge(words.over, { iconName: "circle-x", tone: "quiet" });
  if (!link.ends_at) return h("span", { class: "soft" }, words.always);
  return h("span", { class: "soft" }, words.until, " ", timeElement(link.ends_at));
}

function linkRow(video, link, onRevoke) {
  const name = link.label || words.noName;
  const revoke = h(
    "button",
    { type: "button", class: "button quiet", "aria-label": words.revokeOf(name) },
    icon("trash-2"),
    words.revoke,
  );
  revoke.addEventListener("click", () => busy(revoke, () => onRevoke(link, name)));
  return h(
    "li",
    { class: "manage-row", dataset: { link: link.id } },
    h(
      "div",
      { class: "stack tight manage-row-text" },
      h("b", { dir: "auto" }, name),
      h(
        "p",
        { class: "row small manage-facts" },
        ending(link),
        link.has_password && badge(words.hasPassword, { iconName: "lock", tone: "quiet" }),
      ),
    ),
    h(
      "div",
      { class: "row manage-row-acts" },
      !link.over &&
        copyButton(words.copy, () => watchLink({ id: video.id, key: link.key }), words.copied),
      revoke,
    ),
  );
}

/** The links of a video: made, copied, revoked. */
export async function linksPart(video, zone) {
  const list = h("ul", { role: "list", class: "manage-rows", "aria-label": words.title });
  const none = h("p", { class: "soft" }, words.none);
  const make = h("button", { type: "button", class: "button" }, icon("plus"), words.make);
  const path = `${videoPath(video.id)}/links`;

  async function revoke(link, label) {
    if (!(await confirmDialog({ text: words.sure(label), yes: words.yes, no: words.no }))) return;
    try {
      await api.delete(`${path}/${link.id}`);
      toast(words.revoked);
    } catch (error) {
      if (error.status !== 404) return toast(error.message);
    }
    await load();
    make.focus();
  }

  async function load() {
    const { links } = await api.get(path);
    append(clear(list), links.map((link) => linkRow(video, link, revoke)));
    none.hidden = links.length > 0;
    list.hidden = links.length === 0;
  }

  make.addEventListener("click", async () => {
    if (!(await newLinkDialog(video, zone))) return;
    await load();
    toast(words.made);
    list.querySelector("button")?.focus();
  });
  await load();
  const isPublic = video.visibility === "public";
  return part(
    "links",
    words.title,
    h("p", { class: "soft" }, isPublic ? words.public : words.lead),
    list,
    !isPublic && none,
    !isPublic && h("div", { class: "row" }, make),
  );
}
