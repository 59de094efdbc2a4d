const EVERY_MS = 100;
let context = null;

/**
 * Measure how loud a stream's sound is; `onLevel(0 to 1)` is called ten times a second until the
 * returned function is. Null where there is no sound.
 */
export function measureLevel(stream, onLevel) {
  if (!stream?.getAudioTracks().length || !window.AudioContext) return null;
  context ??= new AudioContext();
  context.resume().catch(() => {}); // not before somebody has clicked
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    const decibels = 10 * Math.log10(sum / samples.length || 1e-9);
    onLevel(Math.max(0, Math.min(1, (decibels + 60) / 50)));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}
