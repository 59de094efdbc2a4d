"use strict"

const {
  CreateTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} = require("@aws-sdk/client-dynamodb")

const TableName = "CampusIssues"
const client = new DynamoDBClient({})

async function main() {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "issueId", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "issueId", KeyType: "HASH" }],
    }),
  )
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName })
}

main()
