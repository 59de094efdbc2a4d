"use strict"

const { randomUUID } = require("node:crypto")
const { PutCommand } = require("@aws-sdk/lib-dynamodb")
const { answer } = require("./answer")
const { table, TableName } = require("./table")

/** POST /report-issue: stores a new, open issue. The confirmation mail is left out. */
exports.handler = async (event) => {
  const { issueType, location, description } = JSON.parse(event.body)
  const issueId = randomUUID()
  const createdAt = new Date().toISOString()
  const Item = { issueId, issueType, location, description, status: "OPEN", createdAt }
  await table.send(new PutCommand({ TableName, Item }))
  return answer(200, { message: "Issue reported successfully", issueId })
}
