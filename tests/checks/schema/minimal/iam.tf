data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "instance-trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "describe" {
  statement {
    effect    = "Allow"
    actions   = ["ec2:Describe*"]
    resources = ["*"]
  }
}

variable "certificate" {
  type = string
}

variable "metadata" {
  type = string
}

variable "proxy_key_id" {
  type = string
}

variable "proxy_key" {
  type      = string
  sensitive = true
}

# website/docs/r/iam_role.html.markdown
resource "aws_iam_role" "worker" {
  name = "worker"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Action = "sts:AssumeRole"
        Effect = "Allow"
        Sid    = ""
        Principal = {
          Service = "ec2.amazonaws.com"
        }
      },
    ]
  })

  tags = {
    team = "platform"
  }
}

resource "aws_iam_role" "from_document" {
  name               = "instance"
  path               = "/system/"
  assume_role_policy = data.aws_iam_policy_document.instance-trust.json
}

# website/docs/r/iam_policy.html.markdown
resource "aws_iam_policy" "describe" {
  name        = "describe"
  path        = "/"
  description = "Look at instances"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Action = [
          "ec2:Describe*",
        ]
        Effect   = "Allow"
        Resource = "*"
      },
    ]
  })
}

# website/docs/r/iam_role_policy.html.markdown
resource "aws_iam_role_policy" "describe" {
  name = "describe"
  role = aws_iam_role.worker.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Action = [
          "ec2:Describe*",
        ]
        Effect   = "Allow"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "from_document" {
  name        = "describe-from-document"
  description = "Look at instances"
  policy      = data.aws_iam_policy_document.describe.json
}

# website/docs/r/iam_role_policy_attachment.html.markdown
resource "aws_iam_role_policy_attachment" "describe" {
  role       = aws_iam_role.from_document.name
  policy_arn = aws_iam_policy.from_document.arn
}

# website/docs/r/iam_instance_profile.html.markdown
resource "aws_iam_instance_profile" "instance" {
  name = "instance"
  role = aws_iam_role.from_document.name
}

# website/docs/r/iam_user.html.markdown
resource "aws_iam_user" "deployer" {
  name = "deployer"
  path = "/machines/"

  tags = {
    team = "platform"
  }
}

# website/docs/r/iam_user_policy.html.markdown
resource "aws_iam_user_policy" "describe" {
  name = "describe"
  user = aws_iam_user.deployer.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Action = [
          "ec2:Describe*",
        ]
        Effect   = "Allow"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_user_policy" "from_document" {
  name   = "describe-from-document"
  user   = aws_iam_user.deployer.name
  policy = data.aws_iam_policy_document.describe.json
}

# website/docs/r/iam_user_policy_attachment.html.markdown
resource "aws_iam_user_policy_attachment" "describe" {
  user       = aws_iam_user.deployer.name
  policy_arn = aws_iam_policy.describe.arn
}

# website/docs/r/iam_access_key.html.markdown
resource "aws_iam_access_key" "encrypted" {
  user    = aws_iam_user.deployer.name
  pgp_key = "keybase:release_engineer"
}

output "secret" {
  value = aws_iam_access_key.encrypted.encrypted_secret
}

resource "aws_iam_access_key" "mail" {
  user = aws_iam_user.deployer.name
}

output "mail_password" {
  value     = aws_iam_access_key.mail.ses_smtp_password_v4
  sensitive = true
}

# website/docs/r/iam_group.html.markdown
resource "aws_iam_group" "operators" {
  name = "operators"
  path = "/staff/"
}

# website/docs/r/iam_group_policy.html.markdown
resource "aws_iam_group_policy" "describe" {
  name  = "describe"
  group = aws_iam_group.operators.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Action = [
          "ec2:Describe*",
        ]
        Effect   = "Allow"
        Resource = "*"
      },
    ]
  })
}

# website/docs/r/iam_group_policy_attachment.html.markdown
resource "aws_iam_group_policy_attachment" "describe" {
  group      = aws_iam_group.operators.name
  policy_arn = aws_iam_policy.describe.arn
}

