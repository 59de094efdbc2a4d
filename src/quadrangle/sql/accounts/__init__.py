"""The stores of the account service."""
