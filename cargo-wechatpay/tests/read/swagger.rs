//! Swagger 2.0 in many files, with the habits of such trees.

use super::{BODY, at, documents, fault, folder, notes, shown};
use cargo_wechatpay::read;

const ROOT: &str = "
swagger: '2.0'
host: api.mch.weixin.qq.com
basePath: ''
info:
  title: 测试
  version: 1.2.3
consumes: [application/json]
produces:
  - application/json
paths:
  /v3/toy/orders:
    $ref: ./v3/toy/orders.yaml
  /v3/toy/orders/{order_id}:
    $ref: './v3/toy/orders/{order_id}.yaml'
  /v3/toy/forms/:
    $ref: ./v3/toy/forms/{empty}.yaml
  /v3/webhooks:
    $ref: ./v3/webhooks.yaml
  /risk/getkey:
    $ref: ./v2/risk/getkey.yaml
  /v2/old:
    $ref: ./v2/old.yaml
";

const ORDERS: &str = "
post:
  x-last-updated-at: 2024.3.09
  x-role: [直连商户, 服务商]
  tag:
    -  玩具∙订单
  summary: 玩具下单API
  description: 商户下单。 [官方文档](https://pay.example/a.shtml) 也见 [文档](https://pay.example/b.shtml)
  parameters:
    - $ref: '../../definitions/Headers.yaml#WECHATPAY_SERIAL'
    - $ref: '../../definitions/Headers.yaml#/IDEMPOTENCY_KEY'
    - in: body
      name: _
      required: true
      schema:
        allOf:
          - $ref: '../../definitions/Order.yaml#OrderBase'
          - type: object
            required: [payer]
            properties:
              payer:
                $ref: '#Payer'
              amount:
                required: [total]
                properties:
                  total:
                    minimum: 1
              kind:
                description: 订单类型
                $ref: '../../definitions/Enums.yaml#Kind'
  responses:
    200:
      schema:
        type: object
        required:
          - order_id
        properties:
          order_id:
            type: stringde
            description: 玩具订单号
            example: 0012
          count:
            type: number
            format: unit32
            example: '7'
          weight:
            type: int
            example: about 3
          odd:
            type: object
            description: 缩进错误
            properties:
            total:
              type: integer
    202: {}
    400:
      schema:
        type: object

Payer:
  type: object
  description: 支付者
  x-is-sensitive: [name, phone]
  required: [openid]
  properties:
    openid:
      type: string
      description: 用户标识
      example: oUpF8
    name:
      type: string
      format: base64
      description: 姓名
      example: hu89ohu89ohu89o
    phone:
      type: string
      description: 电话
      example: 13800138000
";

const ORDER: &str = "
parameters:
  - name: order_id
    in: path
    required: true
    type: string
    description: 玩具订单号
get:
  deprecated: true
  summary: 查询
  parameters:
    - name: filter
      in: query
      type: string
      format: jsonObjectLike
      description: 条件`JSON`格式字符串
      x-json:
        type: object
        properties:
          state:
            type: string
            enum:
              - OPEN   #进行中
              - CLOSED #已关闭，不能再打开
              - OTHER
    - name: limit
      in: query
      type: integer
      maximum: 50
  responses:
    '200':
      schema:
        type: object
        properties:
          extra:
            type: string
            format: jsonArrayLike
          day:
            type: string
            format: rfc3339
            pattern: /\\d{8}|\\d{14}/
delete:
  summary: 下载
  produces: [application/pdf]
  responses:
    200: {}
";

const FORMS: &str = "
post:
  summary: 上传
  consumes: [multipart/form-data]
  parameters:
    - name: meta
      in: formData
      required: true
      type: string
      format: jsonObjectLike
      schema:
        type: object
        required: [digest_algorithm, digest]
        properties:
          file_name:
            type: string
          digest_algorithm:
            type: string
            example: SM3
          digest:
            type: string
    - name: scan
      in: formData
      type: file
      required: true
    - name: item_id
      in: formData
      type: integer
      required: true
  responses:
    204:
get:
  summary: 图片
  responses:
    '200': {}
";

const WEBHOOKS: &str = "
post:
  parameters:
    - name: Wechatpay-Signature
      in: header
      type: string
    - name: _
      in: body
      schema:
        type: object
        properties:
          event_type:
            $ref: '#Types'
          resource:
            type: object
            x-is-sensitive: ciphertext
            properties:
              algorithm: {type: string}
              ciphertext: {type: string}
  responses:
    204: {}
Types:
  type: string
  enum:
    # @see [支付](https://pay.example/pay.shtml)
    # @see [合单](https://pay.example/combine.shtml)
    - TOY.SUCCESS #支付成功
    - TOY.CLOSED
    # @see [又](https://pay.example/again.shtml)
    # @see [支付](https://pay.example/pay.shtml)
    - TOY.SUCCESS #支付成功
";

const HEADERS: &str = "
WECHATPAY_SERIAL:
  in: header
  required: true
  name: Wechatpay-Serial
  description: 平台公钥ID
IDEMPOTENCY_KEY:
  in: header
  name: Idempotency-Key
  maxLength: 64
";

const ORDER_BASE: &str = "
OrderBase:
  type: object
  required: [out_trade_no, amount]
  properties:
    out_trade_no:
      type: string
      description: 商户订单号
      example: '1217752501201407033233368018'
    amount:
      $ref: '#/Amount'
    kind:
      type: string
Amount:
  type: object
  description: 金额
  properties:
    total:
      type: integer
      description: 总金额，单位为分
      example: 100
";

const ENUMS: &str = "
Kind:
  type: string
  description: 类型
  enum:
    - BEAR    #小熊
    - CAR     #小车
    - UNKNOWN
";

pub(super) const TREE: [(&str, &str); 9] = [
    ("swagger.yaml", ROOT),
    ("v3/toy/orders.yaml", ORDERS),
    ("v3/toy/orders/{order_id}.yaml", ORDER),
    ("v3/toy/forms/{empty}.yaml", FORMS),
    ("v3/webhooks.yaml", WEBHOOKS),
    ("definitions/Headers.yaml", HEADERS),
    ("definitions/Order.yaml", ORDER_BASE),
    ("definitions/Enums.yaml", ENUMS),
    (
        "v2/risk/getkey.yaml",
        "post: {consumes: [application/xml], responses: {'200': {schema: {type: xml}}}}",
    ),
];

#[test]
fn the_paths_are_those_of_api_v3_with_and_without_a_root_document() {
    let expected = ["/v3/toy/forms/", "/v3/toy/orders", "/v3/toy/orders/{order_id}"];
    let with = documents(&TREE);
    let without = documents(&TREE[1..]);
    for documents in [&with, &without] {
        let paths: Vec<_> = documents.paths.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, expected);
    }
    assert_eq!(with.paths, without.paths);
    assert!(notes(&with).contains(&".: 2 paths of API v2 are left out".to_owned()));
    assert!(notes(&without).contains(&".: 1 paths of API v2 are left out".to_owned()));
    assert_eq!(
        with.root.get("info").unwrap().to_string(),
        r#"{"title":"测试","version":"1.2.3"}"#
    );
}

