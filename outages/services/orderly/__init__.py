"""Writes of orderly use: `planning` (what a version says), `approving` (how it comes into force), `running` (putting it
to use), `handing` (receipts), `recording` (what was achieved); `change` is the one way through them all."""
