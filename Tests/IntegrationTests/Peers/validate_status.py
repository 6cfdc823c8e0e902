"""Validates the document on standard input against the schema of /status.json: nothing missing, nothing unknown."""

import json
import sys

import jsonschema


def closed(schema):
    """The same schema, which takes no member that it does not name: readers are to pass over them, the tests are not."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if "required" in schema and "properties" in schema:
        result["additionalProperties"] = False
    return result


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(closed(schema))
errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.load(sys.stdin))]
print("\n".join(errors) if errors else "valid")
sys.exit(1 if errors else 0)
