"""Template helpers of the customers room."""
