// A real OpenID Connect provider for tests: oidc-provider with people, keys and settings from one JSON file, on loopback.
// It ends when its input does. What it granted is kept in a file, so that it can be started again with other keys.
import { readFileSync, writeFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const load = (name) => import(pathToFileURL(createRequire(path.join(settings.packages, 'here.js')).resolve(name)).href);
const { Provider } = await load('oidc-provider');

const people = new Map(Object.entries(settings.people));
const grants = new Map(existsSync(settings.state) ? JSON.parse(readFileSync(settings.state, 'utf8')) : []);
const keep = () => writeFileSync(settings.state, JSON.stringify([...grants]));

class KeptGrants {
  constructor(model) { this.model = model; }
  key(id) { return `${this.model}:${id}`; }
  alive(entry) { return entry && (!entry.expires || entry.expires > Date.now()) ? entry.payload : undefined; }
  async upsert(id, payload, expiresIn) { grants.set(this.key(id), { payload, expires: expiresIn && Date.now() + expiresIn * 1000 }); keep(); }
  async find(id) { return this.alive(grants.get(this.key(id))); }
  async findBy(name, value) {
    for (const [key, entry] of grants) if (key.startsWith(`${this.model}:`) && entry.payload[name] === value) return this.alive(entry);
    return undefined;
  }
  async findByUid(uid) { return this.findBy('uid', uid); }
  async findByUserCode(code) { return this.findBy('userCode', code); }
  async consume(id) { grants.get(this.key(id)).payload.consumed = Math.floor(Date.now() / 1000); keep(); }
  async destroy(id) { grants.delete(this.key(id)); keep(); }
  async revokeByGrantId(grantId) {
    for (const [key, entry] of grants) if (entry.payload.grantId === grantId) grants.delete(key);
    keep();
  }
}

const provider = new Provider(settings.issuer, {
  adapter: KeptGrants,
  jwks: { keys: settings.keys },
  // Loopback is where everything is here; the provider itself would not go there.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  cookies: { keys: ['a key of the tests'] },
  clients: [settings.client],
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], profile: settings.claims },
  scopes: ['openid', 'offline_access', ...settings.scopes],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async () => settings.refresh,
  ttl: { AccessToken: settings.accessSeconds, IdToken: settings.accessSeconds, RefreshToken: 86400, Session: 86400, Grant: 86400, Interaction: 600 },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => { ctx.body = `<!doctype html><title>Sign out</title>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`; },
    },
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => people.has(id) ? { accountId: id, claims: async () => ({ sub: id, ...people.get(id) }) } : undefined,
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope(['openid', 'offline_access', ...settings.scopes].join(' '));
    await grant.save();
    return grant;
  },
});

// What the tests ask for: counts of token requests, and one fault for the next ones.
const counts = {};
let fault = { kind: 'none', times: 0 };
const read = async (ctx) => { let text = ''; for await (const chunk of ctx.req) text += chunk; return text; };

async function control(ctx) {
  const asked = JSON.parse(await read(ctx) || '{}');
  if (asked.people) for (const [id, claims] of Object.entries(asked.people)) claims ? people.set(id, claims) : people.delete(id);
  if (asked.fault) fault = asked.fault;
  if (asked.endGrantsOf) {
    for (const [key, entry] of grants) if (entry.payload.accountId === asked.endGrantsOf) grants.delete(key);
    keep();
  }
  if (asked.logOut) {
    const client = await provider.Client.find(settings.client.client_id);
    for (const { payload } of [...grants.values()])
      if (payload.kind === 'Session' && payload.accountId === asked.logOut) {
        await client.backchannelLogout(payload.accountId, payload.authorizations?.[client.clientId]?.sid);
      }
  }
  ctx.body = counts;
}

async function signIn(ctx) {
  const details = await provider.interactionDetails(ctx.req, ctx.res);
  const chosen = ctx.method === 'POST' ? new URLSearchParams(await read(ctx)).get('account') : details.params.login_hint;
  if (people.has(chosen)) {
    ctx.respond = false;
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: chosen } });
    return;
  }
  ctx.type = 'html';
  ctx.body = `<!doctype html><title>Sign in</title><h1>Sign in</h1><form method="post">${
    [...people.keys()].map((id) => `<button name="account" value="${id}">${id}</button>`).join(' ')}</form>`;
}

provider.use(async (ctx, next) => {
  if (ctx.path === '/control') return control(ctx);
  if (ctx.path.startsWith('/interaction/')) return signIn(ctx);
  if (ctx.path !== '/token') return next();
  const faulty = fault.times > 0 ? fault.kind : 'none';
  if (faulty !== 'none') fault.times--;
  if (faulty === 'unavailable') { ctx.status = 503; return undefined; }
  await next();
  const kind = ctx.oidc?.params?.grant_type ?? 'unknown';
  const outcome = ctx.status === 200 ? kind : `${kind} refused`;
  counts[outcome] = (counts[outcome] ?? 0) + 1;
  if (ctx.oidc?.headers?.authorization || ctx.req.headers.authorization) counts.basic = (counts.basic ?? 0) + 1;
  // Done here, and never heard of there.
  if (faulty === 'lose-reply') { ctx.respond = false; ctx.req.socket.destroy(); }
  return undefined;
});

process.stdin.resume().on('end', () => process.exit(0));
provider.listen(settings.port, '127.0.0.1', () => console.log('listening'));
