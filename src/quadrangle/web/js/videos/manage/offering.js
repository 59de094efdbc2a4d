import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { copyButton } from "../../parts/copy.js";
import { busy, clearErrors, field, showErrors } from "../../parts/forms/forms.js";
import { toast } from "../../parts/overlays/toast.js";
import { videoPath } from "../addresses.js";
import { part } from "./part.js";
import { texts } from "./texts.js";

const words = texts.offer;
const KINDS = ["none", "sound", "film"];

/** The address of a video's player in pages elsewhere. */
function embedAddress({ id, key }) {
  const address = new URL(`/embed/${encodeURIComponent(id)}`, location.origin);
  if (key) address.searchParams.set("key", key);
  return address.href;
}

/** What is put into another page to have the player there. */
function embedCode(video) {
  const frame = h("iframe", {
    src: embedAddress(video),
    title: video.title,
    width: 640,
    height: 360,
    loading: "lazy",
    allow: "fullscreen; picture-in-picture",
    allowfullscreen: true,
  });
  // put into the text alone: the policy of this page has no style of an element
  return frame.outerHTML.replace("<iframe ", '<iframe style="border:0" ');
}

function embedFields(video, origins) {
  const may = h("input", { type: "checkbox", checked: video.embed });
  const sites = h("textarea", { rows: 2, spellcheck: "false", value: video.embed_origins.join("\n") });
  const all = origins.includes("*") ? words.anySite : origins.join(", ");
  const code = h("textarea", { class: "input embed-code", readonly: true, rows: 5, "aria-label": words.code });
  code.value = embedCode(video);
  const inside = h(
    "div",
    { class: "stack" },
    field(sites, { name: "embed_origins", label: words.sites, hint: words.sitesHint(all), optional: true }),
    video.visibility === "public" || video.visibility === "unlisted"
      ? h("div", { class: "stack tight" }, code, h("div", { class: "row" }, copyButton(words.copy, () => code.value, words.copied, "button")))
      : h("p", { class: "soft" }, words.notPublic),
  );
  const follow = () => (inside.hidden = !may.checked);
  may.addEventListener("change", follow);
  follow();
  return {
    element: h("div", { class: "stack" }, h("label", { class: "check" }, may, words.embed), inside),
    read: () => ({ embed: may.checked, embed_origins: sites.value.split(/[\s,]+/).filter(Boolean) }),
  };
}

/** What others may take along, and the player in pages elsewhere. */
export function offeringPart(video, origins, onChange) {
  const kind = h(
    "select",
    {},
    KINDS.map((one) => h("option", { value: one, selected: one === video.download }, words.kinds[one])),
  );
  const embed = origins.length ? embedFields(video, origins) : null;
  const save = h("button", { type: "submit", class: "button" }, words.save);
  const form = h(
    "form",
    { class: "stack", novalidate: true },
    field(kind, { name: "download", label: words.download, hint: words.downloadHint }),
    embed ? embed.element : h("p", { class: "soft small" }, video.of_meeting ? words.ofMeeting : words.off),
    h("div", { class: "row" }, save),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(save, async () => {
      try {
        const body = { download: kind.value, ...embed?.read() };
        const saved = await api.put(`${videoPath(video.id)}/offer`, body);
        clearErrors(form);
        toast(words.saved);
        onChange(saved);
      } catch (error) {
        const told = error.errors?.length ? error.errors : [{ field: null, message: error.message }];
        showErrors(form, told);
      }
    });
  });
  return part("offer", words.title, form);
}
