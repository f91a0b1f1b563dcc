"""What the engine is made of: compiled SQL, work tables, spilling, and what is found once per content."""
