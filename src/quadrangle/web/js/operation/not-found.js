import { append, clear, h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { texts } from "./texts.js";

const words = texts.notFound;

append(
  clear(document.querySelector("main")),
  h(
    "div",
    { class: "empty" },
    icon("map-pin"),
    h("h1", {}, words.title),
    h("p", {}, words.text),
    h("a", { class: "button primary", href: "/" }, words.home),
  ),
);
