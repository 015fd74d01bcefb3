"""Reads of orderly use: plans, runs, who is exempt, the report."""
