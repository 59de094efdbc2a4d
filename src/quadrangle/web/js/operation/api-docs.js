import { address } from "../base/api.js";
import { append, clear, h } from "../base/dom.js";
import { texts } from "./texts.js";

const words = texts.apiDocs;
const main = document.querySelector("main");
const url = await address("/api/openapi.json");
const link = h("a", { href: url }, "openapi.json");

// Swagger UI brings its own dark mode, behind a class of the root element.
const dark = matchMedia("(prefers-color-scheme: dark)");
function followTheme() {
  const root = document.documentElement;
  const theme = root.dataset.theme ?? (dark.matches ? "dark" : "light");
  root.classList.toggle("dark-mode", theme === "dark");
}
dark.addEventListener("change", followTheme);
document.addEventListener("themechange", followTheme);
followTheme();

// Its own layouts bring a second <main> and a second h1.
function ourLayout({ React }) {
  function OurLayout({ getComponent, errSelectors, specSelectors }) {
    const part = (name, container) => React.createElement(getComponent(name, container));
    const ready = specSelectors.loadingStatus() === "success";
    const failed = specSelectors.loadingStatus() === "failed" || errSelectors.lastError();
    return React.createElement(
      "div",
      { className: "swagger-ui" },
      part("SvgAssets"),
      failed ? part("errors", true) : null,
      ready ? part("AuthorizeBtnContainer", true) : null,
      ready ? part("operations", true) : null,
    );
  }
  return { components: { OurLayout } };
}

const place = h("div", { id: "swagger" });
// The classic script of Swagger UI ran before this module, or is missing where no third-party
// code was installed.
const installed = Boolean(globalThis.SwaggerUIBundle);
append(
  clear(main),
  h(
    "div",
    { class: "page api-docs" },
    h("h1", {}, words.title),
    h("p", { class: "soft" }, installed ? words.lead : words.missing, " ", link),
    h("h2", { class: "visually-hidden" }, words.calls),
    place,
  ),
);
if (installed) {
  globalThis.SwaggerUIBundle({
    url,
    domNode: place,
    docExpansion: "list",
    defaultModelsExpandDepth: -1,
    validatorUrl: null,
    plugins: [ourLayout],
    layout: "OurLayout",
    requestInterceptor(request) {
      request.headers["X-Requested-With"] = "quadrangle";
      return request;
    },
  });
}
