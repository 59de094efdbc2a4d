"""The AWS wing as a whole: deployed on the stand-in, and looked at from outside."""
