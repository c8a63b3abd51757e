locals {
  trust = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
  rights = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["ec2:Describe*"], Resource = "*" }]
  })
}

resource "aws_iam_role" "example" {
  name               = "test_role"
  assume_role_policy = local.trust

  tags = {
    tag-key = "tag-value"
  }
}

resource "aws_iam_policy" "example" {
  name        = "test_policy"
  path        = "/"
  description = "My test policy"
  policy      = local.rights
}

resource "aws_iam_role_policy" "example" {
  name   = "test_policy"
  role   = aws_iam_role.example.id
  policy = local.rights
}

resource "aws_iam_role_policy_attachment" "example" {
  role       = aws_iam_role.example.name
  policy_arn = aws_iam_policy.example.arn
}

resource "aws_iam_instance_profile" "example" {
  name = "test_profile"
  role = aws_iam_role.example.name
}

resource "aws_iam_user" "example" {
  name = "loadbalancer"
  path = "/system/"
}

resource "aws_iam_user_policy" "example" {
  name   = "test"
  user   = aws_iam_user.example.name
  policy = local.rights
}

resource "aws_iam_user_policy_attachment" "example" {
  user       = aws_iam_user.example.name
  policy_arn = aws_iam_policy.example.arn
}

resource "aws_iam_access_key" "example" {
  user = aws_iam_user.example.name
}

resource "aws_iam_group" "example" {
  name = "developers"
  path = "/users/"
}

resource "aws_iam_group_policy" "example" {
  name   = "my_developer_policy"
  group  = aws_iam_group.example.name
  policy = local.rights
}

resource "aws_iam_group_policy_attachment" "example" {
  group      = aws_iam_group.example.name
  policy_arn = aws_iam_policy.example.arn
}

resource "aws_iam_account_alias" "example" {
  account_alias = "my-account-alias"
}

resource "aws_iam_account_password_policy" "example" {
  minimum_password_length        = 8
  require_lowercase_characters   = true
  require_numbers                = true
  require_uppercase_characters   = true
  require_symbols                = true
  allow_users_to_change_password = true
}

resource "aws_iam_openid_connect_provider" "example" {
  url            = "https://accounts.google.com"
  client_id_list = ["266362248691-342342xasdasdasda-apps.googleusercontent.com"]
}

resource "aws_iam_saml_provider" "example" {
  name                   = "myprovider"
  saml_metadata_document = join("", [for number in range(100) : "<EntityDescriptor/>"])
}

resource "aws_iam_security_token_service_preferences" "example" {
  global_endpoint_token_version = "v2Token"
}

resource "aws_iam_server_certificate" "example" {
  name             = "some_test_cert"
  certificate_body = "(PEM)"
  private_key      = "(PEM)"
}

resource "aws_iam_service_linked_role" "example" {
  aws_service_name = "elasticbeanstalk.amazonaws.com"
}

resource "aws_iam_service_specific_credential" "example" {
  service_name = "codecommit.amazonaws.com"
  user_name    = aws_iam_user.example.name
}

resource "aws_iam_signing_certificate" "example" {
  user_name        = aws_iam_user.example.name
  certificate_body = "(PEM)"
}

resource "aws_iam_virtual_mfa_device" "example" {
  virtual_mfa_device_name = "example"
}

resource "aws_kms_key" "example" {
  description             = "KMS key 1"
  deletion_window_in_days = 10
  enable_key_rotation     = true
}

resource "aws_kms_key" "asymmetric" {
  description              = "RSA-3072 asymmetric KMS key"
  customer_master_key_spec = "RSA_3072"
  key_usage                = "SIGN_VERIFY"
  enable_key_rotation      = false
}

resource "aws_kms_alias" "example" {
  name          = "alias/my-key-alias"
  target_key_id = aws_kms_key.example.key_id
}

resource "aws_kms_grant" "example" {
  name              = "my-grant"
  key_id            = aws_kms_key.example.key_id
  grantee_principal = aws_iam_role.example.arn
  operations        = ["Encrypt", "Decrypt", "GenerateDataKey"]

  constraints {
    encryption_context_equals = {
      Department = "Finance"
    }
  }
}

resource "aws_kms_key_policy" "example" {
  key_id = aws_kms_key.example.id
  policy = local.rights
}

resource "aws_kms_replica_key" "example" {
  description             = "Multi-Region replica key"
  deletion_window_in_days = 7
  primary_key_arn         = aws_kms_key.example.arn
}

resource "aws_kms_external_key" "example" {
  description = "KMS EXTERNAL for AMI encryption"
}

resource "aws_kms_replica_external_key" "example" {
  description             = "Multi-Region replica key"
  deletion_window_in_days = 7
  primary_key_arn         = aws_kms_external_key.example.arn
}

resource "aws_kms_custom_key_store" "example" {
  cloud_hsm_cluster_id     = "cluster-abcdefghijk"
  custom_key_store_name    = "kms-custom-key-store-test"
  key_store_password       = "noplaintextpasswords1"
  trust_anchor_certificate = "(PEM)"
}
