"""The contract other programs rely on: paths, methods and answers are added, never renamed."""

from __future__ import annotations

import json

from django.test import Client

from kedang.api.urls import api
from tests.databases import Site

PATHS = {
    "/api/v1/todo": {"get"},
    "/api/v1/notices": {"get"},
    "/api/v1/notices/{notice}/confirm": {"post"},
    "/api/v1/me": {"get"},
    "/api/v1/customers": {"get", "post"},
    "/api/v1/customers/{code}": {"get", "patch"},
    "/api/v1/customers/bin": {"get"},
    "/api/v1/customers/hand-over": {"post"},
    "/api/v1/customers/{code}/value": {"get"},
    "/api/v1/customers/{code}/restore": {"post"},
    "/api/v1/customers/{code}/steps": {"get"},
    "/api/v1/customers/{code}/advance": {"post"},
    "/api/v1/customers/{code}/remove": {"post"},
    "/api/v1/customers/{code}/recover": {"post"},
    "/api/v1/customers/{code}/reveal": {"post"},
    "/api/v1/customers/{code}/assign": {"post"},
    "/api/v1/customers/{code}/file": {"post"},
    "/api/v1/customers/{code}/history": {"get"},
    "/api/v1/customers/{code}/origins": {"get"},
    "/api/v1/customers/{code}/verify": {"post"},
    "/api/v1/customers/{code}/consents": {"post"},
    "/api/v1/customers/{code}/consents/withdraw": {"post"},
    "/api/v1/customers/{code}/looks": {"get"},
    "/api/v1/customers/{code}/records/{module}": {"get", "post"},
    "/api/v1/customers/{code}/records/{module}/{no}": {"get", "patch", "delete"},
    "/api/v1/customers/{code}/contacts": {"get", "post"},
    "/api/v1/customers/{code}/contacts/{contact}": {"get", "patch", "delete"},
    "/api/v1/customers/{code}/contacts/{contact}/lead": {"post"},
    "/api/v1/customers/{code}/attachments": {"get", "post"},
    "/api/v1/customers/{code}/attachments/{file}": {"get", "delete"},
    "/api/v1/customers/{code}/attachments/{file}/view": {"post"},
    "/api/v1/customers/{code}/attachments/{file}/pages/{page}": {"get"},
    "/api/v1/customers/{code}/attachments/{file}/content": {"get"},
    "/api/v1/imports": {"get", "post"},
    "/api/v1/imports/{number}": {"get"},
    "/api/v1/imports/{number}/commit": {"post"},
    "/api/v1/imports/{number}/undo": {"post"},
    "/api/v1/imports/{number}/cancel": {"post"},
    "/api/v1/imports/{number}/problems": {"get"},
    "/api/v1/imports/{number}/errors.xlsx": {"get"},
    "/api/v1/compliance": {"get"},
    "/api/v1/compliance/reports": {"post"},
    "/api/v1/compliance/reports/{report}.{kind}": {"get"},
    "/api/v1/dictionary": {"get"},
    "/api/v1/dictionary/{key}": {"get"},
    "/api/v1/measures": {"get"},
    "/api/v1/measures/{name}": {"get"},
    "/api/v1/regulation/overlays": {"get"},
    "/api/v1/regulation/overlays/{name}": {"get"},
    "/api/v1/duties": {"get"},
    "/api/v1/duties/rounds": {"get"},
    "/api/v1/duties/{number}": {"get"},
    "/api/v1/requests": {"get"},
    "/api/v1/requests/{number}": {"get"},
    "/api/v1/requests/{number}/sign": {"post"},
    "/api/v1/requests/{number}/withdraw": {"post"},
    "/api/v1/requests/{number}/signers": {"post"},
    "/api/v1/registers": {"get"},
    "/api/v1/registers/{name}": {"get"},
    "/api/v1/registers/{name}/{number}": {"get"},
    "/api/v1/matters/{operation}": {"post"},
    "/api/v1/ledger/entries": {"get"},
    "/api/v1/ledger/verify": {"post"},
    "/api/v1/ledger/head": {"get"},
}


def test_the_paths_are_those_of_the_contract() -> None:
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    assert {path: set(methods) for path, methods in schema["paths"].items()} == PATHS


def test_every_operation_is_explained_and_asks_who_it_is() -> None:
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], (method, path)
            assert {name for each in operation["security"] for name in each} == {"Bearer", "Session"}, (method, path)


def test_every_write_takes_an_idempotency_key() -> None:
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    for path, methods in schema["paths"].items():
        for method in set(methods) - {"get"} if "ledger" not in path else ():
            names = {parameter["name"] for parameter in methods[method].get("parameters", ())}
            assert "Idempotency-Key" in names, (method, path)


def test_the_document_is_served_and_holds_no_customer(site: Site) -> None:
    answer = Client(SERVER_NAME="localhost").get("/api/v1/openapi.json")
    assert answer.status_code == 200
    document = json.loads(answer.content)
    assert document["info"]["title"] == "Kedang"
    assert set(document["paths"]) == set(PATHS)
    assert "http" not in json.dumps(document.get("servers", []))