#[test]
fn a_file_is_named_after_its_path() {
    let documents = documents(&TREE);
    let names: Vec<_> = documents.files().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "openapi.json",
            "v3/toy/forms/{empty}.json",
            "v3/toy/orders.json",
            "v3/toy/orders/{order_id}.json"
        ]
    );
}

#[test]
fn the_facts_of_an_operation_survive_and_its_sentences_do_not() {
    let documents = documents(&TREE);
    let post = at(&documents, "/v3/toy/orders", "post");
    let mut facts = post.members().to_vec();
    facts.retain(|(name, _)| !["parameters", "requestBody", "responses"].contains(&name.as_str()));
    assert_eq!(
        facts.into_iter().collect::<wechatpay_catalogue::description::json::Json>().to_string(),
        r#"{"operationId":"post_v3_toy_orders","summary":"玩具下单API","tags":["玩具∙订单"],"x-roles":["直连商户","服务商"],"#.to_owned()
            + r#""x-updated":"2024-03-09","externalDocs":{"url":"https://pay.example/a.shtml"},"#
            + r#""x-documentation":["https://pay.example/b.shtml"]}"#
    );
    assert_eq!(
        at(&documents, "/v3/toy/orders", "post/parameters").to_string(),
        r#"[{"name":"Wechatpay-Serial","in":"header","required":true,"schema":{"type":"string"}},"#.to_owned()
            + r#"{"name":"Idempotency-Key","in":"header","schema":{"type":"string","maxLength":64}}]"#
    );
    assert_eq!(
        at(&documents, "/v3/toy/orders/{order_id}", "get/deprecated").as_bool(),
        Some(true)
    );
}

