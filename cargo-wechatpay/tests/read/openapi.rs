//! OpenAPI 3.0 and 3.1, in one file and in many.

use super::{BODY, at, documents, fault, folder, notes, shown};
use cargo_wechatpay::read;

const ONE_FILE: &str = r##"{
  "openapi": "3.0.3",
  "info": { "title": "shop", "version": "7" },
  "servers": [{ "url": "https://api.mch.weixin.qq.com/v3" }],
  "paths": {
    "/toys/{toy_id}": {
      "parameters": [{ "$ref": "#/components/parameters/toy_id" }],
      "post": {
        "summary": "Order a toy",
        "operationId": "orderToy",
        "parameters": [
          { "name": "toy_id", "in": "path", "required": true, "schema": { "type": "integer" }, "example": "7" },
          { "name": "filter", "in": "query", "content": { "application/json": { "schema": { "type": "object" } } } },
          { "name": "Accept", "in": "header", "schema": { "type": "string" } },
          { "name": "session", "in": "cookie", "schema": { "type": "string" } }
        ],
        "requestBody": { "$ref": "#/components/requestBodies/Order" },
        "responses": {
          "201": { "description": "made", "content": { "application/json; charset=utf-8": { "schema": { "$ref": "#/components/schemas/Toy" } } } },
          "default": { "description": "an error" }
        }
      }
    },
    "/toys/photos": {
      "post": {
        "requestBody": { "content": { "multipart/form-data": { "schema": { "type": "object", "properties": {
          "meta": { "type": "object", "properties": { "filename": { "type": "string" }, "sha256": { "type": "string" } } },
          "photo": { "type": "string", "format": "binary" },
          "remark": { "type": "string" }
        } } } } },
        "responses": { "200": { "description": "", "content": { "image/png": {} } } }
      }
    }
  },
  "components": {
    "parameters": { "toy_id": { "name": "toy_id", "in": "path", "required": true, "schema": { "type": "string" } } },
    "requestBodies": { "Order": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Toy" } } } } },
    "schemas": {
      "Toy": {
        "type": "object",
        "required": ["id", "owner", "remark"],
        "properties": {
          "id": { "type": "string", "readOnly": true },
          "pin": { "type": "string", "writeOnly": true, "x-sensitive": true },
          "owner": { "description": "Owner", "allOf": [{ "$ref": "#/components/schemas/Person" }] },
          "remark": { "type": "string", "nullable": true },
          "choice": { "oneOf": [{ "type": "string" }, { "type": "integer" }] },
          "parent": { "$ref": "#/components/schemas/Toy" }
        }
      },
      "Person": { "type": "object", "properties": { "name": { "type": "string", "example": "Ann" } } }
    }
  }
}"##;

#[test]
fn a_json_file_of_open_api_3_0_is_read() {
    let folder = folder(&[("shop.json", ONE_FILE)]);
    let documents = read::read(&folder.path().join("shop.json")).unwrap();
    documents.description().unwrap();
    let path = "/v3/toys/{toy_id}";
    assert_eq!(
        at(&documents, path, "post/parameters").to_string(),
        r#"[{"name":"toy_id","in":"path","required":true,"schema":{"type":"integer","examples":[7]}},"#.to_owned()
            + r#"{"name":"filter","in":"query","schema":{"type":"string","contentMediaType":"application/json","contentSchema":{"type":"object"}}}]"#
    );
    assert_eq!(
        at(&documents, path, BODY).to_string(),
        r#"{"type":"object","required":["owner"],"properties":{"pin":{"type":"string","x-sensitive":true},"#.to_owned()
            + r#""owner":{"type":"object","title":"Owner","properties":{"name":{"type":"string","examples":["Ann"]}}},"#
            + r#""remark":{"type":"string"},"choice":{},"parent":{}}}"#
    );
    let made = at(
        &documents,
        path,
        "post/responses/201/content/application~1json/schema/properties",
    );
    assert!(made.get("id").is_some() && made.get("pin").is_none(), "{made}");
}

#[test]
fn a_schema_that_holds_itself_is_cut_with_a_note() {
    let folder = folder(&[("shop.json", ONE_FILE)]);
    let notes = notes(&read::read(&folder.path().join("shop.json")).unwrap());
    let cut = "shop.json:39:14: the schema holds itself. Below this point any JSON is accepted";
    assert!(notes.iter().any(|note| note == cut), "{notes:#?}");
}

