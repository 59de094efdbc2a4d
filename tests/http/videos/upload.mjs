// Uploads a file by tus-js-client: node upload.mjs <endpoint> <file> <token> <chunk> <break at>
// With a chunk the file goes in so many bytes at a time; it breaks off once at <break at> and is then
// resumed as a page would, from what the client remembers. Prints the address of the upload.
import { createReadStream, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileUrlStorage, Upload } from "tus-js-client";

const [endpoint, path, token, chunk, breakAt] = process.argv.slice(2);
const storage = new FileUrlStorage(join(tmpdir(), `tus-${process.pid}.json`));

function upload(onProgress) {
  return new Promise((resolve, reject) => {
    const options = {
      endpoint,
      chunkSize: Number(chunk) || Number.POSITIVE_INFINITY,
      uploadSize: statSync(path).size,
      headers: { Authorization: `Bearer ${token}` },
      metadata: { title: "By tus-js-client", filename: "clip.mp4" },
      retryDelays: [100, 500],
      urlStorage: storage,
      storeFingerprintForResuming: true,
      removeFingerprintOnSuccess: true,
      onError: reject,
      onSuccess: () => resolve(going),
      onProgress: (sent) => onProgress(going, sent, resolve),
    };
    const going = new Upload(createReadStream(path), options);
    going.findPreviousUploads().then((known) => {
      if (known.length) going.resumeFromPreviousUpload(known[0]);
      going.start();
    }, reject);
  });
}

let broken = !Number(breakAt);
if (!broken) {
  await upload((going, sent, resolve) => {
    if (!broken && sent >= Number(breakAt)) {
      broken = true;
      going.abort().then(() => resolve(going));
    }
  });
}
const done = await upload(() => {});
console.log(done.url);
