import { h } from "../base/dom.js";
import { isLoopback, rightAddress } from "../base/public-address.js";
import { icon } from "../parts/icons.js";
import { texts as words } from "./texts.js";

/** What a page says at another address than the public one, as `config` tells that; else null. */
export function elsewhereNotice(config) {
  const right = config && rightAddress(config);
  if (!right) return null;
  // an address that opens on the server's machine alone helps nobody who sits at another
  const isOfNoUse = isLoopback(right) && !isLoopback(location.href);
  return h(
    "div",
    { class: "frame-notice", role: "status", dataset: { elsewhere: "" } },
    icon("triangle-alert"),
    h("p", {}, isOfNoUse ? words.elsewhere.local(config.publicUrl) : words.elsewhere.text),
    !isOfNoUse && h("a", { class: "button", href: right }, words.elsewhere.open(config.publicUrl)),
  );
}
