export const texts = {
  open: (title) => `${title}, on its own page`,
  gone: "This video is not here, or not for everybody.",
  failed: "This video could not be made ready.",
  again: "Try again",
  making: "This video is still being made.",
};
