import { h } from "../base/dom.js";
import { ownZone } from "./times.js";

/** A select of all time zones; `kept` is chosen where the browser knows it, else the reader's own. */
export function zoneSelect(kept = ownZone) {
  // browsers list no UTC, and their own name of a zone may be an older one
  const known = [ownZone, "UTC", kept, ...Intl.supportedValuesOf("timeZone")];
  const zones = [...new Set(known.filter(Boolean))].sort();
  const select = h(
    "select",
    {},
    zones.map((zone) => h("option", { value: zone }, zone.replaceAll("_", " "))),
  );
  select.value = kept || ownZone;
  return select;
}

/** A select of `options`, pairs of a value and its words. */
export function choice(name, options, value) {
  return h(
    "select",
    { name },
    options.map(([key, label]) => h("option", { value: key, selected: key === value }, label)),
  );
}
