# website/docs/r/api_gateway_rest_api.html.markdown
resource "aws_api_gateway_rest_api" "openapi" {
  body = jsonencode({
    openapi = "3.0.1"
    info = {
      title   = "catalogue"
      version = "2.4"
    }
    paths = {
      "/books" = {
        get = {
          x-amazon-apigateway-integration = {
            httpMethod           = "GET"
            payloadFormatVersion = "1.0"
            type                 = "HTTP_PROXY"
            uri                  = "https://books.example.org/catalogue.json"
          }
        }
      }
    }
  })

  name = "catalogue"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_rest_api" "private" {
  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "ledger", version = "0.9" }
    paths   = {}
  })

  name              = "ledger"
  put_rest_api_mode = "merge"

  endpoint_configuration {
    types            = ["PRIVATE"]
    vpc_endpoint_ids = [aws_vpc_endpoint.execute_api[0].id, aws_vpc_endpoint.execute_api[1].id]
  }
}

resource "aws_api_gateway_rest_api" "security_policy" {
  name                 = "payments"
  security_policy      = "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"
  endpoint_access_mode = "BASIC"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_vpc_endpoint" "execute_api" {
  count = 2

  vpc_id            = "vpc-0a1b2c3d4e5f60718"
  service_name      = "com.amazonaws.eu-west-1.execute-api"
  vpc_endpoint_type = "Interface"
}

resource "aws_api_gateway_rest_api" "orders" {
  name        = "orders"
  description = "Where the shop's orders come in."
}

# website/docs/r/api_gateway_resource.html.markdown
resource "aws_api_gateway_resource" "order" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  parent_id   = aws_api_gateway_rest_api.orders.root_resource_id
  path_part   = "order"
}

resource "aws_api_gateway_resource" "anything" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  parent_id   = aws_api_gateway_rest_api.orders.root_resource_id
  path_part   = "{proxy+}"
}

# website/docs/r/api_gateway_method.html.markdown
resource "aws_api_gateway_method" "get_order" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_resource.order.id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_method" "user_pool" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_resource.anything.id
  http_method   = "ANY"
  authorization = "COGNITO_USER_POOLS"
  authorizer_id = aws_api_gateway_authorizer.user_pool.id

  request_parameters = {
    "method.request.path.proxy" = true
  }
}

resource "aws_api_gateway_method" "request_models" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_resource.order.id
  http_method   = "POST"
  authorization = "NONE"

  request_models = {
    "application/json" = "Error"
  }
}

# website/docs/r/api_gateway_integration.html.markdown
resource "aws_api_gateway_integration" "mock" {
  rest_api_id          = aws_api_gateway_rest_api.orders.id
  resource_id          = aws_api_gateway_resource.order.id
  http_method          = aws_api_gateway_method.get_order.http_method
  type                 = "MOCK"
  cache_key_parameters = ["method.request.path.number"]
  cache_namespace      = "orders"
  timeout_milliseconds = 12000

  request_parameters = {
    "integration.request.header.X-Channel" = "'web'"
  }

  request_templates = {
    "application/xml" = <<EOF
{
   "order" : $input.json('$.order')
}
EOF
  }
}

resource "aws_api_gateway_integration" "lambda_streaming" {
  rest_api_id             = aws_api_gateway_rest_api.orders.id
  resource_id             = aws_api_gateway_resource.anything.id
  http_method             = aws_api_gateway_method.user_pool.http_method
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.orders.response_streaming_invoke_arn
  response_transfer_mode  = "STREAM"
  timeout_milliseconds    = 900000
}