# website/docs/r/iam_account_alias.html.markdown
resource "aws_iam_account_alias" "alias" {
  account_alias = "orchard-production"
}

# website/docs/r/iam_account_password_policy.html.markdown
resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length        = 14
  require_lowercase_characters   = true
  require_numbers                = true
  require_uppercase_characters   = true
  require_symbols                = true
  allow_users_to_change_password = true
}

# website/docs/r/iam_openid_connect_provider.html.markdown
resource "aws_iam_openid_connect_provider" "pinned" {
  url = "https://login.example.com"

  client_id_list = [
    "4711-orchard.apps.example.com",
  ]

  thumbprint_list = ["0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"]
}

resource "aws_iam_openid_connect_provider" "without_thumbprint" {
  url = "https://tokens.example.com"

  client_id_list = [
    "sts.amazonaws.com",
  ]
}

# website/docs/r/iam_saml_provider.html.markdown
resource "aws_iam_saml_provider" "staff" {
  name                   = "staff"
  saml_metadata_document = file(var.metadata)
}

# website/docs/r/iam_security_token_service_preferences.html.markdown
resource "aws_iam_security_token_service_preferences" "preferences" {
  global_endpoint_token_version = "v2Token"
}

# website/docs/r/iam_server_certificate.html.markdown
resource "aws_iam_server_certificate" "from_files" {
  name             = "shop"
  certificate_body = file(var.certificate)
  private_key      = file("${var.certificate}.key")
}

resource "aws_iam_server_certificate" "inline" {
  name = "shop-inline"

  certificate_body = <<EOF
-----BEGIN CERTIFICATE-----
[......]
-----END CERTIFICATE-----
EOF

  private_key = <<EOF
-----BEGIN RSA PRIVATE KEY-----
[......]
-----END RSA PRIVATE KEY-----
EOF
}

resource "aws_iam_server_certificate" "prefixed" {
  name_prefix      = "shop"
  certificate_body = file(var.certificate)
  private_key      = file("${var.certificate}.key")

  lifecycle {
    create_before_destroy = true
  }
}

# website/docs/r/iam_service_linked_role.html.markdown
resource "aws_iam_service_linked_role" "search" {
  aws_service_name = "opensearchservice.amazonaws.com"
}

# website/docs/r/iam_service_specific_credential.html.markdown
resource "aws_iam_service_specific_credential" "repository" {
  service_name = "codecommit.amazonaws.com"
  user_name    = aws_iam_user.deployer.name
}

resource "aws_iam_service_specific_credential" "expiring" {
  service_name        = "bedrock.amazonaws.com"
  user_name           = aws_iam_user.deployer.name
  credential_age_days = 60
}

# website/docs/r/iam_signing_certificate.html.markdown
resource "aws_iam_signing_certificate" "from_file" {
  user_name        = aws_iam_user.deployer.name
  certificate_body = file(var.certificate)
}

resource "aws_iam_signing_certificate" "inline" {
  user_name = aws_iam_user.deployer.name

  certificate_body = <<EOF
-----BEGIN CERTIFICATE-----
[......]
-----END CERTIFICATE-----
EOF
}

# website/docs/r/iam_virtual_mfa_device.html.markdown
resource "aws_iam_virtual_mfa_device" "token" {
  virtual_mfa_device_name = "deployer-token"
}

# website/docs/r/kms_key.html.markdown
resource "aws_kms_key" "symmetric" {
  description             = "Orders"
  enable_key_rotation     = true
  deletion_window_in_days = 14

  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "orders"
    Statement = [
      {
        Sid    = "Account"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"
        },
        Action   = "kms:*"
        Resource = "*"
      },
      {
        Sid    = "Use"
        Effect = "Allow"
        Principal = {
          AWS = aws_iam_role.worker.arn
        },
        Action = [
          "kms:DescribeKey",
          "kms:Encrypt",
          "kms:Decrypt",
        ],
        Resource = "*"
      },
    ]
  })
}

