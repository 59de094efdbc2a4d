/**
 * `<q-style>` stands in for the style elements of xterm.js (see tools/vendor.mjs): its text becomes
 * a style sheet of the document for as long as it is part of the page.
 */
class Style extends HTMLElement {
  #sheet = new CSSStyleSheet();

  connectedCallback() {
    document.adoptedStyleSheets.push(this.#sheet);
  }

  disconnectedCallback() {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== this.#sheet);
  }

  set textContent(text) {
    this.#sheet.replaceSync(text);
  }
}

customElements.define("q-style", Style);
