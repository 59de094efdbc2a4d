import { address, credentials, send, understand, unreachable } from "../../base/http.js";

/** Send one file as it is. Throws ApiError. */
async function sendFile(path, query, file, headers) {
  let answer;
  try {
    answer = await fetch(await address(path, query), {
      method: "POST",
      headers: {
        "X-Requested-With": "quadrangle",
        "Content-Type": "application/octet-stream",
        ...headers,
      },
      body: file,
      credentials: await credentials(),
    });
  } catch {
    throw unreachable();
  }
  return understand(answer.status, await answer.text(), answer.headers.get("Retry-After"));
}

/** Send a file's content to the address it was announced for. Throws ApiError. */
async function sendApart(url, file) {
  let answer;
  try {
    answer = await fetch(url, { method: "PUT", body: file, credentials: "omit" });
  } catch {
    throw unreachable();
  }
  if (!answer.ok) throw unreachable();
}

/**
 * Calls about what lies around a meeting, as one of its sides by their link (`role`, `key`), or
 * without these by the account that is signed in.
 */
export function materialCalls({ id, role, key }) {
  const headers = key ? { "X-Join-Key": key } : {};
  const base = `/api/meetings/${encodeURIComponent(id)}`;
  const query = role ? { role } : {};
  const side = role ? { role } : {};
  return {
    files: () => send("GET", `${base}/files`, { headers, query }),
    /** Put a file in; `announced` as the list of files says it. Returns that list. */
    async addFile(file, announced) {
      const { name, size } = file;
      if (!announced) return sendFile(`${base}/files`, { ...query, name }, file, headers);
      const path = `${base}/files/announcements`;
      const told = await send("POST", path, { headers, body: { ...side, name, size } });
      await sendApart(told.address, file);
      const body = { ...side, name };
      return send("PUT", `${base}/files/${told.fileId}`, { headers, body });
    },
    removeFile: (fileId) => send("DELETE", `${base}/files/${fileId}`, { headers, query }),
    recordings: () => send("GET", `${base}/recordings`, { headers, query }),
    /** `desktop` is whose to record, for ask; `recordingId` what one agrees to, for agree. */
    record: (action, { desktop, recordingId } = {}) =>
      send("POST", `${base}/recordings`, { headers, body: { ...side, action, desktop, recordingId } }),
    removeFilm: (recordingId) =>
      send("DELETE", `${base}/recordings/${recordingId}`, { headers, query }),
    /** What was typed after a place: `{messages, after}`, the latter null at the end. */
    chat: (after) => send("GET", `${base}/chat`, { headers, query: { ...query, after } }),
    outcome: () => send("GET", `${base}/outcome`, { headers, query }),
    writeNote: (text, shared) =>
      send("PUT", `${base}/note`, { headers, query, body: { text, shared } }),
    /** Have the browser fetch what is kept; `kind` is take-home, recording or handout. */
    async fetchKept(kind, name) {
      const body = { ...side, kind, name: String(name) };
      const told = await send("POST", `${base}/downloads`, { headers, body });
      const isOurs = told.address.startsWith("/");
      location.assign(isOurs ? await address(told.address) : told.address);
    },
  };
}
