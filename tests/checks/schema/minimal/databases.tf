# website/docs/r/db_instance.html.markdown
resource "aws_db_instance" "example" {
  allocated_storage    = 20
  db_name              = "shop"
  engine               = "mysql"
  engine_version       = "8.4"
  instance_class       = "db.t4g.micro"
  username             = "keeper"
  password             = "not-in-a-file-please"
  parameter_group_name = "default.mysql8.4"
  skip_final_snapshot  = true
}

resource "aws_kms_key" "passwords" {
  description = "passwords of databases"
}

resource "aws_db_instance" "managed_password" {
  allocated_storage             = 20
  db_name                       = "shop"
  engine                        = "mysql"
  engine_version                = "8.4"
  instance_class                = "db.t4g.micro"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.passwords.key_id
  username                      = "keeper"
  parameter_group_name          = "default.mysql8.4"
}

data "aws_rds_orderable_db_instance" "oracle" {
  engine                     = "custom-oracle-ee"
  engine_version             = "19.c.ee.007"
  license_model              = "bring-your-own-license"
  storage_type               = "gp3"
  preferred_instance_classes = ["db.r5.large", "db.r5.xlarge"]
}

data "aws_kms_key" "oracle" {
  key_id = "01234567-89ab-cdef-0123-456789abcdef"
}

resource "aws_db_instance" "oracle" {
  allocated_storage           = 80
  auto_minor_version_upgrade  = false
  custom_iam_instance_profile = "AWSRDSCustomProfileOfShop"
  backup_retention_period     = 3
  db_subnet_group_name        = aws_db_subnet_group.example.name
  engine                      = data.aws_rds_orderable_db_instance.oracle.engine
  engine_version              = data.aws_rds_orderable_db_instance.oracle.engine_version
  identifier                  = "shop-oracle"
  instance_class              = data.aws_rds_orderable_db_instance.oracle.instance_class
  kms_key_id                  = data.aws_kms_key.oracle.arn
  license_model               = data.aws_rds_orderable_db_instance.oracle.license_model
  multi_az                    = false
  password                    = "not-in-a-file-please"
  username                    = "keeper"
  storage_encrypted           = true

  timeouts {
    create = "2h"
    delete = "2h"
    update = "2h"
  }
}

resource "aws_db_instance" "oracle_replica" {
  replicate_source_db         = aws_db_instance.oracle.identifier
  replica_mode                = "mounted"
  auto_minor_version_upgrade  = false
  custom_iam_instance_profile = "AWSRDSCustomProfileOfShop"
  backup_retention_period     = 3
  identifier                  = "shop-oracle-replica"
  instance_class              = data.aws_rds_orderable_db_instance.oracle.instance_class
  kms_key_id                  = data.aws_kms_key.oracle.arn
  multi_az                    = false
  skip_final_snapshot         = true
  storage_encrypted           = true

  timeouts {
    create = "2h"
    delete = "2h"
    update = "2h"
  }
}

# website/docs/r/db_parameter_group.html.markdown
resource "aws_db_parameter_group" "example" {
  name   = "shop"
  family = "mysql8.4"

  parameter {
    name  = "character_set_server"
    value = "utf8mb4"
  }

  parameter {
    name  = "character_set_client"
    value = "utf8mb4"
  }
}

resource "aws_db_parameter_group" "at_reboot" {
  name   = "shop-at-reboot"
  family = "mysql8.4"

  parameter {
    name         = "default_password_lifetime"
    value        = 0
    apply_method = "pending-reboot"
  }
}

resource "aws_vpc" "example" {
  cidr_block = "10.7.0.0/16"
}

resource "aws_subnet" "example" {
  count = 2

  vpc_id            = aws_vpc.example.id
  cidr_block        = cidrsubnet(aws_vpc.example.cidr_block, 8, count.index)
  availability_zone = ["eu-west-1a", "eu-west-1b"][count.index]
}

resource "aws_security_group" "example" {
  vpc_id = aws_vpc.example.id
}

# website/docs/r/db_subnet_group.html.markdown
resource "aws_db_subnet_group" "example" {
  name       = "shop"
  subnet_ids = [aws_subnet.example[0].id, aws_subnet.example[1].id]

  tags = {
    Name = "subnets of the shop"
  }
}

resource "aws_iam_role" "proxy" {
  name = "proxy"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "rds.amazonaws.com" }
    }]
  })
}

resource "aws_secretsmanager_secret" "proxy" {
  name = "proxy"
}

# website/docs/r/db_proxy.html.markdown
resource "aws_db_proxy" "example" {
  name                   = "shop"
  debug_logging          = true
  engine_family          = "MYSQL"
  idle_client_timeout    = 900
  require_tls            = false
  role_arn               = aws_iam_role.proxy.arn
  vpc_security_group_ids = [aws_security_group.example.id]
  vpc_subnet_ids         = [aws_subnet.example[0].id]

  auth {
    auth_scheme = "SECRETS"
    description = "the secret of the shop"
    iam_auth    = "REQUIRED"
    secret_arn  = aws_secretsmanager_secret.proxy.arn
  }

  tags = {
    Name  = "shop"
    Stage = "live"
  }
}

