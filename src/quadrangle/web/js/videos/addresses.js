/** Where a video is watched, from second `at` on; `key` opens an unlisted one. */
export function watchAddress({ id, key, course }, at = 0) {
  const query = new URLSearchParams({ id });
  if (course) query.set("course", course);
  if (key) query.set("key", key);
  if (at >= 1) query.set("t", Math.floor(at));
  return `/video?${query}`;
}

/** The same as a link to be sent to others. */
export const watchLink = (video, at) => new URL(watchAddress(video, at), location.origin).href;

/** Where its owner looks after a video. */
export const manageAddress = ({ id }) => `/manage-video?id=${encodeURIComponent(id)}`;

/** What a call needs besides its path where tus rules. */
export const TUS = { headers: { "Tus-Resumable": "1.0.0" } };

export const uploadPath = (id) => `/api/uploads/${encodeURIComponent(id)}`;
export const videoPath = (id) => `/api/gallery/videos/${encodeURIComponent(id)}`;
export const coursePath = (id) => `/api/courses/${encodeURIComponent(id)}`;
export const courseAddress = (id) => `/course?${new URLSearchParams({ id })}`;
export const streamPath = (id) => `/api/stream/${encodeURIComponent(id)}`;
