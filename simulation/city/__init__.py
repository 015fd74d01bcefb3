"""The demo city: its places, its people, its customers, and how it is founded through the services."""
