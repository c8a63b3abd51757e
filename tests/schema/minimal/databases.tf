resource "aws_db_instance" "example" {
  allocated_storage    = 10
  db_name              = "mydb"
  engine               = "mysql"
  engine_version       = "8.0"
  instance_class       = "db.t3.micro"
  username             = "foo"
  password             = "foobarbaz"
  parameter_group_name = "default.mysql8.0"
  skip_final_snapshot  = true
}

resource "aws_db_instance" "managed" {
  allocated_storage           = 10
  engine                      = "mysql"
  instance_class              = "db.t3.micro"
  manage_master_user_password = true
  username                    = "foo"
}

resource "aws_db_parameter_group" "example" {
  name   = "rds-pg"
  family = "mysql5.6"

  parameter {
    name  = "character_set_server"
    value = "utf8"
  }
}

resource "aws_db_subnet_group" "example" {
  name       = "main"
  subnet_ids = ["subnet-1", "subnet-2"]

  tags = {
    Name = "My DB subnet group"
  }
}

resource "aws_db_proxy" "example" {
  name                   = "example"
  debug_logging          = false
  engine_family          = "MYSQL"
  idle_client_timeout    = 1800
  require_tls            = true
  role_arn               = "arn:aws:iam::123456789012:role/proxy"
  vpc_security_group_ids = ["sg-1"]
  vpc_subnet_ids         = ["subnet-1"]

  auth {
    auth_scheme = "SECRETS"
    description = "example"
    iam_auth    = "DISABLED"
    secret_arn  = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a"
  }
}

resource "aws_db_proxy_default_target_group" "example" {
  db_proxy_name = aws_db_proxy.example.name

  connection_pool_config {
    connection_borrow_timeout    = 120
    init_query                   = "SET x=1, y=2"
    max_connections_percent      = 100
    max_idle_connections_percent = 50
    session_pinning_filters      = ["EXCLUDE_VARIABLE_SETS"]
  }
}

resource "aws_db_proxy_endpoint" "example" {
  db_proxy_name          = aws_db_proxy.example.name
  db_proxy_endpoint_name = "example"
  vpc_subnet_ids         = ["subnet-1"]
  target_role            = "READ_ONLY"
}

resource "aws_db_proxy_target" "example" {
  db_instance_identifier = aws_db_instance.example.identifier
  db_proxy_name          = aws_db_proxy.example.name
  target_group_name      = aws_db_proxy_default_target_group.example.name
}

resource "aws_rds_cluster" "example" {
  cluster_identifier      = "aurora-cluster-demo"
  engine                  = "aurora-mysql"
  engine_version          = "5.7.mysql_aurora.2.03.2"
  availability_zones      = ["us-west-2a", "us-west-2b", "us-west-2c"]
  database_name           = "mydb"
  master_username         = "foo"
  master_password         = "must_be_eight_characters"
  backup_retention_period = 5
  preferred_backup_window = "07:00-09:00"
}

resource "aws_rds_cluster" "serverless" {
  cluster_identifier = "example"
  engine             = "aurora-postgresql"
  engine_mode        = "provisioned"
  engine_version     = "13.6"
  database_name      = "test"
  master_username    = "test"
  master_password    = "must_be_eight_characters"
  storage_encrypted  = true

  serverlessv2_scaling_configuration {
    max_capacity             = 1.0
    min_capacity             = 0.0
    seconds_until_auto_pause = 3600
  }
}

resource "aws_rds_cluster_instance" "example" {
  count              = 2
  identifier         = "aurora-cluster-demo-${count.index}"
  cluster_identifier = aws_rds_cluster.example.id
  instance_class     = "db.r4.large"
  engine             = aws_rds_cluster.example.engine
  engine_version     = aws_rds_cluster.example.engine_version
}

resource "aws_rds_cluster_activity_stream" "example" {
  resource_arn = aws_rds_cluster.example.arn
  mode         = "async"
  kms_key_id   = "11111111-2222-3333-4444-555555555555"

  depends_on = [aws_rds_cluster_instance.example]
}

