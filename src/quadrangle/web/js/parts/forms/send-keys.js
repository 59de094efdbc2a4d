/** Have Ctrl+Enter, or Command+Enter, in a text field send its form. */
export function sendByKeys(area) {
  area.setAttribute("aria-keyshortcuts", "Control+Enter Meta+Enter");
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    area.form.requestSubmit();
  });
}
