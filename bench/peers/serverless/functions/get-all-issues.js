"use strict"

const { ScanCommand } = require("@aws-sdk/lib-dynamodb")
const { answer } = require("./answer")
const { table, TableName } = require("./table")

/** GET /get-all-issues: what one Scan returns, at most 1 MB of issues. */
exports.handler = async () => {
  const { Items } = await table.send(new ScanCommand({ TableName }))
  return answer(200, Items)
}
