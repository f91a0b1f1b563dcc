"""The typing of columns: from text as it stands in a file to canonical values, their hash and their sums."""
