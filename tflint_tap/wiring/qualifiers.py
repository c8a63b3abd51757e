"""Permissions for a version or an alias of a function, and whom they don't let in.

With a qualifier a permission serves those alone that call this version or alias by its full ARN:
https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html. One without is taken to serve all.
"""

from __future__ import annotations

from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Symbol, Value

_FUNCTION, _PERMISSION = "aws_lambda_function.", "aws_lambda_permission"
_WHOLE = (("arn",), ("invoke_arn",), ("function_name",), ("id",))  # attributes that name no version


def serves(holder: Instance, called: Value) -> bool:
    """Return False if a permission is for a version or alias, and the function is called as a whole."""
    if holder.declaration.type != _PERMISSION or holder.value("qualifier").data is None:
        return True
    data = called.data
    return not (isinstance(data, Symbol) and data.address.startswith(_FUNCTION) and data.path in _WHOLE)
