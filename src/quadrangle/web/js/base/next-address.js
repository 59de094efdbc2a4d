/**
 * Where to go after signing in: `wanted` when it is a path of this site, else `otherwise`. A
 * browser reads "//other.example" and "/\other.example" as another site and drops tabs and line
 * breaks from an address before it looks, so none of these may pass.
 */
export function nextAddress(wanted, otherwise) {
  if (!wanted || !/^\/(?![/\\])/.test(wanted) || /[\u0000-\u001f\u007f\\]/.test(wanted)) {
    return otherwise;
  }
  try {
    const url = new URL(wanted, location.origin);
    // "/..//other.example" becomes "//other.example" once its dots are resolved.
    const ours = url.origin === location.origin && !url.pathname.startsWith("//");
    return ours ? url.pathname + url.search + url.hash : otherwise;
  } catch {
    return otherwise;
  }
}
