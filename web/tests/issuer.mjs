// A real OpenID Connect issuer on this machine, with people of its own: oidc-provider, a certified one.
import { once } from "node:events";

import Provider from "oidc-provider";

import { freePort } from "./world.mjs";

export const client = { id: "temps", secret: "what only the client of Temps knows" };

// Whoever logs in with any password; the name before the @ is the login.
export const people = {
  "ann-at-corp": { email: "ann@corp.example", email_verified: true },
  ben: { email: "ben@corp.example", email_verified: true },
  eve: { email: "eve@elsewhere.example", email_verified: false },
};

export async function startIssuer(redirectUri) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const issuer = new Provider(url, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] }],
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    cookies: { keys: ["a key of the tests"] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 600 },
  });
  const server = issuer.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { url, stop: () => server.close() };
}

// At the issuer's own pages: who are you, and may Temps know it?
export async function logInAtIssuer(page, login) {
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}
