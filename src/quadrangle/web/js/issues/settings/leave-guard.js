// Asks before the page is left while `isDirty()` says that something would be lost.
export function guardLeaving(isDirty) {
  addEventListener("beforeunload", (event) => {
    if (isDirty()) event.preventDefault();
  });
}
