// The words of the start page's way to videos.

export const texts = {
  title: "Watch",
  none: "Lectures and films of the campus will stand here.",
  new: "New:",
  watch: "Watch it",
  all: "All videos",
};
