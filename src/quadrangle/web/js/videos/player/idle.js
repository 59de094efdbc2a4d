const IDLE_MS = 2_500;

/** Mark the player as idle while its film plays in full screen and nobody moves anything. */
export function hideWhenIdle(element, video) {
  let timer = 0;
  const rests = () =>
    !video.paused &&
    document.fullscreenElement === element &&
    !element.querySelector(":popover-open") &&
    !element.querySelector(".player-bar :focus-visible");

  function stir() {
    element.classList.remove("idle");
    clearTimeout(timer);
    timer = setTimeout(() => element.classList.toggle("idle", rests()), IDLE_MS);
  }

  for (const name of ["pointermove", "pointerdown", "keydown", "focusin"]) {
    element.addEventListener(name, stir);
  }
  video.addEventListener("play", stir);
  video.addEventListener("pause", stir);
  document.addEventListener("fullscreenchange", stir);
}
