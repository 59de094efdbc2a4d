import { h } from "../dom.js";
import { icon } from "../icons.js";
import { texts } from "./texts.js";

// The page could not start at all: say why, and how to go on.
export function pageFailed(main, error) {
  const again = h(
    "button",
    { type: "button", class: "button" },
    icon("refresh-cw"),
    texts.desk.tryAgain,
  );
  again.addEventListener("click", () => location.reload());
  main.replaceChildren(
    h(
      "div",
      { class: "notice urgent page-failed", role: "alert" },
      h("p", {}, error.message),
      again,
    ),
  );
}
