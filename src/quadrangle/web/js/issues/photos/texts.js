import { some } from "../../base/texts.js";

export const texts = {
  camera: "Take a photo",
  choose: "Choose photos",
  chosen: "Chosen photos",
  numbered: (n) => `photo ${n}`,
  remove: (name) => `Remove ${name}`,
  count: (n) => (n ? `${some(n, "photo")} chosen` : "No photo chosen"),
  wrongType: (name) => `${name} is not a picture we can take. Choose JPEG, PNG, WebP or HEIC.`,
  emptyFile: (name) => `${name} is empty. Choose another picture.`,
  tooLarge: (name, bytes) =>
    `${name} is larger than ${Math.floor(bytes / 2 ** 20)} MB. Choose a smaller one.`,
  tooMany: (n) =>
    n
      ? `An issue takes ${some(n, "more photo")} at most.`
      : "This issue takes no more photos.",
  sending: "Sending",
  sent: "Sent",
  progress: (name) => `Sending ${name}`,
  notSent: (why) => `Not sent. ${why}`,
  retry: "Send again",
  allSent: "All photos are sent.",
  title: "Photos",
  previous: "Previous photo",
  next: "Next photo",
  close: "Close",
  position: (n, of, when) => `Photo ${n} of ${of}, ${when}`,
  someFailed: (n) => `${some(n, "photo was", "photos were")} not sent.`,
};