resource "aws_kms_key" "signing" {
  description              = "Invoices"
  customer_master_key_spec = "RSA_4096"
  key_usage                = "SIGN_VERIFY"
  enable_key_rotation      = false

  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "invoices"
    Statement = [
      {
        Sid    = "Account"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"
        },
        Action   = "kms:*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_kms_key" "primary" {
  region                  = "us-west-2"
  description             = "Orders of every region"
  deletion_window_in_days = 21
  enable_key_rotation     = true
  multi_region            = true
}

# website/docs/r/kms_alias.html.markdown
resource "aws_kms_alias" "orders" {
  name          = "alias/orders"
  target_key_id = aws_kms_key.symmetric.key_id
}

# website/docs/r/kms_grant.html.markdown
resource "aws_kms_grant" "worker" {
  name              = "worker"
  key_id            = aws_kms_key.symmetric.key_id
  grantee_principal = aws_iam_role.worker.arn
  operations        = ["Encrypt", "Decrypt", "GenerateDataKey"]

  constraints {
    encryption_context_equals = {
      Shop = "orchard"
    }
  }
}

# website/docs/r/kms_key_policy.html.markdown
resource "aws_kms_key_policy" "orders" {
  key_id = aws_kms_key.symmetric.id

  policy = jsonencode({
    Id = "orders"
    Statement = [
      {
        Action = "kms:*"
        Effect = "Allow"
        Principal = {
          AWS = "*"
        }

        Resource = "*"
        Sid      = "Everyone"
      },
    ]
    Version = "2012-10-17"
  })
}

# website/docs/r/kms_replica_key.html.markdown
resource "aws_kms_replica_key" "replica" {
  description             = "Replica of the orders' key"
  deletion_window_in_days = 10
  primary_key_arn         = aws_kms_key.primary.arn
}

# website/docs/r/kms_external_key.html.markdown
resource "aws_kms_external_key" "images" {
  description = "Machine images"
}

resource "aws_kms_external_key" "primary" {
  region                  = "us-west-2"
  description             = "Machine images of every region"
  deletion_window_in_days = 21
  multi_region            = true
  enabled                 = true
  key_material_base64     = "b3JjaGFyZC1vcmNoYXJkLW9yY2hhcmQtb3JjaGFyZC0="
}

# website/docs/r/kms_replica_external_key.html.markdown
resource "aws_kms_replica_external_key" "replica" {
  description             = "Replica of the images' key"
  deletion_window_in_days = 10
  primary_key_arn         = aws_kms_external_key.primary.arn
  key_material_base64     = "b3JjaGFyZC1vcmNoYXJkLW9yY2hhcmQtb3JjaGFyZC0="
}

# website/docs/r/kms_custom_key_store.html.markdown
resource "aws_kms_custom_key_store" "hardware" {
  cloud_hsm_cluster_id     = "cluster-orchard2345"
  custom_key_store_name    = "hardware"
  key_store_password       = "correct1horse"
  trust_anchor_certificate = file(var.certificate)
}

resource "aws_kms_custom_key_store" "through_vpc" {
  custom_key_store_name = "outside-through-vpc"
  custom_key_store_type = "EXTERNAL_KEY_STORE"

  xks_proxy_authentication_credential {
    access_key_id         = var.proxy_key_id
    raw_secret_access_key = var.proxy_key
  }

  xks_proxy_connectivity              = "VPC_ENDPOINT_SERVICE"
  xks_proxy_uri_endpoint              = "https://keys.internal.example.com"
  xks_proxy_uri_path                  = "/kms/xks/v1"
  xks_proxy_vpc_endpoint_service_name = "com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d4e5f60718"
}

resource "aws_kms_custom_key_store" "public" {
  custom_key_store_name = "outside-public"
  custom_key_store_type = "EXTERNAL_KEY_STORE"

  xks_proxy_authentication_credential {
    access_key_id         = var.proxy_key_id
    raw_secret_access_key = var.proxy_key
  }

  xks_proxy_connectivity = "PUBLIC_ENDPOINT"
  xks_proxy_uri_endpoint = "https://keys.example.com"
  xks_proxy_uri_path     = "/kms/xks/v1"
}
