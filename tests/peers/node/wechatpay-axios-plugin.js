// wechatpay-axios-plugin against the gateway. The situation is JSON on the standard input.

const crypto = require('crypto');
const {
  Wechatpay, Rsa, Aes, Formatter, Multipart,
} = require('wechatpay-axios-plugin');
const {
  situation, check, written, publicKey, image,
} = require('./check');

const SERIAL = 'Wechatpay-Serial';

function verified(headers, body, certs) {
  const key = certs[headers[SERIAL]];
  return key !== undefined && Rsa.verify(
    Formatter.response(headers['Wechatpay-Timestamp'], headers['Wechatpay-Nonce'], body),
    headers['Wechatpay-Signature'],
    Rsa.from(key, Rsa.KEY_TYPE_PUBLIC),
  );
}

function decrypted({ ciphertext, nonce, associated_data: associatedData }) {
  return Aes.AesGcm.decrypt(ciphertext, situation.api_v3_key, nonce, associatedData);
}

// As its users do it: the list is read before it is verified, because the certificate that verifies it is in the list.
async function downloadCertificates(account) {
  const wxpay = new Wechatpay({ ...account, certs: { any: situation.private_key } });
  const response = await wxpay.v3.certificates.get({ transformResponse: [(text) => text] });
  const listed = JSON.parse(response.data).data.map((entry) => [entry.serial_no, decrypted(entry.encrypt_certificate)]);
  const certs = Object.fromEntries(listed);
  const raw = response.request.res.rawHeaders;
  const headers = Object.fromEntries(written(raw).map((name, index) => [name, raw[2 * index + 1]]));
  check('the certificates are downloaded and verified', listed.length === 1 && verified(headers, response.data, certs));
  return certs;
}

async function main() {
  const account = {
    baseURL: situation.url,
    mchid: situation.mchid,
    serial: situation.serial_no,
    privateKey: situation.private_key,
  };
  const certs = situation.mode === 'public-key' ? {} : await downloadCertificates(account);
  if (publicKey) {
    certs[situation.public_key_id] = situation.public_key;
  }
  // The last one added encrypts.
  const [serial, platformKey] = Object.entries(certs).pop();
  const announced = { headers: { [SERIAL]: serial } };
  const wxpay = new Wechatpay({ ...account, certs: { ...certs } });

  const order = {
    appid: 'wxd678efh567hg6787', mchid: situation.mchid, out_trade_no: situation.out_trade_no, description: '茶',
    notify_url: situation.notify_url, amount: { total: 100 },
  };
  const placed = await wxpay.v3.pay.transactions.native.post(order, announced);
  check('an order is placed and the response verified', placed.data.code_url.startsWith('weixin://'), placed.data);
  check('the key that the request announces signs the response', placed.headers['wechatpay-serial'] === serial, placed.headers);
  const names = written(placed.request.res.rawHeaders);
  for (const name of ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial', 'Request-ID']) {
    check(`the header ${name} is written like that`, names.includes(name), names);
  }
  if (situation.mode === 'mixed') {
    const silent = await wxpay.v3.pay.transactions.native.post(order);
    const by = silent.headers['wechatpay-serial'];
    check('a certificate signs when the request announces nothing', !by.startsWith('PUB_KEY_ID_'), by);
  }

  const receiver = { appid: order.appid, type: 'PERSONAL_OPENID', account: 'o1', relation_type: 'PARTNER' };
  const name = Rsa.encrypt('张三', Rsa.from(platformKey, Rsa.KEY_TYPE_PUBLIC));
  const added = await wxpay.v3.profitsharing.receivers.add.post({ ...receiver, name }, announced);
  const back = Rsa.decrypt(added.data.name, Rsa.from(situation.private_key, Rsa.KEY_TYPE_PRIVATE));
  check('an encrypted field is understood, and comes back encrypted', back === '张三', added.data);

  const refused = await wxpay.v3.profitsharing.receivers.add.post({ ...receiver, name: '张三' }, announced)
    .catch((error) => error.response);
  check('plaintext in its place is refused', refused.status === 400 && refused.data.message.includes('加密后的密文'), refused.data);

  const meta = { filename: 'licence.png', sha256: crypto.createHash('sha256').update(image).digest('hex') };
  const form = new Multipart();
  form.append('meta', JSON.stringify(meta), 'meta.json').append('file', image, 'licence.png');
  const uploaded = await wxpay.v3.merchant.media.upload.post(form.getBuffer(), {
    meta, headers: { ...announced.headers, ...form.getHeaders() },
  });
  check('a file is uploaded', uploaded.data.media_id.length > 0, uploaded.data);

  situation.notifications.filter(({ headers }) => headers[SERIAL] in certs).forEach(({ headers, body }) => {
    const paid = JSON.parse(decrypted(JSON.parse(body).resource));
    const holds = verified(headers, body, certs) && paid.out_trade_no === situation.paid;
    check(`a notification signed by ${headers[SERIAL].slice(0, 11)}.. is verified and decrypted`, holds, paid);
  });
  check('forged notifications are refused', situation.forged.every(({ headers, body }) => !verified(headers, body, certs)));
}

main().catch((error) => check('no error', false, error.response ? error.response.data : error));
