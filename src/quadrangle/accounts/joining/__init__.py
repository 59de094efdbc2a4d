"""How accounts begin and end: invitation, sign-up, closing, erasing."""
