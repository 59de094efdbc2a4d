"use strict"

const { GetCommand } = require("@aws-sdk/lib-dynamodb")
const { answer } = require("./answer")
const { table, TableName } = require("./table")

/** GET /issue-status/{issueId}: the whole issue, or 404. */
exports.handler = async (event) => {
  const { issueId } = event.pathParameters
  const { Item } = await table.send(new GetCommand({ TableName, Key: { issueId } }))
  return Item ? answer(200, Item) : answer(404, { message: "Issue not found" })
}
