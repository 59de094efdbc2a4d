import "/js/meetings/desktop-view.js";

const who = new URLSearchParams(location.search);
const view = document.createElement("q-desktop");
if (who.has("person")) view.setAttribute("person", who.get("person"));
view.getTicket = async () => {
  const answer = await fetch(`/rig/ticket?${who}`, { method: "POST" });
  const { message, address } = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(message), { status: answer.status });
  return address;
};
document.querySelector("main").append(view);
view.start();
window.view = view;
