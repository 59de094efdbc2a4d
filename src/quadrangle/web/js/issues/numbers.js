const DIGITS = 8;
const VERSION_AT = 14; // in the text of a UUID

/**
 * The eight digits a report goes by, as mails say them too (issues/numbers.py): the end of an
 * ordered id, whose beginning is alike for all reports of a minute, else the beginning.
 */
export const numberOf = (issueId) =>
  issueId[VERSION_AT] === "7" ? issueId.slice(-DIGITS) : issueId.slice(0, DIGITS);
