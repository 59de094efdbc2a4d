"use strict"

/** A Lambda proxy answer with a JSON body that any origin may read. */
exports.answer = (statusCode, body) => ({
  statusCode,
  headers: { "Access-Control-Allow-Origin": "*", "Content-Type": "application/json" },
  body: JSON.stringify(body),
})