resource "aws_api_gateway_integration" "vpc_link" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  resource_id = aws_api_gateway_resource.order.id
  http_method = aws_api_gateway_method.request_models.http_method

  request_templates = {
    "application/json" = ""
    "application/xml"  = "#set($all = $input.path('$'))\n{ }"
  }

  request_parameters = {
    "integration.request.header.X-Channel" = "'web'"
    "integration.request.header.X-Shop"    = "'Leipzig'"
  }

  type                    = "HTTP"
  uri                     = "https://orders.example.org"
  integration_http_method = "GET"
  passthrough_behavior    = "WHEN_NO_MATCH"
  content_handling        = "CONVERT_TO_TEXT"

  connection_type = "VPC_LINK"
  connection_id   = aws_api_gateway_vpc_link.orders.id
}

resource "aws_api_gateway_vpc_link" "orders" {
  name        = "orders"
  target_arns = [aws_lb.orders.arn]
}

resource "aws_lb" "orders" {
  name               = "orders"
  internal           = true
  load_balancer_type = "network"
  subnets            = ["subnet-0a1b2c3d4e5f60718"]
}

# website/docs/r/api_gateway_method_response.html.markdown
resource "aws_api_gateway_method_response" "ok" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  resource_id = aws_api_gateway_resource.order.id
  http_method = aws_api_gateway_method.get_order.http_method
  status_code = "200"
}

resource "aws_api_gateway_method_response" "header_and_model" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  resource_id = aws_api_gateway_resource.order.id
  http_method = aws_api_gateway_method.get_order.http_method
  status_code = "201"

  response_models = {
    "application/json" = "Receipt"
  }

  response_parameters = {
    "method.response.header.Content-Type" = false
    "method-response-header.X-Receipt"    = false
  }
}

# website/docs/r/api_gateway_integration_response.html.markdown
resource "aws_api_gateway_integration_response" "ok" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  resource_id = aws_api_gateway_resource.order.id
  http_method = aws_api_gateway_method.get_order.http_method
  status_code = aws_api_gateway_method_response.ok.status_code

  response_templates = {
    "application/xml" = <<EOF
#set($order = $input.path('$.order'))
<?xml version="1.0" encoding="UTF-8"?>
<order>
    $order.number
</order>
EOF
  }
}

