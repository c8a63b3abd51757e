"""tap-lint: policy and compliance checks for Terraform AWS stacks, offline."""
