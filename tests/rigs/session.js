import "/js/meetings/control-panel.js";

import { send } from "/js/base/http.js";
import { h } from "/js/base/dom.js";
import { roomCalls } from "/js/meetings/room/calls.js";

// ?parts=desk,control,room&id=…&role=…#key=…
const query = new URLSearchParams(location.search);
const id = query.get("id");
const role = query.get("role");
const key = new URLSearchParams(location.hash.slice(1)).get("key");
const parts = (query.get("parts") ?? "desk,control,room").split(",");
const view = query.get("view") ?? "q-desktop";
const names = { teacher: "Ada Teacher", student: "Bo Student" };
const other = role === "teacher" ? "student" : "teacher";
const headers = { "X-Join-Key": key };
const call = (path, body) => send("POST", `/api/meetings/${id}/${path}`, { headers, body });

const main = document.querySelector("main");
const desks = h("div", { class: "desks" });

function desk(whose) {
  const made = document.createElement(view);
  made.id = whose;
  if (whose !== role) made.setAttribute("person", names[whose]);
  made.role = role;
  made.names = names;
  made.getTicket = async () => (await call("tickets", { role, desktop: whose })).websocket;
  made.addEventListener("q-control", ({ detail }) => panel.show(detail));
  made.addEventListener("q-take-back", () => panel.do("take-back"));
  return made;
}

const panel = document.createElement("q-control");
panel.role = role;
panel.names = names;
panel.act = (action) => call("control", { role, action });
panel.addEventListener("q-look", ({ detail: { on } }) => {
  const shown = document.getElementById(other);
  if (!on) shown?.remove();
  else if (!shown) {
    const theirs = desk(other);
    desks.append(theirs);
    theirs.start();
  }
});

if (parts.includes("control")) main.append(panel);
if (parts.includes("desk")) {
  await import(view === "q-desktop" ? "/js/meetings/desktop-view.js" : "/js/meetings/terminal-view.js");
  const own = desk(role);
  desks.append(own);
  main.append(desks);
  own.start();
}
if (parts.includes("check")) {
  await import("/js/meetings/device-check.js");
  main.append(document.createElement("q-device-check"));
}
if (parts.includes("room")) {
  await import("/js/meetings/room.js");
  const room = document.createElement("q-room");
  Object.assign(room, { role, names, calls: roomCalls({ id, role, key }) });
  main.append(room);
  room.start();
}
if (parts.includes("jitsi")) {
  await import("/js/meetings/jitsi-room.js");
  const room = document.createElement("q-jitsi-room");
  const token = query.get("token");
  room.getRoom = async () => ({ domain: "meet.example", room: id, name: names[role], token });
  room.address = `https://meet.example/${id}`;
  main.append(room);
  room.start();
}
