import { h } from "../../base/dom.js";
import { texts } from "../texts.js";

const ELEMENTS = { desktop: "q-desktop", terminal: "q-terminal" };
const LOADS = {
  desktop: () => import("../desktop-view.js"),
  terminal: () => import("../terminal-view.js"),
};

/**
 * One's own desktop or terminal, the other one's while it is watched, and the panel by which both
 * agree on that. `first` is the address of the stream that joining gave, good for one connection.
 */
export async function workspaces(lobby, calls, first) {
  await LOADS[lobby.workspace]();
  const { role } = lobby;
  const other = role === "teacher" ? "student" : "teacher";
  const names = { teacher: lobby.teacherName, student: lobby.studentName };
  const element = h("div", { class: "session-desks" });
  const panel = document.createElement("q-control");
  let given = first;

  /** A fresh address for each connection. */
  async function streamOf(whose) {
    if (whose !== role) return (await calls.ticket(whose)).websocket;
    const address = given ?? (await calls.join()).websocket;
    given = null;
    if (!address) throw new Error(texts.session.notReady);
    return address;
  }

  function view(whose) {
    const made = document.createElement(ELEMENTS[lobby.workspace]);
    if (whose !== role) made.setAttribute("person", names[whose]);
    Object.assign(made, { role, names, getTicket: () => streamOf(whose) });
    made.addEventListener("q-control", ({ detail }) => panel.show(detail));
    made.addEventListener("q-take-back", () => panel.do("take-back"));
    return made;
  }

  const own = view(role);
  let theirs = null;
  Object.assign(panel, { role, names, act: calls.control });
  panel.addEventListener("q-look", ({ detail: { on } }) => {
    theirs?.remove();
    theirs = on ? view(other) : null;
    if (!on) return;
    element.append(theirs);
    theirs.start();
  });
  element.append(own);
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