resource "aws_rds_cluster_endpoint" "example" {
  cluster_identifier          = aws_rds_cluster.example.id
  cluster_endpoint_identifier = "reader"
  custom_endpoint_type        = "READER"

  excluded_members = [
    aws_rds_cluster_instance.example[0].id,
    aws_rds_cluster_instance.example[1].id,
  ]
}

resource "aws_rds_cluster_parameter_group" "example" {
  name        = "rds-cluster-pg"
  family      = "aurora5.6"
  description = "RDS default cluster parameter group"

  parameter {
    name  = "character_set_server"
    value = "utf8"
  }
}

resource "aws_rds_custom_db_engine_version" "example" {
  database_installation_files_s3_bucket_name = "files-of-the-engine"
  database_installation_files_s3_prefix      = "1915_GI/"
  engine                                     = "custom-oracle-ee-cdb"
  engine_version                             = "19.cdb_cev1"
  kms_key_id                                 = "arn:aws:kms:eu-west-1:123456789012:key/a"
  manifest                                   = jsonencode({ databaseInstallationFileNames = ["V982063-01.zip"] })
}

resource "aws_rds_global_cluster" "example" {
  global_cluster_identifier = "global-test"
  engine                    = "aurora"
  engine_version            = "5.6.mysql_aurora.1.22.2"
  database_name             = "example_db"
}

resource "aws_rds_integration" "example" {
  integration_name = "example"
  source_arn       = aws_rds_cluster.example.arn
  target_arn       = "arn:aws:redshift-serverless:eu-west-1:123456789012:namespace/a"
}

resource "aws_elasticache_cluster" "example" {
  cluster_id           = "cluster-example"
  engine               = "memcached"
  node_type            = "cache.m4.large"
  num_cache_nodes      = 2
  parameter_group_name = "default.memcached1.4"
  port                 = 11211
}

resource "aws_elasticache_cluster" "replica" {
  cluster_id           = "cluster-example"
  replication_group_id = aws_elasticache_replication_group.example.id
}

resource "aws_elasticache_replication_group" "example" {
  automatic_failover_enabled  = true
  preferred_cache_cluster_azs = ["us-west-2a", "us-west-2b"]
  replication_group_id        = "tf-rep-group-1"
  description                 = "example description"
  node_type                   = "cache.m4.large"
  num_cache_clusters          = 2
  parameter_group_name        = "default.redis3.2"
  port                        = 6379
}

resource "aws_elasticache_replication_group" "sharded" {
  replication_group_id       = "tf-redis-cluster"
  description                = "example description"
  node_type                  = "cache.t2.small"
  port                       = 6379
  parameter_group_name       = "default.redis3.2.cluster.on"
  automatic_failover_enabled = true
  num_node_groups            = 2
  replicas_per_node_group    = 1
}

resource "aws_elasticache_serverless_cache" "example" {
  engine = "memcached"
  name   = "example"

  cache_usage_limits {
    data_storage {
      maximum = 10
      unit    = "GB"
    }

    ecpu_per_second {
      maximum = 5000
    }
  }
}

resource "aws_elasticache_subnet_group" "example" {
  name       = "my-cache-subnet"
  subnet_ids = ["subnet-1"]
}

resource "aws_elasticache_user" "example" {
  user_id       = "testUserId"
  user_name     = "default"
  access_string = "on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx"
  engine        = "redis"
  passwords     = ["password123456789"]
}

resource "aws_elasticache_user" "iam" {
  user_id       = "testuserid"
  user_name     = "testuserid"
  access_string = "on ~* +@all"
  engine        = "redis"

  authentication_mode {
    type = "iam"
  }
}

resource "aws_elasticache_user_group" "example" {
  engine        = "redis"
  user_group_id = "userGroupId"
  user_ids      = [aws_elasticache_user.example.user_id]
}
