/** Put a dialog over the page until it is closed, and give what `result()` is then. */
export function untilClosed(dialog, result = () => undefined) {
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result());
    });
    dialog.showModal();
  });
}
