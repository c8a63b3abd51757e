"""What a run needn't report: findings that a baseline lists, and those on lines that a branch hasn't changed."""
