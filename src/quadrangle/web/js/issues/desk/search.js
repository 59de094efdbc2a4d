const PAUSE_MS = 160;

// The search field: tells of what was typed after a short pause, at once on Enter.
export function searchField(form, onSearch) {
  const input = form.querySelector("input");
  const clearButton = form.querySelector(".search-clear");
  let timer = 0;
  let told = "";

  function tell() {
    clearTimeout(timer);
    const q = input.value.trim();
    clearButton.hidden = !input.value;
    if (q === told) return;
    told = q;
    onSearch(q);
  }

  input.addEventListener("input", () => {
    clearButton.hidden = !input.value;
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell();
  });
  clearButton.addEventListener("click", () => {
    input.value = "";
    tell();
    input.focus();
  });
  return {
    focus() {
      input.focus();
      input.select();
    },
    // The address moved, by back or a cleared filter; what is being typed is not overwritten.
    show(q) {
      if (q === told) return;
      told = q;
      input.value = q;
      clearButton.hidden = !q;
    },
  };
}
