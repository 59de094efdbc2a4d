import { h } from "../base/dom.js";
import { texts as words } from "./texts.js";

// Shows the HTML of a mail apart from the page: no scripts, no forms, no navigation, nothing from
// elsewhere. The frame shares our content security policy, which blocks styles written in markup;
// so they are taken out and set by script once the frame stands.
export function mailFrame(html) {
  const sheets = [];
  const plain = html
    .replace(/<style\b[^>]*>([^]*?)<\/style\s*>/gi, (_, css) => {
      sheets.push(css);
      return "";
    })
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/i, " data-look="));
  const mail = new DOMParser().parseFromString(plain, "text/html");
  for (const element of mail.querySelectorAll("script, link, meta, base, iframe, object, embed"))
    element.remove();
  for (const image of mail.querySelectorAll("img:not([src^='data:'])"))
    image.removeAttribute("src");
  for (const link of mail.querySelectorAll("a[href]")) link.title = link.getAttribute("href");

  const frame = h("iframe", {
    class: "mail-frame",
    title: words.frameTitle,
    // Same origin, so that we may style it; without scripts nothing in it can use that.
    sandbox: "allow-same-origin",
    srcdoc: `<!doctype html>${mail.documentElement.outerHTML}`,
  });
  frame.addEventListener("load", () => dress(frame, sheets));
  return frame;
}

function dress(frame, sheets) {
  const { contentDocument: inside, contentWindow: view } = frame;
  if (!inside?.body) return;
  inside.adoptedStyleSheets = [
    "html{color-scheme:light;background:#fff;font-family:sans-serif}",
    ...sheets,
  ].map((css) => {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });
  for (const element of inside.querySelectorAll("[data-look]"))
    element.style.cssText = element.dataset.look;
  const fit = () => (frame.style.height = `${inside.documentElement.scrollHeight}px`);
  fit();
  new ResizeObserver(fit).observe(inside.body);
}