# website/docs/r/db_proxy_default_target_group.html.markdown
resource "aws_db_proxy_default_target_group" "example" {
  db_proxy_name = aws_db_proxy.example.name

  connection_pool_config {
    connection_borrow_timeout    = 60
    init_query                   = "SET a=3"
    max_connections_percent      = 80
    max_idle_connections_percent = 40
    session_pinning_filters      = ["EXCLUDE_VARIABLE_SETS"]
  }
}

# website/docs/r/db_proxy_endpoint.html.markdown
resource "aws_db_proxy_endpoint" "example" {
  db_proxy_name          = aws_db_proxy.example.name
  db_proxy_endpoint_name = "shop-reading"
  vpc_subnet_ids         = aws_subnet.example[*].id
  target_role            = "READ_ONLY"
}

# website/docs/r/db_proxy_target.html.markdown
resource "aws_db_proxy_target" "example" {
  db_instance_identifier = aws_db_instance.example.identifier
  db_proxy_name          = aws_db_proxy.example.name
  target_group_name      = aws_db_proxy_default_target_group.example.name
}

# website/docs/r/rds_cluster.html.markdown
resource "aws_rds_cluster" "example" {
  cluster_identifier      = "orders"
  engine                  = "aurora-mysql"
  engine_version          = "8.0.mysql_aurora.3.08.2"
  availability_zones      = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  database_name           = "orders"
  master_username         = "keeper"
  master_password         = "not-in-a-file-please"
  backup_retention_period = 7
  preferred_backup_window = "02:30-04:00"
}

resource "aws_rds_cluster" "many_zones" {
  cluster_identifier        = "orders-in-many-zones"
  availability_zones        = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  engine                    = "mysql"
  db_cluster_instance_class = "db.r6gd.large"
  storage_type              = "io1"
  allocated_storage         = 200
  iops                      = 2000
  master_username           = "keeper"
  master_password           = "not-in-a-file-please"
}

resource "aws_rds_cluster" "serverless" {
  cluster_identifier = "orders-serverless"
  engine             = "aurora-postgresql"
  engine_mode        = "provisioned"
  engine_version     = "16.6"
  database_name      = "orders"
  master_username    = "keeper"
  master_password    = "not-in-a-file-please"
  storage_encrypted  = true

  serverlessv2_scaling_configuration {
    max_capacity             = 4.0
    min_capacity             = 0.0
    seconds_until_auto_pause = 1800
  }
}

# website/docs/r/rds_cluster_instance.html.markdown
resource "aws_rds_cluster_instance" "example" {
  count              = 3
  identifier         = "orders-${count.index}"
  cluster_identifier = aws_rds_cluster.example.id
  instance_class     = "db.r6g.large"
  engine             = aws_rds_cluster.example.engine
  engine_version     = aws_rds_cluster.example.engine_version
}

resource "aws_rds_cluster_instance" "serverless" {
  cluster_identifier = aws_rds_cluster.serverless.id
  instance_class     = "db.serverless"
  engine             = aws_rds_cluster.serverless.engine
  engine_version     = aws_rds_cluster.serverless.engine_version
}

resource "aws_kms_key" "activity" {
  description = "activity of the orders"
}

# website/docs/r/rds_cluster_activity_stream.html.markdown
resource "aws_rds_cluster_activity_stream" "example" {
  resource_arn = aws_rds_cluster.serverless.arn
  mode         = "async"
  kms_key_id   = aws_kms_key.activity.key_id

  depends_on = [aws_rds_cluster_instance.serverless]
}

# website/docs/r/rds_cluster_endpoint.html.markdown
resource "aws_rds_cluster_endpoint" "example" {
  cluster_identifier          = aws_rds_cluster.example.id
  cluster_endpoint_identifier = "reports"
  custom_endpoint_type        = "READER"

  excluded_members = [
    aws_rds_cluster_instance.example[0].id,
    aws_rds_cluster_instance.example[1].id,
  ]
}

resource "aws_rds_cluster_endpoint" "static" {
  cluster_identifier          = aws_rds_cluster.example.id
  cluster_endpoint_identifier = "audits"
  custom_endpoint_type        = "READER"

  static_members = [
    aws_rds_cluster_instance.example[0].id,
    aws_rds_cluster_instance.example[2].id,
  ]
}

