// wechatpay-node-v3 against the gateway. The situation is JSON on the standard input.

const superagent = require('superagent');
const WxPay = require('wechatpay-node-v3');
const {
  situation, check, publicKey, image,
} = require('./check');

// The library leaves the HTTP to a service, and its users verify responses by themselves. This one sends everything to the
// gateway and keeps the last response as it came.
class Service {
  async send(request) {
    this.last = await request.ok(() => true).buffer(true).parse((response, done) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => done(null, Buffer.concat(pieces).toString()));
    });
    return { status: this.last.status, data: JSON.parse(this.last.body || 'null') };
  }

  static there(url) {
    return situation.url + url.replace('https://api.mch.weixin.qq.com', '');
  }

  get(url, headers) {
    return this.send(superagent.get(Service.there(url)).set(headers));
  }

  post(url, parameters, headers) {
    const request = superagent.post(Service.there(url));
    if (!parameters.pic_buffer) {
      return this.send(request.set(headers).send(parameters));
    }
    const { 'Content-Type': _, ...others } = headers;
    return this.send(request.set(others)
      .field('meta', JSON.stringify(parameters.fileinfo))
      .attach('file', parameters.pic_buffer, { filename: parameters.fileinfo.filename, contentType: 'image/png' }));
  }
}

async function main() {
  const service = new Service();
  const pay = new WxPay({
    appid: 'wxd678efh567hg6787',
    mchid: situation.mchid,
    serial_no: situation.serial_no,
    publicKey: Buffer.from('the serial number is given'),
    privateKey: situation.private_key,
    key: situation.api_v3_key,
  });
  pay.createHttp(service);
  const verify = ({ headers, body }) => pay.verifySign({
    timestamp: headers['wechatpay-timestamp'],
    nonce: headers['wechatpay-nonce'],
    serial: headers['wechatpay-serial'],
    signature: headers['wechatpay-signature'],
    body,
    apiSecret: situation.api_v3_key,
  });
  const verifyLast = () => verify({ headers: service.last.headers, body: service.last.body });

  let serial = situation.public_key_id;
  if (publicKey) {
    WxPay.certificates[serial] = situation.public_key;
  } else {
    const listed = await pay.get_certificates(situation.api_v3_key);
    check('the certificates are downloaded and decrypted', listed.length === 1 && listed[0].publicKey.includes('PUBLIC KEY'), listed);
    serial = listed[0].serial_no;
    check('the list of certificates is verified', await verifyLast());
  }

  const placed = await pay.transactions_native({
    out_trade_no: situation.out_trade_no, description: '茶', notify_url: situation.notify_url, amount: { total: 100 },
  });
  check('an order is placed', placed.status === 200 && placed.data.code_url.startsWith('weixin://'), placed);
  check('the response is verified', await verifyLast());

  const receiver = {
    type: 'PERSONAL_OPENID', account: 'o1', relation_type: 'PARTNER', wx_serial_no: serial,
  };
  const name = pay.publicEncrypt('张三', WxPay.certificates[serial]);
  const added = await pay.profitsharing_receivers_add({ ...receiver, name });
  check('an encrypted field is understood, and comes back encrypted', pay.privateDecrypt(added.data.name) === '张三', added);
  check('the key that the request announces signs the response', service.last.headers['wechatpay-serial'] === serial);
  check('the response is verified', await verifyLast());

  const refused = await pay.profitsharing_receivers_add({ ...receiver, name: '张三' });
  check('plaintext in its place is refused', refused.status === 400 && refused.data.message.includes('加密后的密文'), refused);

  const uploaded = await pay.upload_images(image, 'licence.png');
  check('a file is uploaded', uploaded.data.media_id.length > 0, uploaded);
  check('the response is verified', await verifyLast());

  // As Node's own server gives headers.
  const lower = ({ headers, body }) => ({
    headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value])),
    body,
  });
  for (const notification of situation.notifications.map(lower)) {
    const by = notification.headers['wechatpay-serial'];
    if (publicKey || !by.startsWith('PUB_KEY_ID_')) {
      const { resource } = JSON.parse(notification.body);
      const paid = pay.decipher_gcm(resource.ciphertext, resource.associated_data, resource.nonce);
      const verified = await verify(notification);
      check(`a notification signed by ${by.slice(0, 11)}.. is verified and decrypted`, verified && paid.out_trade_no === situation.paid, paid);
    }
  }
  for (const forged of situation.forged.map(lower)) {
    // An unknown serial number is an error.
    check('a forged notification is refused', !await verify(forged).catch(() => false));
  }
}

main().catch((error) => check('no error', false, error));
