"""The account service on AWS."""