# website/docs/r/rds_cluster_parameter_group.html.markdown
resource "aws_rds_cluster_parameter_group" "example" {
  name        = "orders"
  family      = "aurora-mysql8.0"
  description = "parameters of the orders"

  parameter {
    name  = "character_set_server"
    value = "utf8mb4"
  }

  parameter {
    name  = "character_set_client"
    value = "utf8mb4"
  }
}

resource "aws_kms_key" "engine" {
  description = "files of engines"
}

# website/docs/r/rds_custom_db_engine_version.markdown
resource "aws_rds_custom_db_engine_version" "example" {
  database_installation_files_s3_bucket_name = "files-of-engines"
  database_installation_files_s3_prefix      = "oracle/2024/"
  engine                                     = "custom-oracle-ee-cdb"
  engine_version                             = "19.cdb_shop"
  kms_key_id                                 = aws_kms_key.engine.arn
  manifest                                   = <<JSON
  {
    "databaseInstallationFileNames": ["V1000001-01.zip"]
  }
JSON
  tags = {
    Name  = "oracle"
    Stage = "live"
  }
}

variable "manifest" {
  type = string
}

resource "aws_rds_custom_db_engine_version" "external_manifest" {
  database_installation_files_s3_bucket_name = "files-of-engines"
  database_installation_files_s3_prefix      = "oracle/2025/"
  engine                                     = "custom-oracle-ee-cdb"
  engine_version                             = "19.cdb_shop2"
  kms_key_id                                 = aws_kms_key.engine.arn
  filename                                   = var.manifest
  manifest_hash                              = filebase64sha256(var.manifest)
  tags = {
    Name  = "oracle"
    Stage = "live"
  }
}

resource "aws_rds_custom_db_engine_version" "sql_server" {
  engine          = "custom-sqlserver-se"
  engine_version  = "15.00.4249.2.shop-1"
  source_image_id = "ami-0123456789abcdef0"
}

# website/docs/r/rds_global_cluster.html.markdown
resource "aws_rds_global_cluster" "example" {
  global_cluster_identifier = "orders-everywhere"
  engine                    = "aurora-postgresql"
  engine_version            = "16.6"
  database_name             = "orders"
}

resource "aws_rds_cluster" "first" {
  engine                    = aws_rds_global_cluster.example.engine
  engine_version            = aws_rds_global_cluster.example.engine_version
  cluster_identifier        = "orders-first"
  master_username           = "keeper"
  master_password           = "not-in-a-file-please"
  database_name             = "orders"
  global_cluster_identifier = aws_rds_global_cluster.example.id
  db_subnet_group_name      = "default"
}

resource "aws_rds_global_cluster" "existing" {
  force_destroy                = true
  global_cluster_identifier    = "orders-of-old"
  source_db_cluster_identifier = aws_rds_cluster.example.arn
}

resource "aws_redshiftserverless_namespace" "example" {
  namespace_name = "orders"
}

resource "aws_redshiftserverless_workgroup" "example" {
  namespace_name      = aws_redshiftserverless_namespace.example.namespace_name
  workgroup_name      = "orders"
  base_capacity       = 16
  publicly_accessible = false
  subnet_ids          = aws_subnet.example[*].id

  config_parameter {
    parameter_key   = "enable_case_sensitive_identifier"
    parameter_value = "true"
  }
}

# website/docs/r/rds_integration.html.markdown
resource "aws_rds_integration" "example" {
  integration_name = "orders"
  source_arn       = aws_rds_cluster.example.arn
  target_arn       = aws_redshiftserverless_namespace.example.arn

  lifecycle {
    ignore_changes = [
      kms_key_id
    ]
  }
}

resource "aws_rds_integration" "own_key" {
  integration_name = "orders-own-key"
  source_arn       = aws_rds_cluster.example.arn
  target_arn       = aws_redshiftserverless_namespace.example.arn
  kms_key_id       = aws_kms_key.engine.arn

  additional_encryption_context = {
    "shop" = "orders"
  }
}

# website/docs/r/elasticache_cluster.html.markdown
resource "aws_elasticache_cluster" "example" {
  cluster_id           = "prices"
  engine               = "memcached"
  node_type            = "cache.m6g.large"
  num_cache_nodes      = 3
  parameter_group_name = "default.memcached1.6"
  port                 = 11211
}

resource "aws_elasticache_cluster" "replica" {
  cluster_id           = "baskets-replica"
  replication_group_id = aws_elasticache_replication_group.example.id
}

resource "aws_cloudwatch_log_group" "cache" {
  name = "cache"
}

resource "aws_s3_bucket" "cache" {
  bucket = "logs-of-the-cache"
}

resource "aws_iam_role" "cache" {
  name = "cache"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "firehose.amazonaws.com" }
    }]
  })
}

resource "aws_kinesis_firehose_delivery_stream" "cache" {
  name        = "cache"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn   = aws_iam_role.cache.arn
    bucket_arn = aws_s3_bucket.cache.arn
  }
}

