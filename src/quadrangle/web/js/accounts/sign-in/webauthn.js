// What the server sends and gets as base64url is bytes for the browser. Browsers have their own
// conversion only since 2025.

const BYTES = /^(challenge|id)$/;

function bytesOf(text) {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (char) => char.charCodeAt(0));
}

function textOf(buffer) {
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function withBytes(value) {
  const entries = Object.entries(value).map(([name, each]) => [
    name,
    BYTES.test(name) && typeof each === "string" ? bytesOf(each) : each,
  ]);
  return Object.fromEntries(entries);
}

function optionsOf({ user, excludeCredentials = [], allowCredentials = [], ...rest }) {
  return {
    ...withBytes(rest),
    ...(user && { user: withBytes(user) }),
    excludeCredentials: excludeCredentials.map(withBytes),
    allowCredentials: allowCredentials.map(withBytes),
  };
}

function answerOf(credential) {
  const { response } = credential;
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const parts = names.filter((name) => response[name]).map((name) => [name, textOf(response[name])]);
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      ...Object.fromEntries(parts),
      ...(response.getTransports && { transports: response.getTransports() }),
    },
  };
}

/** Tell whether passkeys can be had: they belong to the name of a host, never to its numbers. */
export function canUsePasskeys() {
  const numbers = /^(\d+\.){3}\d+$|^\[/.test(location.hostname);
  return "PublicKeyCredential" in window && !numbers;
}

/** Tell whether the browser offers passkeys among what it fills in. */
export async function canOfferPasskeys() {
  return (
    canUsePasskeys() && Boolean(await PublicKeyCredential.isConditionalMediationAvailable?.())
  );
}

/** Make a passkey for the server's `options`. Throws what the browser throws when it is not made. */
export async function makePasskey(options) {
  return answerOf(await navigator.credentials.create({ publicKey: optionsOf(options) }));
}

/** Use a passkey. `mediation` "conditional" waits until one is chosen from what is filled in. */
export async function usePasskey(options, { mediation, signal } = {}) {
  const publicKey = optionsOf(options);
  return answerOf(await navigator.credentials.get({ publicKey, mediation, signal }));
}
