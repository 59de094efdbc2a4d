import { stored, store } from "../../base/storage.js";

const CHOICE = "meeting-devices";
const PICTURE = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24 } };

/** Which camera and microphone people chose, `{camera, microphone}`, each an id or null. */
export function chosenDevices() {
  return { camera: null, microphone: null, ...stored(CHOICE) };
}

export function chooseDevices(choice) {
  store(CHOICE, { ...chosenDevices(), ...choice });
}

export const canUseDevices = () => Boolean(navigator.mediaDevices?.getUserMedia);

const exactly = (id, also = {}) => (id ? { ...also, deviceId: { ideal: id } } : also);

export function openCamera(id = chosenDevices().camera) {
  return navigator.mediaDevices.getUserMedia({ video: exactly(id, PICTURE) });
}

export function openMicrophone(id = chosenDevices().microphone) {
  const audio = exactly(id, { echoCancellation: true, noiseSuppression: true });
  return navigator.mediaDevices.getUserMedia({ audio });
}

/**
 * Camera and microphone, or the one of them that can be had: `{microphone, camera, error}` with a
 * MediaStreamTrack or null each, and why there is less than both.
 */
export async function openDevices() {
  if (!canUseDevices()) return { microphone: null, camera: null, error: "insecure" };
  const wanted = chosenDevices();
  try {
    // In one question to whoever is asked for permission.
    const both = await navigator.mediaDevices.getUserMedia({
      audio: exactly(wanted.microphone, { echoCancellation: true, noiseSuppression: true }),
      video: exactly(wanted.camera, PICTURE),
    });
    return { microphone: both.getAudioTracks()[0], camera: both.getVideoTracks()[0], error: null };
  } catch (error) {
    const denied = error.name === "NotAllowedError";
    if (denied) return { microphone: null, camera: null, error: "denied" };
  }
  const microphone = await first(openMicrophone());
  const camera = await first(openCamera());
  return { microphone, camera, error: microphone ? (camera ? null : "noCamera") : "noMicrophone" };
}

async function first(opening) {
  try {
    return (await opening).getTracks()[0];
  } catch {
    return null;
  }
}

/** `{camera: [{id, label}], microphone: [...]}`; without permission labels are empty. */
export async function listDevices() {
  const all = canUseDevices() ? await navigator.mediaDevices.enumerateDevices() : [];
  const of = (kind) =>
    all
      .filter((device) => device.kind === kind && device.deviceId)
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { camera: of("videoinput"), microphone: of("audioinput") };
}
