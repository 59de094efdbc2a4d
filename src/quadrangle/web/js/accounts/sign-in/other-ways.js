import { address } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { passkeySignIn } from "./passkey-sign-in.js";
import { texts } from "./texts.js";
import { canUsePasskeys } from "./webauthn.js";

const words = texts.signIn;

function issuerLink({ issuerId, name }, next) {
  const link = h("a", { class: "button" }, icon("building-2"), words.issuer(name));
  const path = `/api/accounts/oidc/${encodeURIComponent(issuerId)}/start`;
  address(path, { next }).then((href) => {
    link.href = href;
  });
  return link;
}

/**
 * Fill `place` with the ways beside the password: a passkey, outside issuers. Returns what can
 * withdraw the passkey that the browser offers.
 */
export function showOtherWays(place, options, { next, done, failed }) {
  const passkey = options.passkeys && canUsePasskeys() ? passkeySignIn({ done, failed }) : null;
  const ways = [
    options.issuers.map((issuer) => issuerLink(issuer, next)),
    passkey?.button,
  ].flat();
  clear(place);
  if (ways.some(Boolean)) append(place, h("p", { class: "divider" }, words.or), ways);
  return { withdraw: () => passkey?.withdraw() };
}
