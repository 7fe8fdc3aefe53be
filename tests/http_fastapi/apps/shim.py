# SPDX-License-Identifier: MIT
"""What the applications need so that pydantic 1 decides as pydantic 2 does, and both run them."""

import pydantic

if pydantic.VERSION.startswith("1."):
    Str = pydantic.StrictStr  # pydantic 2 takes no number for a string

    def pattern(text):
        return {"regex": text}
else:
    Str = str

    def pattern(text):
        return {"pattern": text}
