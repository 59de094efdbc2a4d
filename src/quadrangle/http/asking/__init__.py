"""Who is asking, from where, and how often they may."""
