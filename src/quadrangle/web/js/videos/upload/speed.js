const WINDOW_MS = 15_000;
const SURE_MS = 2_000;

/** Tells how long the rest takes, by what came in the last seconds; null while that is not sure. */
export function speedometer() {
  let marks = [];
  return {
    forget() {
      marks = [];
    },
    secondsLeft(sent, whole, now = performance.now()) {
      marks.push({ sent, now });
      marks = marks.filter((mark) => now - mark.now < WINDOW_MS);
      const passed = now - marks[0].now;
      const came = sent - marks[0].sent;
      return passed < SURE_MS || came <= 0 ? null : ((whole - sent) / came) * (passed / 1000);
    },
  };
}
