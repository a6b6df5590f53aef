"""wechatpayv3 against the gateway. The situation is JSON on the standard input."""

import json
import pathlib
import sys
import tempfile

from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType

situation = json.load(sys.stdin)
public_key = situation["keys"] == "public-key"
seen = []


def check(what, holds, *shown):
    if not holds:
        raise SystemExit(f"not ok: {what} {shown}")
    print(f"ok: {what}")


def at_the_gateway():
    """Sends everything to the gateway, from the first request on, and notes which headers were verified."""
    initialize, verify = Core._init_certificates, Core._verify_signature

    def initialize_there(core):
        core._gate_way = situation["url"]
        initialize(core)

    def note(core, headers, body):
        seen.append(list(headers.items()))
        return verify(core, headers, body)

    Core._init_certificates, Core._verify_signature = initialize_there, note


def signer():
    return dict(seen[-1])["Wechatpay-Serial"]


at_the_gateway()
keys = {}
if public_key:
    keys = {"public_key": situation["public_key"], "public_key_id": situation["public_key_id"]}
pay = WeChatPay(
    wechatpay_type=WeChatPayType.NATIVE,
    mchid=situation["mchid"],
    private_key=situation["private_key"],
    cert_serial_no=situation["serial_no"],
    appid="wxd678efh567hg6787",
    apiv3_key=situation["api_v3_key"],
    notify_url=situation["notify_url"],
    **keys,
)
pay._core._gate_way = situation["url"]
check("the certificates are downloaded when there is no public key", bool(pay._core._certificates) != public_key)

code, message = pay.pay(description="茶", out_trade_no=situation["out_trade_no"], amount={"total": 100})
placed = code == 200 and "weixin://wxpay/bizpayurl?pr=" in message
check("an order is placed and the response verified", placed, code, message)
check("the key that the request announces signs the response", signer().startswith("PUB_KEY_ID_") == public_key, signer())

receiver = {"account_type": "PERSONAL_OPENID", "account": "o1", "relation_type": "PARTNER"}
code, message = pay.profitsharing_add_receiver(name="张三", **receiver)
name = json.loads(message).get("name")
check("an encrypted field is understood, and comes back encrypted", code == 200 and pay.decrypt(name) == "张三", message)

plaintext = {"type": "PERSONAL_OPENID", "account": "o1", "relation_type": "PARTNER", "name": "张三"}
code, message = pay._core.request("/v3/profitsharing/receivers/add", method=RequestType.POST, data=plaintext)
check("plaintext in its place is refused", code == 400 and "加密后的密文" in message, code, message)

content = bytes(range(256))
with tempfile.TemporaryDirectory() as folder:
    image = pathlib.Path(folder) / "licence.png"
    image.write_bytes(content)
    code, message = pay.image_upload(str(image))
check("a file is uploaded", code == 200 and json.loads(message)["media_id"], code, message)

for notification in situation["notifications"]:
    serial = notification["headers"]["Wechatpay-Serial"]
    if serial.startswith("PUB_KEY_ID_") and not public_key:
        continue
    event = pay.callback(notification["headers"], notification["body"])
    paid = event and event["resource"]
    check(f"a notification signed by {serial[:11]}.. is verified and decrypted", paid and paid["out_trade_no"] == situation["paid"])

for forged in situation["forged"]:
    refused = False
    try:
        refused = pay.callback(forged["headers"], forged["body"]) is None
    except ValueError as error:
        # Without the public key its id is taken for a number.
        refused = not public_key and "PUB_KEY_ID_" in str(error)
    check("a forged notification is refused", refused)

if not public_key or situation["mode"] == "mixed":
    pay._core._update_certificates()
    check("the list of certificates is decrypted", len(pay._core._certificates) == 1)
