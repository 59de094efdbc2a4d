"""The functions of the account service."""
