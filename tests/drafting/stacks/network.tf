# A network of three tiers: blocks that are numbered, or made for what a variable gives; separate rules; no tags at all.

variable "cidr" {
  description = "Addresses of the network; each subnet gets a part."
  type        = string
  default     = "10.20.0.0/16"
}

variable "zones" {
  type    = set(string)
  default = ["eu-central-1a", "eu-central-1b"]
}

variable "database_password" {
  type      = string
  default   = "kx9!vfQ2pLzt7"
  sensitive = true
}

variable "office" {
  type    = list(string)
  default = null
}

variable "shares" {
  type    = object({ app = optional(number, 0.5), web = number })
  default = { web = 0.25 }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
}

resource "aws_subnet" "public" {
  for_each          = var.zones
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value
  cidr_block        = cidrsubnet(var.cidr, 8, index(sort(var.zones), each.key))
}

resource "aws_subnet" "data" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  availability_zone = sort(var.zones)[count.index]
  cidr_block        = cidrsubnet(var.cidr, 8, 10 + count.index)
}

# Reached from the office alone, in under 200 ms.
resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.this.id

  dynamic "ingress" {
    for_each = toset([80, 443])
    content {
      description = "Web"
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = ["10.0.0.0/8"]
    }
  }

  timeouts {
    delete = "5m"
  }
}

resource "aws_security_group" "database" {
  name   = "database"
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_subnet_group" "this" {
  subnet_ids = aws_subnet.data[*].id
}

resource "aws_db_instance" "default" {
  identifier             = "orders"
  engine                 = "postgres"
  instance_class         = "db.t4g.micro"
  allocated_storage      = 20
  username               = "orders"
  password               = var.database_password
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.database.id]
  storage_encrypted      = true
  skip_final_snapshot    = true
  character_set_name     = "no # comment: \"quoted\" \\ 'text'"
}

output "database" {
  value     = { host = aws_db_instance.default.address, port = aws_db_instance.default.port }
  sensitive = true
}

output "subnets" { value = [for subnet in aws_subnet.public : subnet.id] }

output "zones" { value = var.zones }
