"""Who people are: sign-in, tokens, the staff PIN, staff members."""
