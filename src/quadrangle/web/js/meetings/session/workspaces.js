import { h } from "../../base/dom.js";
import { texts } from "../texts.js";

const ELEMENTS = { desktop: "q-desktop", terminal: "q-terminal" };
const LOADS = {
  desktop: () => import("../desktop-view.js"),
  terminal: () => import("../terminal-view.js"),
};

/** What makes a view on whose desktop, where streams lead to them. */
async function streamed(lobby, calls, first) {
  await LOADS[lobby.workspace]();
  let given = first;

  /** A fresh address for each connection. */
  async function streamOf(whose) {
    if (whose !== lobby.role) return (await calls.ticket(whose)).websocket;
    const address = given ?? (await calls.join()).websocket;
    given = null;
    if (!address) throw new Error(texts.session.notReady);
    return address;
  }

  return (whose) =>
    Object.assign(document.createElement(ELEMENTS[lobby.workspace]), {
      getTicket: () => streamOf(whose),
    });
}

/** The same where each desktop has a page of its own, elsewhere. */
async function elsewhere(lobby, calls) {
  await import("../doorway.js");

  async function addressOf(whose) {
    const { url } = await (whose === lobby.role ? calls.join() : calls.ticket(whose));
    if (!url) throw new Error(texts.session.notReady);
    return url;
  }

  return (whose) =>
    Object.assign(document.createElement("q-doorway"), {
      getAddress: () => addressOf(whose),
      getControl: calls.seeControl,
    });
}

/**
 * One's own desktop or terminal, the other one's while it is watched, and the panel by which both
 * agree on that. `first` is the address of the stream that joining gave, good for one connection;
 * without one, desktops have pages of their own.
 */
export async function workspaces(lobby, calls, first) {
  const made = await (first ? streamed(lobby, calls, first) : elsewhere(lobby, calls));
  const { role } = lobby;
  const other = role === "teacher" ? "student" : "teacher";
  const names = { teacher: lobby.teacherName, student: lobby.studentName };
  const element = h("div", { class: "session-desks" });
  const panel = document.createElement("q-control");

  function view(whose) {
    const shown = made(whose);
    if (whose !== role) shown.setAttribute("person", names[whose]);
    Object.assign(shown, { role, names });
    shown.addEventListener("q-control", ({ detail }) => panel.show(detail));
    shown.addEventListener("q-take-back", () => panel.do("take-back"));
    return shown;
  }

  /** A view with whose it is, which is said while there are two. */
  function desk(shown, name) {
    return h("section", { class: "session-desk" }, h("h2", { dir: "auto" }, name), shown);
  }

  const own = view(role);
  let theirs = null;
  Object.assign(panel, { role, names, act: calls.control });
  panel.addEventListener("q-look", ({ detail: { on } }) => {
    theirs?.parentElement.remove();
    theirs = on ? view(other) : null;
    if (!on) return;
    element.prepend(desk(theirs, texts.session.screenOf(names[other])));
    theirs.start();
  });
  element.append(desk(own, texts.session.ownScreen));
  return {
    element,
    panel,
    start: () => own.start(),
    stop() {
      own.stop();
      theirs?.stop();
    },
  };
}
