"""Forms of Terraform's own language that Terraform refuses; each module has a subject, `schema/invalid-form` asks all.

Facts from `terraform validate` of Terraform 1.11 (tests/terraform/language) and
https://developer.hashicorp.com/terraform/language.
"""
