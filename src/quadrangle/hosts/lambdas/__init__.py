"""The functions of AWS Lambda: each module is one, or one for each of several events.

The template (deploy/aws/) says what each may do and hands it its settings in the environment.
"""

import gc

# Importing makes many objects and no garbage; looking for some took a fifteenth of a cold start.
gc.set_threshold(50_000)
