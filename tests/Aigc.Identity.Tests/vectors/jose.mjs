// Tokens made with npm jose: [{ name, token, good }] and the keys they are to be checked with, on standard output.
// Arguments: folder of node_modules, issuer, audience, key id prefix.
import { createHmac, createPrivateKey, generateKeyPairSync, sign as nodeSign, constants } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const [packages, issuer, audience] = process.argv.slice(2);
const jose = await import(pathToFileURL(createRequire(path.join(packages, 'here.js')).resolve('jose')).href);

const now = Math.floor(Date.now() / 1000);
const claims = (more = {}) => ({ iss: issuer, aud: audience, sub: 'vera', iat: now, exp: now + 600, preferred_username: 'vera', ...more });
const keys = {};
const published = [];
for (const alg of ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512']) {
  keys[alg] = await jose.generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  published.push({ ...(await jose.exportJWK(keys[alg].publicKey)), kid: `jose-${alg}`, alg, use: 'sig' });
}
const forEncryption = await jose.generateKeyPair('RS256', { extractable: true });
published.push({ ...(await jose.exportJWK(forEncryption.publicKey)), kid: 'jose-enc', use: 'enc' });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
published.push({ ...weak.publicKey.export({ format: 'jwk' }), kid: 'jose-weak', use: 'sig' });
const stranger = await jose.generateKeyPair('RS256', { extractable: true });

const sign = (payload, alg = 'RS256', header = {}, key = keys[alg].privateKey) =>
  new jose.SignJWT(payload).setProtectedHeader({ alg, kid: `jose-${alg}`, ...header }).sign(key);
