import { some } from "../../base/texts.js";

export const texts = {
  gone: {
    title: "This video is not here",
    text: "It was deleted, or it is not meant for you. If you have a link to it, open the whole link.",
    signIn: "It may be there once you are signed in.",
    all: "All videos",
    over: "This link has ended",
  },
  failed: {
    title: "This video could not be made ready",
    others: "Its owner has been told why.",
    mine: "Go to my videos",
  },
  making: {
    title: "Not ready yet",
    notice: (how) => `This video is still being made. ${how}`,
    partial: (how) => `Later parts are still being made: ${how} You can watch what is there.`,
    ready: "The whole video is there now.",
  },
  trouble: {
    cannot: "This browser cannot play the video.",
    lost: "The video stopped: its files cannot be reached.",
    again: "Go on",
  },
  resumed: (time) => `Goes on at ${time}, where you stopped.`,
  fromStart: "From the start",
  about: "About",
  tabs: "Beside the video",
  transcript: {
    title: "Transcript",
    search: "Search the transcript",
    searchHint: "The list shows only lines with these words.",
    clearSearch: "Clear the search",
    follow: "Follow the video",
    language: "Language",
    none: "No line has these words.",
    found: (n) => some(n, "line"),
    failed: "The transcript could not be loaded.",
    jump: (time, text) => `${time}: ${text}`,
  },
  copyAt: (time) => `Copy the link at ${time}`,
  sound: "Download the sound",
  download: "Download",
  manage: "Manage",
  password: {
    title: "This video has a password",
    lead: "Whoever gave you the link knows it.",
    label: "Password",
    open: "Watch",
  },
  by: (name) => `by ${name}`,
};
