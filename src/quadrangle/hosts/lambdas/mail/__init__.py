"""The outbox on AWS. What delivers mails and answers for them is in operation/."""
