// Loaded first and without waiting, so that the page is never painted in the wrong theme.
(function () {
  try {
    const theme = JSON.parse(localStorage.getItem("quadrangle.theme"));
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is blocked: the system's theme it is.
  }
})();