#[test]
fn all_of_is_merged_field_by_field_and_the_later_word_wins() {
    let documents = documents(&TREE);
    let body = at(&documents, "/v3/toy/orders", BODY);
    assert_eq!(
        body.get("required").unwrap().to_string(),
        r#"["out_trade_no","amount","payer"]"#
    );
    let names: Vec<_> = body
        .get("properties")
        .unwrap()
        .members()
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["out_trade_no", "amount", "kind", "payer"]);
    assert_eq!(
        body.get("properties").unwrap().get("amount").unwrap().to_string(),
        r#"{"type":"object","title":"金额","required":["total"],"properties":{"total":{"type":"integer","minimum":1,"examples":[100]}}}"#
    );
    assert_eq!(
        body.get("properties").unwrap().get("kind").unwrap().to_string(),
        r#"{"type":"string","title":"订单类型","enum":["BEAR","CAR","UNKNOWN"],"x-enum-titles":{"BEAR":"小熊","CAR":"小车"}}"#
    );
}

#[test]
fn a_field_is_encrypted_when_its_format_or_the_list_says_so() {
    let documents = documents(&TREE);
    let payer = at(
        &documents,
        "/v3/toy/orders",
        &format!("{BODY}/properties/payer/properties"),
    );
    assert_eq!(
        payer.to_string(),
        r#"{"openid":{"type":"string","title":"用户标识","examples":["oUpF8"]},"#.to_owned()
            + r#""name":{"type":"string","title":"姓名","x-sensitive":true},"#
            + r#""phone":{"type":"string","title":"电话","x-sensitive":true}}"#
    );
    let notes = notes(&documents);
    let said = "v3/toy/orders.yaml:76:7: `x-is-sensitive` lists `phone`, but its format is not `base64`; it is taken as encrypted";
    assert!(notes.iter().any(|note| note == said), "{notes:#?}");
}

#[test]
fn a_header_that_contradicts_the_encrypted_fields_is_named_in_both_directions() {
    let operation = |header: &str, format: &str| {
        format!(
            "post:\n  parameters:\n{header}    - in: body\n      name: _\n      schema:\n        type: object\n        \
             properties:\n          name:\n            type: string\n            format: {format}\n  responses:\n    204: {{}}\n"
        )
    };
    let header = "    - {in: header, name: wechatpay-serial, type: string}\n";
    for (text, expected) in [
        (operation(header, "date"), Some("no field of the request is encrypted")),
        (operation("", "base64"), Some("Wechatpay-Serial is not listed")),
        (operation(header, "base64"), None),
        (operation("", "date"), None),
    ] {
        let notes = notes(&documents(&[("v3/a.yaml", &text)]));
        match expected {
            Some(expected) => assert!(
                notes.len() == 1 && notes[0].starts_with("v3/a.yaml:2:3: POST /v3/a: ") && notes[0].contains(expected),
                "{notes:?}"
            ),
            None => assert_eq!(notes, [""; 0]),
        }
    }
}

