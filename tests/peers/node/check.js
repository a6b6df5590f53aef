// What the peers have in common.

const fs = require('fs');

const situation = JSON.parse(fs.readFileSync(0, 'utf8'));

function check(what, holds, ...shown) {
  if (!holds) {
    console.log(`not ok: ${what}`, ...shown);
    process.exit(1);
  }
  console.log(`ok: ${what}`);
}

// The names of raw headers, as they were sent.
function written(rawHeaders) {
  return rawHeaders.filter((_, index) => index % 2 === 0);
}

module.exports = {
  situation,
  check,
  written,
  publicKey: situation.keys === 'public-key',
  image: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
};