#[test]
fn an_upload_of_open_api_has_the_part_with_binary_content_as_its_file() {
    let folder = folder(&[("shop.json", ONE_FILE)]);
    let documents = read::read(&folder.path().join("shop.json")).unwrap();
    let upload = at(
        &documents,
        "/v3/toys/photos",
        "post/requestBody/content/multipart~1form-data",
    );
    assert_eq!(
        upload.get("x-digest").unwrap().to_string(),
        r#"{"file":"photo","filename":"filename","digest":"sha256","algorithm":"SHA-256"}"#
    );
    assert_eq!(
        upload.get("schema").unwrap().get("required").unwrap().to_string(),
        r#"["meta","photo"]"#
    );
    assert_eq!(
        at(&documents, "/v3/toys/photos", "post/responses/200").to_string(),
        r#"{"description":"成功","x-unsigned":true,"content":{"image/png":{}}}"#
    );
}

#[test]
fn open_api_3_1_in_many_yaml_files_is_read() {
    let documents = documents(&[
        (
            "openapi.yaml",
            "openapi: 3.1.0\npaths:\n  /v3/a: {$ref: 'paths/a.yaml'}\n  /v3/b: {$ref: 'paths/all.yaml#/~1v3~1b'}\n\
             webhooks:\n  TOY.DONE: {post: {summary: 完成, externalDocs: {url: 'https://a.example/'}}}\n",
        ),
        (
            "paths/a.yaml",
            "get:\n  responses:\n    '200':\n      content:\n        application/json:\n          schema: {$ref: '../schemas.yaml#/Toy'}\n",
        ),
        (
            "paths/all.yaml",
            "/v3/b:\n  delete: {responses: {'204': {description: gone}}}\n",
        ),
        (
            "schemas.yaml",
            "Toy:\n  type: object\n  required: [a, b]\n  properties:\n    a: {type: [string, 'null']}\n    b: {const: X, type: string}\n    \
             c: {anyOf: [{type: integer}, {type: 'null'}], examples: [3, 4]}\n    d: {type: [string, integer]}\n    e: true\n    \
             f: {type: array, items: {type: string}, example: [x, y]}\n",
        ),
    ]);
    assert_eq!(
        at(
            &documents,
            "/v3/a",
            "get/responses/200/content/application~1json/schema"
        )
        .to_string(),
        r#"{"type":"object","required":["b"],"properties":{"a":{"type":"string"},"b":{"type":"string","enum":["X"]},"#
            .to_owned()
            + r#""c":{"type":"integer","examples":[3]},"d":{},"e":{},"f":{"type":"array","items":{"type":"string","examples":["x"]}}}}"#
    );
    assert_eq!(
        at(&documents, "/v3/b", "delete/responses/204").to_string(),
        r#"{"description":"成功"}"#
    );
    assert_eq!(
        documents.description().unwrap().events()[0].title.as_deref(),
        Some("完成")
    );
}

#[test]
fn a_folder_of_several_documents_is_one_description() {
    let one = |path: &str| format!("openapi: 3.0.0\npaths:\n  {path}:\n    get: {{responses: {{'204': {{}}}}}}\n");
    let documents = documents(&[
        ("x/a.yml", &one("/v3/a")),
        ("b.json.yaml", &one("/v3/b")),
        ("notes.txt", "no YAML: :"),
    ]);
    assert_eq!(documents.paths.len(), 2);
    assert_eq!(
        fault(&[("a.yaml", &one("/v3/a")), ("b.yaml", &one("/v3/a"))]),
        "b.yaml:4:5: the path `/v3/a` is described twice, first at a.yaml:4:5"
    );
}

#[test]
fn anchors_aliases_and_merge_keys_of_yaml_are_understood() {
    let documents = documents(&[(
        "openapi.yaml",
        "openapi: 3.0.0\nx-id: &id {type: string, title: 编号}\npaths:\n  /v3/a:\n    post:\n      requestBody:\n        content:\n          \
         application/json:\n            schema:\n              type: object\n              properties:\n                a: *id\n                \
         b:\n                  <<: *id\n                  title: 其他\n      responses: {'204': {}}\n",
    )]);
    assert_eq!(
        at(&documents, "/v3/a", &format!("{BODY}/properties")).to_string(),
        r#"{"a":{"type":"string","title":"编号"},"b":{"type":"string","title":"其他"}}"#
    );
}

#[test]
fn a_version_that_is_unknown_is_named() {
    assert_eq!(
        fault(&[("openapi.yaml", "openapi: 4.0.0\npaths: {}\n")]),
        "openapi.yaml:1:1: the version `openapi: 4.0.0` is unknown; Swagger 2.0 and OpenAPI 3.0 and 3.1 can be read"
    );
    let folder = folder(&[("a.yaml", "a: 1")]);
    assert_eq!(
        shown(read::read(&folder.path().join("a.yaml"))),
        "a.yaml:1:1: the file is no OpenAPI 3 or Swagger 2.0 document: it has neither `openapi` nor `swagger`"
    );
}
