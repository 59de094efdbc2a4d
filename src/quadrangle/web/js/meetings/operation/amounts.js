import { LANGUAGE } from "../../base/time.js";
import { texts } from "./texts.js";

const number = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });
const small = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 2 });

/** Hours that desktops ran for: "0.25 h", "12.5 h". */
export const hoursText = (hours) =>
  texts.figures.hours((hours < 1 ? small : number).format(hours));

/** An amount in the currency of the price; null where there is no price. */
export function money(amount, price) {
  if (!price || amount === null) return null;
  const options = { style: "currency", currency: price.currency };
  return new Intl.NumberFormat(LANGUAGE, options).format(amount);
}

/** Hours, and what they cost where that is known: "0.25 h · €0.03". */
export function usedText({ hours, cost }, price) {
  const costs = money(cost, price);
  return costs ? `${hoursText(hours)} · ${costs}` : hoursText(hours);
}
