// A real provider for the tests: it lets in whom the last order to /test/next names, without asking anybody.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [issuer, returnTo, home] = process.argv.slice(2);
let next = { account: "nobody" };
let keys = 0;
let provider;

function jwk() {
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
  return { ...key, use: "sig", alg: "RS256", kid: `key-${++keys}` };
}

function renew() {
  provider = new Provider(issuer, {
    clients: [{
      client_id: "zhuanlan", client_secret: "a secret of the tests", redirect_uris: [returnTo],
      post_logout_redirect_uris: [home], grant_types: ["authorization_code"], response_types: ["code"],
    }],
    claims: { openid: ["sub", "acr", "amr"], acr: null, amr: null, auth_time: null, iss: null, sid: null },
    conformIdTokenClaims: false,
    cookies: { keys: ["a cookie key of the tests"] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    jwks: { keys: [jwk()] },
    pkce: { required: () => true },
  });
}

async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (next.error) return provider.interactionFinished(request, response, { error: next.error });
  if (prompt.name === "login") {
    const login = { accountId: next.account, acr: next.acr, amr: next.amr, remember: false };
    return provider.interactionFinished(request, response, { login });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope("openid");
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

renew();
createServer(async (request, response) => {
  const address = new URL(request.url, issuer);
  if (address.pathname === "/test/next") next = JSON.parse(address.searchParams.get("order"));
  else if (address.pathname === "/test/renew") renew();
  else if (address.pathname.startsWith("/interaction/")) return interact(request, response);
  else return provider.callback()(request, response);
  response.end("done");
}).listen(Number(new URL(issuer).port), "127.0.0.1", () => console.log("ready"));
