import { h } from "../../base/dom.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { menuButton } from "../../parts/overlays/menu-button.js";
import { toast } from "../../parts/overlays/toast.js";
import { captionLabel } from "./labels.js";
import { texts as words } from "./texts.js";

/**
 * The menu of captions: to take them home and, for the owner, to change them. `current()` are the
 * captions that are shown, if any; `does` has what the owner's choices do.
 */
export function captionTools(calls, { mine, current, does }) {
  function items() {
    const shown = current();
    const all = [
      mine && shown && { label: words.mend, value: "mend" },
      mine && { label: words.speech.make, value: "make" },
      mine && { label: words.upload, value: "upload" },
      mine && { label: words.write, value: "write" },
      shown && { label: words.download.vtt, value: "vtt" },
      shown && { label: words.download.srt, value: "srt" },
      mine && shown && { label: words.remove, value: "remove" },
    ];
    return all.filter(Boolean);
  }

  function download(format) {
    const link = h("a", { href: calls.fileAddress(current().language, format), download: "" });
    document.body.append(link);
    link.click();
    link.remove();
  }

  async function remove() {
    const shown = current();
    const text = words.removeSure(captionLabel(shown));
    if (!(await confirmDialog({ text, yes: words.removeYes, no: words.removeNo }))) return;
    await calls.remove(shown.language);
    toast(words.removed);
    await does.changed();
  }

  const own = { remove, vtt: () => download("vtt"), srt: () => download("srt") };
  const menu = menuButton({
    label: mine ? words.more.own : words.more.others,
    shown: "",
    iconName: "ellipsis",
    className: "button icon-only quiet",
    items,
    onPick: (choice) =>
      Promise.resolve((own[choice] ?? does[choice])()).catch((error) => toast(error.message)),
  });
  return { element: menu, refresh: () => (menu.hidden = items().length === 0) };
}
