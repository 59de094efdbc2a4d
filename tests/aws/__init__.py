"""What only the wing on AWS has; what it shares is in contracts/."""
