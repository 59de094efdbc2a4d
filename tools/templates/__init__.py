"""Writes what repeats in deploy/aws/*.yaml from deploy/aws/inventory/."""