const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const raw = (header, payload) => {
  const input = `${b64(header)}.${b64(payload)}`;
  return `${input}.${nodeSign('sha256', Buffer.from(input), createPrivateKey({ key: privateJwk, format: 'jwk' })).toString('base64url')}`;
};
const privateJwk = await jose.exportJWK(keys.RS256.privateKey);
const publicPem = await jose.exportSPKI(keys.RS256.publicKey);
const hmac = (secret, header, payload) => {
  const input = `${b64(header)}.${b64(payload)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};
const goodOne = await sign(claims());
const [head, body, signature] = goodOne.split('.');

const all = [];
const good = (name, token) => all.push({ name, token, good: true });
const bad = (name, token) => all.push({ name, token, good: false });

for (const alg of Object.keys(keys)) good(`signed with ${alg}`, await sign(claims(), alg));
good('of type at+jwt', await sign(claims(), 'RS256', { typ: 'at+jwt' }));
good('for several, us among them', await sign(claims({ aud: ['other', audience] })));
good('expired within the skew', await sign(claims({ exp: now - 30 })));
good('valid from within the skew', await sign(claims({ nbf: now + 30 })));

bad('expired', await sign(claims({ exp: now - 90 })));
bad('not valid yet', await sign(claims({ nbf: now + 600 })));
bad('issued in the future', await sign(claims({ iat: now + 600 })));
bad('without an end', await sign(claims({ exp: undefined })));
bad('of another issuer', await sign(claims({ iss: 'https://evil.example' })));
bad('of the issuer with a slash more', await sign(claims({ iss: `${issuer}/` })));
bad('without an issuer', await sign(claims({ iss: undefined })));
bad('for another audience', await sign(claims({ aud: 'other' })));
bad('for an audience that begins like ours', await sign(claims({ aud: `${audience}-2` })));
bad('for nobody', await sign(claims({ aud: [] })));
bad('without an audience', await sign(claims({ aud: undefined })));
bad('signed by a stranger', await sign(claims(), 'RS256', {}, stranger.privateKey));
bad('signed by a stranger under an unknown key id', await sign(claims(), 'RS256', { kid: 'unknown' }, stranger.privateKey));
bad('with the key id of another key', await sign(claims(), 'RS256', { kid: 'jose-RS384' }));
bad('signed with a key for encryption', await sign(claims(), 'RS256', { kid: 'jose-enc' }, forEncryption.privateKey));
bad('signed with an RSA key of 1024 bits', withKey(weak.privateKey, 'jose-weak'));
bad('bringing its own key', await sign(claims(), 'RS256', { kid: undefined, jwk: await jose.exportJWK(stranger.publicKey) }, stranger.privateKey));
bad('pointing to its own keys', await sign(claims(), 'RS256', { kid: 'elsewhere', jku: 'https://evil.example/jwks' }, stranger.privateKey));
bad('pointing to its own certificate', await sign(claims(), 'RS256', { kid: 'elsewhere', x5u: 'https://evil.example/cert' }, stranger.privateKey));
bad('unsecured', new jose.UnsecuredJWT(claims()).encode());
bad('unsecured by another spelling', `${b64({ alg: 'nOnE' })}.${body}.`);
bad('signed with the public key as a secret', hmac(publicPem, { alg: 'HS256', kid: 'jose-RS256' }, claims()));
bad('signed with the modulus as a secret', hmac(Buffer.from(privateJwk.n, 'base64url'), { alg: 'HS256', kid: 'jose-RS256' }, claims()));
bad('with critical parts', await sign(claims(), 'RS256', { crit: ['b64'], b64: true }));
bad('compressed', await sign(claims(), 'RS256', { zip: 'DEF' }));
bad('encrypted', await new jose.EncryptJWT(claims()).setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'jose-enc' })
  .encrypt(await jose.importJWK({ ...(await jose.exportJWK(forEncryption.publicKey)), alg: 'RSA-OAEP-256' }, 'RSA-OAEP-256')));
bad('in JSON serialisation', JSON.stringify(await new jose.FlattenedSign(Buffer.from(JSON.stringify(claims()))).setProtectedHeader({ alg: 'RS256' }).sign(keys.RS256.privateKey)));
bad('with another payload', `${head}.${b64(claims({ sub: 'admin' }))}.${signature}`);
bad('with another header', `${b64({ alg: 'RS256', kid: 'jose-RS256', typ: 'x' })}.${body}.${signature}`);
bad('without a signature', `${head}.${body}.`);
bad('of two parts', `${head}.${body}`);
bad('of four parts', `${goodOne}.${signature}`);
bad('cut off', goodOne.slice(0, -4));
bad('with padding', `${head}.${body}.${signature}==`);
bad('with a blank within', `${head}. ${body}.${signature}`);
bad('in plain base64', `${head}.${body}.${Buffer.from(signature, 'base64url').toString('base64')}`);
bad('over-long', await sign(claims({ filler: 'x'.repeat(20000) })));
bad('with an end that is text', raw({ alg: 'RS256', kid: 'jose-RS256' }, claims({ exp: `${now + 600}` })));
bad('with an end beyond all time', raw({ alg: 'RS256', kid: 'jose-RS256' }, claims({ exp: 1e300 })));
bad('with an end before all time', raw({ alg: 'RS256', kid: 'jose-RS256' }, claims({ exp: -1 })));
bad('with a subject that is a number', raw({ alg: 'RS256', kid: 'jose-RS256' }, claims({ sub: 7 })));
bad('with an issuer that is a list', raw({ alg: 'RS256', kid: 'jose-RS256' }, claims({ iss: [issuer] })));
bad('with an audience that is an object', raw({ alg: 'RS256', kid: 'jose-RS256' }, claims({ aud: { [audience]: true } })));
bad('with a key id that is a number', raw({ alg: 'RS256', kid: 7 }, claims()));
bad('with a payload that is a list', raw({ alg: 'RS256', kid: 'jose-RS256' }, [claims()]));
bad('with a payload that is no JSON', raw({ alg: 'RS256', kid: 'jose-RS256' }, '{"iss":'));
bad('a logout token', await sign(claims({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }), 'RS256', { typ: 'logout+jwt' }));

function withKey(key, kid) {
  const input = `${b64({ alg: 'RS256', kid })}.${b64(claims())}`;
  return `${input}.${nodeSign('sha256', Buffer.from(input), { key, padding: constants.RSA_PKCS1_PADDING }).toString('base64url')}`;
}

console.log(JSON.stringify({ keys: published, tokens: all }));