#[test]
fn json_inside_a_string_keeps_its_schema_and_the_comments_behind_its_values() {
    let documents = documents(&TREE);
    assert_eq!(
        at(&documents, "/v3/toy/orders/{order_id}", "get/parameters/1").to_string(),
        r#"{"name":"filter","in":"query","schema":{"type":"string","contentMediaType":"application/json","contentSchema":"#.to_owned()
            + r#"{"type":"object","properties":{"state":{"type":"string","enum":["OPEN","CLOSED","OTHER"],"#
            + r#""x-enum-titles":{"OPEN":"进行中"}}}}}}"#
    );
    let ok = "get/responses/200/content/application~1json/schema/properties";
    assert_eq!(
        at(&documents, "/v3/toy/orders/{order_id}", ok).to_string(),
        r#"{"extra":{"type":"string","contentMediaType":"application/json","contentSchema":{"type":"array"}},"#
            .to_owned()
            + r#""day":{"type":"string","format":"date-time","pattern":"^(\\d{8}|\\d{14})$"}}"#
    );
}

#[test]
fn misspellings_are_read_as_they_are_meant_and_named() {
    let documents = documents(&TREE);
    let ok = "post/responses/200/content/application~1json/schema/properties";
    assert_eq!(
        at(&documents, "/v3/toy/orders", ok).to_string(),
        r#"{"order_id":{"type":"string","title":"玩具订单号","examples":["0012"]},"#.to_owned()
            + r#""count":{"type":"number","format":"uint32","examples":[7]},"weight":{"type":"integer"},"#
            + r#""odd":{"type":"object","title":"缩进错误"}}"#
    );
    let notes = notes(&documents);
    for expected in [
        "v3/toy/orders.yaml:39:19: the type `stringde` is read as `string`",
        "v3/toy/orders.yaml:47:19: the type `int` is read as `integer`",
        "v3/toy/orders.yaml:53:13: `total` is no word of a schema and is left out. If it is a field, indent it below `properties`",
    ] {
        assert!(notes.iter().any(|note| note == expected), "{expected} {notes:#?}");
    }
}

#[test]
fn every_success_status_is_kept_and_no_error_status() {
    let documents = documents(&TREE);
    let statuses: Vec<_> = at(&documents, "/v3/toy/orders", "post/responses").members().to_vec();
    let statuses: Vec<_> = statuses.iter().map(|(status, _)| status.as_str()).collect();
    assert_eq!(statuses, ["200", "202"]);
    assert_eq!(
        at(&documents, "/v3/toy/orders", "post/responses/202").to_string(),
        r#"{"description":"成功"}"#
    );
}

#[test]
fn an_upload_has_its_json_its_text_parts_its_file_and_its_digest() {
    let documents = documents(&TREE);
    assert_eq!(
        at(&documents, "/v3/toy/forms/", "post/requestBody/content").to_string(),
        r#"{"multipart/form-data":{"x-digest":{"file":"scan","filename":"file_name","digest":"digest","algorithm":"SM3"},"#.to_owned()
            + r#""schema":{"type":"object","required":["meta","item_id","scan"],"properties":{"#
            + r#""meta":{"type":"object","required":["digest_algorithm","digest"],"properties":{"#
            + r#""file_name":{"type":"string"},"digest_algorithm":{"type":"string","examples":["SM3"]},"digest":{"type":"string"}}},"#
            + r#""item_id":{"type":"integer"},"scan":{"type":"string","contentMediaType":"application/octet-stream"}}},"#
            + r#""encoding":{"meta":{"contentType":"application/json"}}}}"#
    );
    assert_eq!(
        at(&documents, "/v3/toy/forms/", "post/responses/204").to_string(),
        r#"{"description":"成功"}"#
    );
    assert_eq!(
        at(&documents, "/v3/toy/forms/", "post/operationId").as_str(),
        Some("post_v3_toy_forms_empty")
    );
}

