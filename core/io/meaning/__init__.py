"""What columns mean: roles, bands, groups, personal data, and the questions that a file leaves open."""
