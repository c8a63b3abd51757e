resource "aws_dynamodb_table" "example" {
  name           = "GameScores"
  billing_mode   = "PROVISIONED"
  read_capacity  = 20
  write_capacity = 20
  hash_key       = "UserId"
  range_key      = "GameTitle"

  attribute {
    name = "UserId"
    type = "S"
  }

  attribute {
    name = "GameTitle"
    type = "S"
  }

  attribute {
    name = "TopScore"
    type = "N"
  }

  ttl {
    attribute_name = "TimeToExist"
    enabled        = true
  }

  local_secondary_index {
    name            = "TopScoreIndex"
    range_key       = "TopScore"
    projection_type = "KEYS_ONLY"
  }

  tags = {
    Name        = "dynamodb-table-1"
    Environment = "production"
  }
}

resource "aws_dynamodb_table" "global" {
  name             = "example"
  hash_key         = "TestTableHashKey"
  billing_mode     = "PAY_PER_REQUEST"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "TestTableHashKey"
    type = "S"
  }

  replica {
    region_name = "us-east-2"
  }

  replica {
    region_name    = "us-west-2"
    propagate_tags = true
  }
}

resource "aws_dynamodb_contributor_insights" "example" {
  table_name = aws_dynamodb_table.example.name
}

resource "aws_dynamodb_kinesis_streaming_destination" "example" {
  stream_arn                               = "arn:aws:kinesis:eu-west-1:123456789012:stream/example"
  table_name                               = aws_dynamodb_table.example.name
  approximate_creation_date_time_precision = "MICROSECOND"
}

resource "aws_dynamodb_resource_policy" "example" {
  resource_arn = aws_dynamodb_table.example.arn
  policy       = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_dynamodb_table_export" "example" {
  table_arn = aws_dynamodb_table.example.arn
  s3_bucket = "exports-of-the-example"
}

resource "aws_dynamodb_table_replica" "example" {
  global_table_arn = aws_dynamodb_table.example.arn

  tags = {
    Name = "IZPAWS"
  }
}
