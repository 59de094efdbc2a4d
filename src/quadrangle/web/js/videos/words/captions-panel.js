import { announce, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { transcript } from "../watch/transcript.js";
import { speechDialog, uploadDialog } from "./dialogs.js";
import { speechNotice } from "./speech-notice.js";
import { texts as words } from "./texts.js";
import { captionTools } from "./tools.js";

/**
 * Transcript and, for the owner, all that is done with captions. `offer(captions)` is told what
 * there is, `follow(second)` where the film is. `onCaptions(captions)` gets them when they change.
 */
export function captionsPanel(video, calls, player, { onCaptions }) {
  const { mine } = video;
  const notice = mine && speechNotice(calls, { onThere: (list) => changed(list), onAsk: make });
  const tools = captionTools(calls, {
    mine,
    current: () => said.current,
    does: { mend: () => edit(said.current.language), write: () => edit(null), make, upload, changed },
  });
  const said = transcript(
    (second) => {
      player.goTo(second);
      player.play();
    },
    { tools: tools.element, notice: notice?.element, ways: mine && ways() },
  );
  const element = h("div", { class: "captions-panel" }, said.element);
  let editor = null;

  /** What the owner can do while there are none. */
  function ways() {
    const way = (iconName, label, work) => {
      const button = h("button", { type: "button", class: "button" }, icon(iconName), label);
      button.addEventListener("click", () => work().catch((error) => toast(error.message)));
      return button;
    };
    return [
      way("captions", words.speech.make, make),
      way("upload", words.upload, upload),
      way("pencil", words.write, () => edit(null)),
    ];
  }

  async function changed(list = null, language = undefined) {
    const found = list ?? (await look());
    onCaptions(found);
    said.load(found, language);
    tools.refresh();
  }

  /** Ask what there is; with it comes how far automatic captions are. */
  async function look() {
    const found = await calls.captions();
    if (found.speech) notice?.show(found.speech);
    return found.captions;
  }

  async function make() {
    const { speech } = await calls.captions();
    if (!(await speechDialog(calls, speech))) return;
    announce(words.speech.asked);
    await look();
  }

  async function upload() {
    if (!(await uploadDialog(calls))) return;
    announce(words.file.done);
    await changed();
  }

  async function edit(language) {
    const { cueEditor } = await import("./cue-editor.js");
    const close = async (saved) => {
      editor?.element.replaceWith(said.element);
      editor = null;
      if (saved) await changed(null, saved);
      tools.element.querySelector("button").focus();
    };
    editor = await cueEditor(video, language, calls, player, close);
    said.element.replaceWith(editor.element);
    editor.begin();
  }

  if (mine) look().catch(() => {}); // how far it is can wait
  return {
    element,
    follow(second) {
      said.follow(second);
      editor?.follow(second);
    },
    offer(captions) {
      said.load(captions);
      tools.refresh();
    },
  };
}
