/** Whether an address opens on the machine itself alone. */
export function isLoopback(url) {
  const { hostname } = new URL(url, location.href);
  return /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/**
 * Where people should open this page instead, or null when they are there: at another address than
 * the public one, signing in by other services, desktops and links that lead back do not work.
 */
export function rightAddress({ publicUrl, otherUrls = [] }) {
  if (!publicUrl) return null; // an older server does not tell
  const origins = [publicUrl, ...otherUrls].map((url) => new URL(url).origin);
  return origins.includes(location.origin)
    ? null
    : origins[0] + location.pathname + location.search + location.hash;
}
