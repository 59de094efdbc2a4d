const DIGITS = 8;
const VERSION_AT = 14; // in the text of a UUID

/**
 * The eight digits a report goes by, as mails say them too (issues/numbers.py): the end of an
 * ordered id, whose beginning is alike for all reports of a minute, else the beginning.
 */
export const numberOf = (issueId) =>
  issueId[VERSION_AT] === "7" ? issueId.slice(-DIGITS) : issueId.slice(0, DIGITS);

const NUMBER = /\[([0-9a-f]{8})\]|^\s*(?:no\.?\s*|#)?([0-9a-f]{8})\s*$/i;

/** The number in what someone typed, or in the subject of a mail; null when there is none. */
export function numberIn(text) {
  const found = text.match(NUMBER);
  return found ? (found[1] ?? found[2]).toLowerCase() : null;
}
