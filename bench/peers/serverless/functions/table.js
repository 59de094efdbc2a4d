"use strict"

const { DynamoDBClient } = require("@aws-sdk/client-dynamodb")
const { DynamoDBDocumentClient } = require("@aws-sdk/lib-dynamodb")

// Made once per container, as the source system does with its boto3 table.
exports.table = DynamoDBDocumentClient.from(new DynamoDBClient({}))
exports.TableName = "CampusIssues"
