import { h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { untilClosed } from "../../parts/overlays/until-closed.js";
import { languages } from "./labels.js";
import { texts as words } from "./texts.js";

/** A select of languages; `find` adds a choice to have it found out, whose value is "". */
export function languageSelect(chosen, { codes, find = null } = {}) {
  const pageLanguage = (navigator.language || "en").split("-")[0];
  const wanted = chosen ?? (find === null ? pageLanguage : "");
  const all = languages(codes);
  if (wanted && !all.some((one) => one.code === wanted)) all.push({ code: wanted, name: wanted });
  return h(
    "select",
    {},
    find !== null && h("option", { value: "", selected: wanted === "" }, find),
    all.map(({ code, name }) => h("option", { value: code, selected: code === wanted }, name)),
  );
}

function refused(name, message) {
  return Object.assign(new Error(message), { errors: [{ field: name, message }] });
}

/** Ask for a file of captions and send it. Gives true when it is there. */
export function uploadDialog(calls) {
  const text = words.file;
  const language = languageSelect();
  const file = h("input", { type: "file", accept: ".vtt,.srt,text/vtt,application/x-subrip" });
  const label = () =>
    new Intl.DisplayNames([language.value], { type: "language" }).of(language.value) ?? "";
  return formDialog(
    {
      title: text.title,
      submit: text.go,
      cancel: text.cancel,
      async save() {
        if (!file.files.length) throw refused("captions", text.choose);
        await calls.upload(language.value, label(), file.files[0]);
        return true;
      },
    },
    field(language, { name: "language", label: text.language }),
    field(file, { name: "captions", label: text.file, hint: text.hint }),
  );
}

/** Ask for automatic captions, or say why there are none here. Gives true when they were asked for. */
export async function speechDialog(calls, speech) {
  const text = words.speech;
  if (speech.refusal) {
    await noticeDialog(text.title, speech.refusal, text.close);
    return false;
  }
  const codes = speech.languages ?? undefined;
  const find = speech.languages === null ? text.find : null;
  const language = languageSelect(speech.usual, { codes, find });
  return formDialog(
    {
      title: text.title,
      submit: text.go,
      cancel: text.cancel,
      async save() {
        await calls.makeCaptions(language.value);
        return true;
      },
    },
    h("p", {}, text.lead),
    field(language, { name: "language", label: text.language }),
  );
}

function noticeDialog(title, sentence, close) {
  const button = h("button", { type: "button", class: "button primary", autofocus: true }, close);
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "notice-title" },
    h("h2", { id: "notice-title" }, title),
    h("p", {}, sentence),
    h("div", { class: "dialog-foot" }, button),
  );
  button.addEventListener("click", () => dialog.close());
  return untilClosed(dialog);
}