#[test]
fn a_download_has_the_media_type_that_it_produces() {
    let documents = documents(&TREE);
    for (path, pointer, media_type) in [
        ("/v3/toy/orders/{order_id}", "delete/responses/200", "application/pdf"),
        ("/v3/toy/forms/", "get/responses/200", "application/octet-stream"),
    ] {
        assert_eq!(
            at(&documents, path, pointer).to_string(),
            format!(r#"{{"description":"成功","x-unsigned":true,"content":{{"{media_type}":{{}}}}}}"#)
        );
    }
}

#[test]
fn notifications_become_types_with_their_names_and_links() {
    let documents = documents(&TREE);
    let description = documents.description().unwrap();
    let events: Vec<_> = description
        .events()
        .iter()
        .map(|event| {
            (
                event.event_type.as_str(),
                event.title.as_deref(),
                event.documentation.join(" "),
            )
        })
        .collect();
    assert_eq!(
        events,
        [
            (
                "TOY.SUCCESS",
                Some("支付成功"),
                "https://pay.example/pay.shtml https://pay.example/combine.shtml https://pay.example/again.shtml"
                    .to_owned()
            ),
            ("TOY.CLOSED", None, String::new()),
        ]
    );
}

#[test]
fn another_host_and_xml_are_left_out_by_name() {
    let documents = documents(&[(
        "v3/a.yaml",
        "get: {responses: {'200': {schema: {type: object}}}}\n\
         put: {x-base-uri: 'https://fraud.example/', responses: {'204': {}}}\n\
         post: {consumes: [text/xml], responses: {'204': {}}}\n\
         head: {responses: {'204': {}}}\n",
    )]);
    assert_eq!(documents.paths[0].1.members().len(), 1);
    assert_eq!(
        notes(&documents),
        [
            "v3/a.yaml:2:6: PUT /v3/a is left out: its host is `fraud.example`",
            "v3/a.yaml:3:7: POST /v3/a is left out: it speaks XML, as API v2 does",
            "v3/a.yaml:4:1: the API has no method `head`; it is left out",
        ]
    );
}

#[test]
fn a_base_path_stands_before_each_path() {
    let text = "swagger: '2.0'\nbasePath: /v3/\npaths: {/toy: {get: {responses: {'204': {}}}}}\n";
    assert_eq!(documents(&[("swagger.yaml", text)]).paths[0].0, "/v3/toy");
}

#[test]
fn a_file_of_one_path_alone_asks_for_its_folder() {
    let folder = folder(&[("a.yaml", "get: {responses: {'204': {}}}")]);
    assert_eq!(
        shown(read::read(&folder.path().join("a.yaml"))),
        "a.yaml:1:1: the file describes one path without naming it; pass the folder in which the paths begin"
    );
}

#[test]
fn a_placeholder_without_a_parameter_is_text_and_a_parameter_without_a_placeholder_is_nothing() {
    let documents = documents(&[(
        "v3/{id}.yaml",
        "get:\n  parameters: [{name: ID, in: path, type: string}]\n  responses: {'204': {}}\n",
    )]);
    assert_eq!(
        at(&documents, "/v3/{id}", "get/parameters").to_string(),
        r#"[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}]"#
    );
    assert_eq!(documents.notes.len(), 2);
}

#[test]
fn two_bodies_are_a_fault() {
    let text = "post:\n  parameters:\n    - {name: a, in: body, schema: {}}\n    - {name: b, in: body, schema: {}}\n  responses: {'204': {}}\n";
    assert_eq!(
        fault(&[("v3/a.yaml", text)]),
        "v3/a.yaml:4:7: an operation has one body, but this is a second one"
    );
}
