import { openCamera, openDevices, openMicrophone } from "./media.js";

/**
 * What we send: microphone, camera, and maybe the screen. `onChange()` is called whenever something
 * of it is another; `connection()` returns the RTCPeerConnection there is, or null.
 */
export function ownMedia({ onChange, connection }) {
  const face = new MediaStream();
  let screen = null;
  let error = null;

  const trackOf = (kind) => face.getTracks().find((track) => track.kind === kind) ?? null;
  const senderOf = (track) =>
    connection()
      ?.getSenders()
      .find((sender) => sender.track === track);

  function add(track) {
    if (!track) return;
    face.addTrack(track);
    track.addEventListener("ended", () => {
      face.removeTrack(track); // unplugged, or taken away by the browser
      onChange();
    });
    connection()?.addTrack(track, face);
  }

  function drop(track) {
    const sender = track && senderOf(track);
    if (sender) connection().removeTrack(sender);
    track?.stop();
    if (track) face.removeTrack(track);
  }

  function stopScreen() {
    if (!screen) return;
    for (const track of screen.getTracks()) {
      const sender = senderOf(track);
      if (sender) connection().removeTrack(sender);
      track.stop();
    }
    screen = null;
    onChange();
  }

  return {
    face,
    get screen() {
      return screen;
    },
    get error() {
      return error;
    },
    get microphoneOn() {
      return trackOf("audio")?.enabled ?? false;
    },
    get cameraOn() {
      return Boolean(trackOf("video"));
    },
    sent: () => [
      ...face.getTracks().map((track) => ({ track, stream: face })),
      ...(screen?.getTracks() ?? []).map((track) => ({ track, stream: screen })),
    ],
    async open() {
      const opened = await openDevices();
      error = opened.error;
      add(opened.microphone);
      add(opened.camera);
      onChange();
    },
    /** Muted is silent at once and stays so; the device is kept, so that it comes back at once. */
    async toggleMicrophone() {
      const track = trackOf("audio");
      if (track) track.enabled = !track.enabled;
      else add((await openMicrophone()).getTracks()[0]);
      onChange();
    },
    /** Off means off: its light goes out. */
    async toggleCamera() {
      const track = trackOf("video");
      if (track) drop(track);
      else add((await openCamera()).getTracks()[0]);
      onChange();
    },
    async toggleScreen() {
      if (screen) {
        stopScreen();
        return;
      }
      screen = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: false });
      for (const track of screen.getTracks()) {
        track.addEventListener("ended", stopScreen); // by the browser's own button
        connection()?.addTrack(track, screen);
      }
      onChange();
    },
    close() {
      for (const track of [...face.getTracks(), ...(screen?.getTracks() ?? [])]) track.stop();
      screen = null;
    },
  };
}
