"""What the mails of every service share: their look, and how typed texts are shown in them."""
