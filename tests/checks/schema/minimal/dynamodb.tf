provider "aws" {
  alias  = "home"
  region = "eu-west-1"
}

provider "aws" {
  alias  = "away"
  region = "eu-central-1"
}

# website/docs/r/dynamodb_table.html.markdown
resource "aws_dynamodb_table" "example" {
  name           = "Visits"
  billing_mode   = "PROVISIONED"
  read_capacity  = 15
  write_capacity = 5
  hash_key       = "VisitorId"
  range_key      = "Museum"

  attribute {
    name = "VisitorId"
    type = "S"
  }

  attribute {
    name = "Museum"
    type = "S"
  }

  attribute {
    name = "Minutes"
    type = "N"
  }

  ttl {
    attribute_name = "ForgetAt"
    enabled        = true
  }

  global_secondary_index {
    name               = "MuseumIndex"
    hash_key           = "Museum"
    range_key          = "Minutes"
    write_capacity     = 4
    read_capacity      = 6
    projection_type    = "INCLUDE"
    non_key_attributes = ["VisitorId"]
  }

  tags = {
    Name  = "visits"
    Stage = "live"
  }
}

resource "aws_dynamodb_table" "many_keys" {
  name           = "Departures"
  billing_mode   = "PROVISIONED"
  read_capacity  = 15
  write_capacity = 5
  hash_key       = "trainId"

  attribute {
    name = "trainId"
    type = "S"
  }

  attribute {
    name = "line"
    type = "S"
  }

  attribute {
    name = "station"
    type = "S"
  }

  attribute {
    name = "day"
    type = "S"
  }

  attribute {
    name = "track"
    type = "N"
  }

  ttl {
    attribute_name = "ForgetAt"
    enabled        = true
  }

  global_secondary_index {
    name = "LineAndStation"
    key_schema {
      attribute_name = "line"
      key_type       = "HASH"
    }
    key_schema {
      attribute_name = "station"
      key_type       = "HASH"
    }
    key_schema {
      attribute_name = "day"
      key_type       = "RANGE"
    }
    key_schema {
      attribute_name = "track"
      key_type       = "RANGE"
    }
    write_capacity  = 4
    read_capacity   = 6
    projection_type = "ALL"
  }

  tags = {
    Name  = "departures"
    Stage = "live"
  }
}

resource "aws_dynamodb_table" "strongly_consistent" {
  name             = "balances"
  hash_key         = "Account"
  billing_mode     = "PAY_PER_REQUEST"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "Account"
    type = "S"
  }

  replica {
    region_name      = "eu-central-1"
    consistency_mode = "STRONG"
  }

  global_table_witness {
    region_name = "eu-west-3"
  }
}

# website/docs/r/dynamodb_global_secondary_index.html.markdown
resource "aws_dynamodb_global_secondary_index" "example" {
  table_name = aws_dynamodb_table.indexed.name
  index_name = "MuseumIndex"

  projection {
    projection_type    = "INCLUDE"
    non_key_attributes = ["VisitorId"]
  }

  provisioned_throughput {
    write_capacity_units = 4
    read_capacity_units  = 6
  }

  key_schema {
    attribute_name = "Museum"
    attribute_type = "S"
    key_type       = "HASH"
  }
}

resource "aws_dynamodb_table" "indexed" {
  name           = "indexed-elsewhere"
  billing_mode   = "PROVISIONED"
  read_capacity  = 15
  write_capacity = 5
  hash_key       = "VisitorId"
  range_key      = "Museum"

  attribute {
    name = "VisitorId"
    type = "S"
  }

  attribute {
    name = "Museum"
    type = "S"
  }
}

# website/docs/r/dynamodb_contributor_insights.html.markdown
resource "aws_dynamodb_contributor_insights" "example" {
  table_name = "Visits"
}

resource "aws_dynamodb_table" "bookings" {
  name     = "bookings"
  hash_key = "number"

  attribute {
    name = "number"
    type = "S"
  }
}

resource "aws_kinesis_stream" "changes" {
  name = "changes_of_bookings"

  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

# website/docs/r/dynamodb_kinesis_streaming_destination.html.markdown
resource "aws_dynamodb_kinesis_streaming_destination" "example" {
  stream_arn                               = aws_kinesis_stream.changes.arn
  table_name                               = aws_dynamodb_table.bookings.name
  approximate_creation_date_time_precision = "MICROSECOND"
}

data "aws_iam_policy_document" "readers" {
  statement {
    actions   = ["dynamodb:GetItem"]
    resources = [aws_dynamodb_table.example.arn]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:role/reader"]
    }
  }
}

# website/docs/r/dynamodb_resource_policy.html.markdown
resource "aws_dynamodb_resource_policy" "example" {
  resource_arn = aws_dynamodb_table.example.arn
  policy       = data.aws_iam_policy_document.readers.json
}

resource "aws_s3_bucket" "exports" {
  bucket_prefix = "exports"
  force_destroy = true
}

resource "aws_dynamodb_table" "exported" {
  name         = "exported"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "number"
  attribute {
    name = "number"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}

# website/docs/r/dynamodb_table_export.html.markdown
resource "aws_dynamodb_table_export" "example" {
  table_arn = aws_dynamodb_table.exported.arn
  s3_bucket = aws_s3_bucket.exports.id
}

resource "aws_dynamodb_table_export" "at_a_time" {
  export_time = "2024-07-15T08:45:00+02:00"
  s3_bucket   = aws_s3_bucket.exports.id
  table_arn   = aws_dynamodb_table.exported.arn
}

resource "aws_dynamodb_table_export" "incremental" {
  export_type = "INCREMENTAL_EXPORT"
  s3_bucket   = aws_s3_bucket.exports.id
  table_arn   = aws_dynamodb_table.exported.arn

  incremental_export_specification {
    export_from_time = "2024-07-15T08:00:00+02:00"
    export_to_time   = "2024-07-15T20:00:00+02:00"
  }
}

resource "aws_dynamodb_table" "replicated" {
  provider         = aws.home
  name             = "Replicated"
  hash_key         = "Account"
  billing_mode     = "PAY_PER_REQUEST"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "Account"
    type = "S"
  }

  lifecycle {
    ignore_changes = [replica]
  }
}

# website/docs/r/dynamodb_table_replica.html.markdown
resource "aws_dynamodb_table_replica" "example" {
  provider         = aws.away
  global_table_arn = aws_dynamodb_table.replicated.arn

  tags = {
    Name  = "copy"
    Stage = "live"
  }
}