resource "aws_elasticache_cluster" "logged" {
  cluster_id        = "prices-logged"
  engine            = "redis"
  node_type         = "cache.t4g.small"
  num_cache_nodes   = 1
  port              = 6379
  apply_immediately = true
  log_delivery_configuration {
    destination      = aws_cloudwatch_log_group.cache.name
    destination_type = "cloudwatch-logs"
    log_format       = "text"
    log_type         = "slow-log"
  }
  log_delivery_configuration {
    destination      = aws_kinesis_firehose_delivery_stream.cache.name
    destination_type = "kinesis-firehose"
    log_format       = "json"
    log_type         = "engine-log"
  }
}

# website/docs/r/elasticache_replication_group.html.markdown
resource "aws_elasticache_replication_group" "example" {
  automatic_failover_enabled  = true
  preferred_cache_cluster_azs = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  replication_group_id        = "baskets"
  description                 = "baskets of visitors"
  node_type                   = "cache.m6g.large"
  num_cache_clusters          = 3
  parameter_group_name        = "default.redis7"
  port                        = 6379
}

resource "aws_elasticache_replication_group" "sharded" {
  replication_group_id       = "baskets-sharded"
  description                = "baskets of more visitors"
  node_type                  = "cache.t4g.small"
  port                       = 6379
  parameter_group_name       = "default.redis7.cluster.on"
  automatic_failover_enabled = true

  num_node_groups         = 3
  replicas_per_node_group = 2
}

resource "aws_elasticache_replication_group" "authenticated" {
  replication_group_id = "baskets-safe"
  description          = "baskets of customers"
  node_type            = "cache.t4g.micro"
  num_cache_clusters   = 1
  port                 = 6379
  subnet_group_name    = aws_elasticache_subnet_group.example.name
  security_group_ids   = [aws_security_group.example.id]
  parameter_group_name = "default.redis7"
  engine_version       = "7.1"

  transit_encryption_enabled = true
  auth_token                 = "sixteen-or-more-letters"
  auth_token_update_strategy = "ROTATE"
}

# website/docs/r/elasticache_serverless_cache.html.markdown
resource "aws_elasticache_serverless_cache" "example" {
  engine = "memcached"
  name   = "prices-serverless"
  cache_usage_limits {
    data_storage {
      maximum = 20
      unit    = "GB"
    }
    ecpu_per_second {
      maximum = 8000
    }
  }
  description          = "prices of goods"
  kms_key_id           = aws_kms_key.passwords.arn
  major_engine_version = "1.6"
  security_group_ids   = [aws_security_group.example.id]
  subnet_ids           = aws_subnet.example[*].id
}

resource "aws_elasticache_serverless_cache" "valkey" {
  engine = "valkey"
  name   = "baskets-serverless"
  cache_usage_limits {
    data_storage {
      maximum = 20
      unit    = "GB"
    }
    ecpu_per_second {
      maximum = 8000
    }
  }
  daily_snapshot_time      = "03:30"
  description              = "baskets of visitors"
  kms_key_id               = aws_kms_key.passwords.arn
  major_engine_version     = "8"
  snapshot_retention_limit = 4
  security_group_ids       = [aws_security_group.example.id]
  subnet_ids               = aws_subnet.example[*].id
}

# website/docs/r/elasticache_subnet_group.html.markdown
resource "aws_elasticache_subnet_group" "example" {
  name       = "caches"
  subnet_ids = [aws_subnet.example[0].id]
}

variable "cache_password" {
  type      = string
  sensitive = true
}

# website/docs/r/elasticache_user.html.markdown
resource "aws_elasticache_user" "example" {
  user_id       = "basketReader"
  user_name     = "basketReader"
  access_string = "on ~baskets::* -@all +@read +@hash -hset -hdel"
  engine        = "redis"
  passwords     = ["not-in-a-file-please"]
}

resource "aws_elasticache_user" "iam" {
  user_id       = "basket-writer"
  user_name     = "basket-writer"
  access_string = "on ~* +@all"
  engine        = "redis"

  authentication_mode {
    type = "iam"
  }
}

resource "aws_elasticache_user" "write_only_password" {
  user_id              = "basketOwner"
  user_name            = "basketOwner"
  access_string        = "on ~* +@all"
  engine               = "redis"
  passwords_wo         = var.cache_password
  passwords_wo_version = 2
}

resource "aws_elasticache_user" "default" {
  user_id       = "basketDefault"
  user_name     = "default"
  access_string = "on ~baskets::* -@all +@read +@hash -hset -hdel"
  engine        = "redis"
  passwords     = ["not-in-a-file-please"]
}

# website/docs/r/elasticache_user_group.html.markdown
resource "aws_elasticache_user_group" "example" {
  engine        = "redis"
  user_group_id = "basketUsers"
  user_ids      = [aws_elasticache_user.default.user_id]
}
