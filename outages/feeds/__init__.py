"""What other programs read of outages: JSON, RSS, iCalendar and CAP 1.2, all from the same public facts."""
