// A real OpenID Connect provider for tests, all in memory: node provider.mjs PORT REDIRECT_URI.
// It prints "ready" once it listens. Who signs in is asked on a page of one form.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [port, redirectUri, host = "127.0.0.1"] = process.argv.slice(2);
const issuer = `http://${host}:${port}`;

const PEOPLE = {
  ada: { email: "ada@campus.example", email_verified: true, name: "Ada Lovelace" },
  bo: { email: "bo@campus.example", email_verified: false, name: "Bo" },
  admin: { email: "admin@campus.example", email_verified: true, name: "The Administrator" },
};

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "quadrangle",
      client_secret: "a-secret-of-the-tests",
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code"],
    },
    // Another program of the campus, which calls our API for its users.
    {
      client_id: "timetable",
      client_secret: "another-secret-of-the-tests",
      redirect_uris: ["http://127.0.0.1/timetable"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["a key of the tests"] },
  pkce: { required: () => true },
  findAccount: (_, sub) =>
    PEOPLE[sub] && { accountId: sub, claims: () => ({ sub, ...PEOPLE[sub] }) },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  loadExistingGrant: async (context) => {
    const { client, session, params } = context.oidc;
    const grant = new context.oidc.provider.Grant({
      clientId: client.clientId,
      accountId: session.accountId,
    });
    grant.addOIDCScope("openid email profile");
    if (params.resource) grant.addResourceScope(params.resource, "");
    await grant.save();
    return grant;
  },
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, resource) => ({
        scope: "",
        audience: resource,
        accessTokenFormat: "jwt",
      }),
    },
  },
});

const FORM = `<!doctype html><html lang="en"><title>Campus sign-in</title><h1>Campus sign-in</h1>
<form method="post"><label>Name <input name="person"></label>
<button name="act" value="sign-in">Sign in</button>
<button name="act" value="cancel">Cancel</button></form></html>`;

async function bodyOf(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

async function interact(request, response) {
  if (request.method !== "POST") {
    response.setHeader("Content-Type", "text/html");
    response.end(FORM);
    return;
  }
  const form = await bodyOf(request);
  const answer =
    form.get("act") === "cancel"
      ? { error: "access_denied", error_description: "The person said no." }
      : { login: { accountId: form.get("person") } };
  await provider.interactionFinished(request, response, answer);
}

const serve = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith("/interaction/")) return serve(request, response);
  return interact(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
