// Some browsers give files that can be opened again on a later visit. Those are kept here, so that
// an upload goes on after a reload without the file being chosen anew.

const NAME = "quadrangle.files";
const STORE = "handles";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run(mode, work) {
  try {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const request = work(database.transaction(STORE, mode).objectStore(STORE));
        request.onsuccess = () => resolve(request.result ?? null);
        request.onerror = () => reject(request.error);
      });
    } finally {
      database.close();
    }
  } catch {
    return null; // storage is blocked: the file is chosen again
  }
}

export const keepHandle = (fingerprint, handle) =>
  run("readwrite", (store) => store.put(handle, fingerprint));

export const forgetHandle = (fingerprint) => run("readwrite", (store) => store.delete(fingerprint));

/** The kept handle of a file, or null. */
export const handleOf = (fingerprint) => run("readonly", (store) => store.get(fingerprint));

/** The file of a handle; null while the reader has not allowed it, or when it is gone. `asks`: a
 * click stands behind it, so the browser may ask. */
export async function fileOf(handle, { asks = false } = {}) {
  try {
    const wish = { mode: "read" };
    let answer = await handle.queryPermission(wish);
    if (answer === "prompt" && asks) answer = await handle.requestPermission(wish);
    return answer === "granted" ? await handle.getFile() : null;
  } catch {
    return null;
  }
}
