/**
 * Full screen for the whole player where that can be had, for the picture alone on an iPhone.
 * `onChange(isFull)`; null where there is none.
 */
export function fullScreen(element, video, onChange) {
  if (element.requestFullscreen && document.fullscreenEnabled) {
    const isFull = () => document.fullscreenElement === element;
    document.addEventListener("fullscreenchange", () => onChange(isFull()));
    return () => (isFull() ? document.exitFullscreen() : element.requestFullscreen().catch(() => {}));
  }
  if (video.webkitEnterFullscreen) return () => video.webkitEnterFullscreen();
  return null;
}
