import { hours as hoursText, LANGUAGE } from "../../base/time.js";

/** An amount in the currency of the price; null where there is no price. */
export function money(amount, price) {
  if (!price || amount === null) return null;
  const options = { style: "currency", currency: price.currency };
  return new Intl.NumberFormat(LANGUAGE, options).format(amount);
}

/** Hours that desktops ran for, and what they cost where that is known: "15 min · €0.03". */
export function usedText({ hours, cost }, price) {
  const costs = money(cost, price);
  return costs ? `${hoursText(hours)} · ${costs}` : hoursText(hours);
}
