import { texts } from "./texts.js";

/** How large a file is, for people: "340 KB", "2.1 MB". */
export function sizeOf(bytes) {
  if (bytes < 1024 * 1024) return texts.bytes.kb(Math.max(1, Math.round(bytes / 1024)));
  const mb = bytes / 1024 / 1024;
  return texts.bytes.mb(mb < 10 ? mb.toFixed(1) : Math.round(mb));
}