# website/docs/r/api_gateway_deployment.html.markdown
resource "aws_api_gateway_deployment" "openapi" {
  rest_api_id = aws_api_gateway_rest_api.openapi.id

  triggers = {
    redeployment = sha1(jsonencode(aws_api_gateway_rest_api.openapi.body))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_deployment" "resources" {
  rest_api_id = aws_api_gateway_rest_api.orders.id

  triggers = {
    redeployment = sha1(jsonencode([
      aws_api_gateway_resource.order.id,
      aws_api_gateway_method.get_order.id,
      aws_api_gateway_integration.mock.id,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

# website/docs/r/api_gateway_stage.html.markdown
resource "aws_api_gateway_stage" "live" {
  deployment_id = aws_api_gateway_deployment.openapi.id
  rest_api_id   = aws_api_gateway_rest_api.openapi.id
  stage_name    = "live"
}

resource "aws_api_gateway_stage" "log_group" {
  depends_on = [aws_cloudwatch_log_group.rehearsal]

  deployment_id = aws_api_gateway_deployment.resources.id
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  stage_name    = var.stage_name
}

variable "stage_name" {
  default = "rehearsal"
  type    = string
}

resource "aws_cloudwatch_log_group" "rehearsal" {
  name              = "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.orders.id}/${var.stage_name}"
  retention_in_days = 30
}

# website/docs/r/api_gateway_method_settings.html.markdown
resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.openapi.id
  stage_name  = aws_api_gateway_stage.live.stage_name
  method_path = "*/*"

  settings {
    metrics_enabled = true
    logging_level   = "ERROR"
  }
}

resource "aws_api_gateway_method_settings" "one_path" {
  rest_api_id = aws_api_gateway_rest_api.openapi.id
  stage_name  = aws_api_gateway_stage.live.stage_name
  method_path = "books/GET"

  settings {
    logging_level      = "INFO"
    metrics_enabled    = true
    data_trace_enabled = true
  }
}

resource "aws_api_gateway_method_settings" "off" {
  rest_api_id = aws_api_gateway_rest_api.openapi.id
  stage_name  = aws_api_gateway_stage.live.stage_name
  method_path = "covers/GET"

  settings {
    logging_level = "OFF"
  }
}

# website/docs/r/api_gateway_api_key.html.markdown
resource "aws_api_gateway_api_key" "partner" {
  name = "partner"
}

# website/docs/r/api_gateway_usage_plan.html.markdown
resource "aws_api_gateway_usage_plan" "partners" {
  name         = "partners"
  description  = "For shops that resell."
  product_code = "RESELL01"

  api_stages {
    api_id = aws_api_gateway_rest_api.openapi.id
    stage  = aws_api_gateway_stage.live.stage_name
  }

  api_stages {
    api_id = aws_api_gateway_rest_api.orders.id
    stage  = aws_api_gateway_stage.log_group.stage_name
  }

  quota_settings {
    limit  = 5000
    offset = 10
    period = "MONTH"
  }

  throttle_settings {
    burst_limit = 40
    rate_limit  = 25
  }
}

# website/docs/r/api_gateway_usage_plan_key.html.markdown
resource "aws_api_gateway_usage_plan_key" "partner" {
  key_id        = aws_api_gateway_api_key.partner.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.partners.id
}

# website/docs/r/api_gateway_authorizer.html.markdown
resource "aws_api_gateway_authorizer" "token" {
  name                   = "token"
  rest_api_id            = aws_api_gateway_rest_api.orders.id
  authorizer_uri         = aws_lambda_function.orders.invoke_arn
  authorizer_credentials = aws_iam_role.gateway.arn
}

resource "aws_api_gateway_authorizer" "user_pool" {
  name          = "customers"
  type          = "COGNITO_USER_POOLS"
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  provider_arns = data.aws_cognito_user_pools.customers.arns
}

data "aws_cognito_user_pools" "customers" {
  name = "customers"
}

data "aws_iam_policy_document" "gateway" {
  statement {
    effect = "Allow"

    principals {
      type        = "Service"
      identifiers = ["apigateway.amazonaws.com"]
    }

    actions = ["sts:AssumeRole"]
  }
}

resource "aws_iam_role" "gateway" {
  name               = "gateway"
  path               = "/"
  assume_role_policy = data.aws_iam_policy_document.gateway.json
}

data "aws_iam_policy_document" "function" {
  statement {
    effect = "Allow"

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    actions = ["sts:AssumeRole"]
  }
}

resource "aws_iam_role" "function" {
  name               = "orders-function"
  assume_role_policy = data.aws_iam_policy_document.function.json
}

resource "aws_lambda_function" "orders" {
  filename      = "orders.zip"
  function_name = "orders"
  role          = aws_iam_role.function.arn
  handler       = "orders.handler"
  runtime       = "python3.13"
}

# website/docs/r/api_gateway_documentation_part.html.markdown
resource "aws_api_gateway_documentation_part" "get_order" {
  location {
    type   = "METHOD"
    method = "GET"
    path   = "/order"
  }

  properties  = "{\"description\":\"One order with all its lines\"}"
  rest_api_id = aws_api_gateway_rest_api.orders.id
}

# website/docs/r/api_gateway_domain_name.html.markdown
resource "aws_api_gateway_domain_name" "edge" {
  certificate_arn = aws_acm_certificate_validation.shop.certificate_arn
  domain_name     = "shop.example.org"
}

resource "aws_api_gateway_domain_name" "regional_uploaded" {
  certificate_body          = tls_self_signed_cert.shop.cert_pem
  certificate_chain         = tls_self_signed_cert.shop.cert_pem
  certificate_private_key   = tls_private_key.shop.private_key_pem
  domain_name               = "shop.example.net"
  regional_certificate_name = "shop"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_domain_name" "security_policy" {
  domain_name              = "pay.example.org"
  regional_certificate_arn = aws_acm_certificate_validation.shop.certificate_arn
  security_policy          = "SecurityPolicy_TLS13_1_3_2025_09"
  endpoint_access_mode     = "STRICT"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "tls_private_key" "shop" {
  algorithm = "RSA"
}

resource "tls_self_signed_cert" "shop" {
  private_key_pem       = tls_private_key.shop.private_key_pem
  validity_period_hours = 12
  allowed_uses          = ["server_auth"]
}

resource "aws_acm_certificate" "shop" {
  domain_name       = "shop.example.org"
  validation_method = "DNS"
}

resource "aws_acm_certificate_validation" "shop" {
  certificate_arn = aws_acm_certificate.shop.arn
}

# website/docs/r/api_gateway_domain_name_access_association.html.markdown
resource "aws_api_gateway_domain_name_access_association" "shop" {
  access_association_source      = aws_vpc_endpoint.execute_api[0].id
  access_association_source_type = "VPCE"
  domain_name_arn                = aws_api_gateway_domain_name.edge.arn
}

# website/docs/r/api_gateway_gateway_response.html.markdown
resource "aws_api_gateway_gateway_response" "unauthorized" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  status_code   = "401"
  response_type = "UNAUTHORIZED"

  response_templates = {
    "application/json" = "{\"reason\":$context.error.messageString}"
  }

  response_parameters = {
    "gatewayresponse.header.WWW-Authenticate" = "'Bearer'"
  }
}

# website/docs/r/apigatewayv2_api.html.markdown
resource "aws_apigatewayv2_api" "websocket" {
  name                       = "chat"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.kind"
}

resource "aws_apigatewayv2_api" "http" {
  name          = "search"
  protocol_type = "HTTP"
}

# website/docs/r/apigatewayv2_authorizer.html.markdown
resource "aws_apigatewayv2_authorizer" "websocket" {
  api_id           = aws_apigatewayv2_api.websocket.id
  authorizer_type  = "REQUEST"
  authorizer_uri   = aws_lambda_function.orders.invoke_arn
  identity_sources = ["route.request.header.Token"]
  name             = "chat"
}

resource "aws_apigatewayv2_authorizer" "http" {
  api_id                            = aws_apigatewayv2_api.http.id
  authorizer_type                   = "REQUEST"
  authorizer_uri                    = aws_lambda_function.orders.invoke_arn
  identity_sources                  = ["$request.header.Token"]
  name                              = "search"
  authorizer_payload_format_version = "2.0"
}

# website/docs/r/apigatewayv2_deployment.html.markdown
resource "aws_apigatewayv2_deployment" "chat" {
  api_id      = aws_apigatewayv2_api.websocket.id
  description = "The first rooms"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_apigatewayv2_deployment" "triggers" {
  api_id      = aws_apigatewayv2_api.http.id
  description = "Whenever a route changes"

  triggers = {
    redeployment = sha1(join(",", tolist([
      jsonencode(aws_apigatewayv2_integration.http_proxy),
      jsonencode(aws_apigatewayv2_route.http_proxy),
    ])))
  }

  lifecycle {
    create_before_destroy = true
  }
}

# website/docs/r/apigatewayv2_domain_name.html.markdown
resource "aws_apigatewayv2_domain_name" "chat" {
  domain_name = "chat.example.org"

  domain_name_configuration {
    certificate_arn = aws_acm_certificate.shop.arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

# website/docs/r/apigatewayv2_integration.html.markdown
resource "aws_apigatewayv2_integration" "mock" {
  api_id           = aws_apigatewayv2_api.websocket.id
  integration_type = "MOCK"
}

resource "aws_apigatewayv2_integration" "lambda" {
  api_id           = aws_apigatewayv2_api.websocket.id
  integration_type = "AWS_PROXY"

  connection_type           = "INTERNET"
  content_handling_strategy = "CONVERT_TO_TEXT"
  description               = "What answers in a room"
  integration_method        = "POST"
  integration_uri           = aws_lambda_function.orders.invoke_arn
  passthrough_behavior      = "WHEN_NO_MATCH"
}

resource "aws_apigatewayv2_integration" "private" {
  api_id           = aws_apigatewayv2_api.http.id
  credentials_arn  = aws_iam_role.gateway.arn
  description      = "Behind the listener"
  integration_type = "HTTP_PROXY"
  integration_uri  = aws_lb_listener.orders.arn

  integration_method = "ANY"
  connection_type    = "VPC_LINK"
  connection_id      = aws_apigatewayv2_vpc_link.search.id

  tls_config {
    server_name_to_verify = "search.example.org"
  }

  request_parameters = {
    "append:header.caller" = "$context.authorizer.principalId"
    "overwrite:path"       = "find"
  }

  response_parameters {
    status_code = 403
    mappings = {
      "append:header.caller" = "$context.authorizer.principalId"
    }
  }

  response_parameters {
    status_code = 200
    mappings = {
      "overwrite:statuscode" = "204"
    }
  }
}

resource "aws_apigatewayv2_integration" "http_proxy" {
  api_id             = aws_apigatewayv2_api.http.id
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  integration_uri    = "https://search.example.org/{proxy}"
}

resource "aws_lb_listener" "orders" {
  load_balancer_arn = aws_lb.orders.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/orders/0123456789abcdef"
  }
}

# website/docs/r/apigatewayv2_integration_response.html.markdown
resource "aws_apigatewayv2_integration_response" "ok" {
  api_id                   = aws_apigatewayv2_api.websocket.id
  integration_id           = aws_apigatewayv2_integration.mock.id
  integration_response_key = "/200/"
}

# website/docs/r/apigatewayv2_model.html.markdown
resource "aws_apigatewayv2_model" "message" {
  api_id       = aws_apigatewayv2_api.websocket.id
  content_type = "application/json"
  name         = "message"

  schema = jsonencode({
    "$schema" = "http://json-schema.org/draft-04/schema#"
    title     = "Message"
    type      = "object"

    properties = {
      text = {
        type = "string"
      }
    }
  })
}

# website/docs/r/apigatewayv2_route.html.markdown
resource "aws_apigatewayv2_route" "default" {
  api_id    = aws_apigatewayv2_api.websocket.id
  route_key = "$default"
}

resource "aws_apigatewayv2_route" "http_proxy" {
  api_id    = aws_apigatewayv2_api.http.id
  route_key = "ANY /find/{proxy+}"

  target = "integrations/${aws_apigatewayv2_integration.http_proxy.id}"
}

# website/docs/r/apigatewayv2_routing_rule.html.markdown
resource "aws_apigatewayv2_routing_rule" "shop" {
  domain_name = "shop.example.org"

  condition {
    match_headers {
      any_of {
        header     = "X-Shop"
        value_glob = "leipzig-*"
      }
    }
    match_base_paths {
      any_of = ["orders", "returns"]
    }
  }
  action {
    invoke_api {
      api_id          = aws_api_gateway_rest_api.orders.id
      stage           = "live"
      strip_base_path = true
    }
  }
  priority = 20
}

# website/docs/r/apigatewayv2_stage.html.markdown
resource "aws_apigatewayv2_stage" "live" {
  api_id = aws_apigatewayv2_api.websocket.id
  name   = "live"
}

# website/docs/r/apigatewayv2_vpc_link.html.markdown
resource "aws_apigatewayv2_vpc_link" "search" {
  name               = "search"
  security_group_ids = [data.aws_security_group.search.id]
  subnet_ids         = data.aws_subnets.search.ids

  tags = {
    Purpose = "search"
  }
}

data "aws_security_group" "search" {
  name = "search"
}

data "aws_subnets" "search" {
  filter {
    name   = "tag:Purpose"
    values = ["search"]
  }
}
