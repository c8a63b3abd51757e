# website/docs/r/cloudtrail.html.markdown
resource "aws_cloudtrail" "audit" {
  name                          = "audit"
  s3_bucket_name                = "audit-trail"
  s3_key_prefix                 = "prefix"
  include_global_service_events = false

  event_selector {
    read_write_type           = "All"
    include_management_events = true

    data_resource {
      type   = "AWS::Lambda::Function"
      values = ["arn:aws:lambda"]
    }

    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}

# website/docs/r/flow_log.html.markdown
resource "aws_flow_log" "network" {
  log_destination      = "arn:aws:s3:::flow-logs"
  log_destination_type = "s3"
  traffic_type         = "ALL"
  vpc_id               = "vpc-0a1b2c3d"
}

# website/docs/r/docdb_cluster.html.markdown
resource "aws_docdb_cluster" "orders" {
  cluster_identifier              = "orders"
  engine                          = "docdb"
  master_username                 = "orders"
  master_password                 = "mustbeeightchars"
  backup_retention_period         = 5
  preferred_backup_window         = "07:00-09:00"
  skip_final_snapshot             = true
  enabled_cloudwatch_logs_exports = ["audit", "profiler"]
}

# website/docs/r/default_security_group.html.markdown
resource "aws_default_security_group" "main" {
  vpc_id = "vpc-0a1b2c3d"

  ingress {
    protocol  = "-1"
    self      = true
    from_port = 0
    to_port   = 0
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
