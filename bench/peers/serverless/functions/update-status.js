"use strict"

const { UpdateCommand } = require("@aws-sdk/lib-dynamodb")
const { answer } = require("./answer")
const { table, TableName } = require("./table")

/** PUT /update-status: sets the status of one issue. The notification mail is left out. */
exports.handler = async (event) => {
  const { issueId, status } = JSON.parse(event.body)
  await table.send(
    new UpdateCommand({
      TableName,
      Key: { issueId },
      UpdateExpression: "SET #s = :status",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: { ":status": status },
    }),
  )
  return answer(200, { message: "Status updated successfully" })
}
