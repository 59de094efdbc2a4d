// Swagger UI is a classic script; it is on the page before this module runs, or missing where no
// third-party code was installed.
import { address } from "../api.js";
import { append, clear, h } from "../dom.js";
import { texts } from "../texts.js";

const words = texts.apiDocs;
const main = document.querySelector("main");
const url = await address("/api/openapi.json");

if (globalThis.SwaggerUIBundle) {
  const place = h("div", { id: "swagger" });
  append(clear(main), place);
  globalThis.SwaggerUIBundle({
    url,
    domNode: place,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    requestInterceptor(request) {
      request.headers["X-Requested-With"] = "quadrangle";
      return request;
    },
  });
} else {
  append(
    clear(main),
    h(
      "div",
      { class: "column stack" },
      h("h1", {}, words.title),
      h("p", {}, words.missing),
      h("p", {}, h("a", { href: url }, "openapi.json")),
    ),
  );
}
