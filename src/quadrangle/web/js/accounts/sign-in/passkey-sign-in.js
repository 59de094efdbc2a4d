import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts } from "./texts.js";
import { canOfferPasskeys, usePasskey } from "./webauthn.js";

const CHALLENGE_MS = 4 * 60_000; // the server takes its challenge for five minutes
const anyone = { anyone: true };

async function signInWith(how) {
  const { state, options } = await api.post("/api/accounts/passkey/options", {}, anyone);
  const credential = await usePasskey(options, how);
  return api.post("/api/accounts/passkey", { state, credential }, anyone);
}

/**
 * A button that signs in by a passkey, and the same among what the browser fills in for the
 * address. `done` gets the answer, `failed` a sentence.
 */
export function passkeySignIn({ done, failed }) {
  let offer = null;
  let timer = 0;

  function withdraw() {
    clearTimeout(timer);
    offer?.abort();
    offer = null;
  }

  function tell(error) {
    failed(error.name === "ApiError" ? error.message : texts.passkey.broken);
  }

  async function offerAgain() {
    withdraw();
    if (document.hidden || !(await canOfferPasskeys())) return;
    const mine = new AbortController();
    offer = mine;
    timer = setTimeout(offerAgain, CHALLENGE_MS);
    try {
      done(await signInWith({ mediation: "conditional", signal: mine.signal }));
    } catch (error) {
      // withdrawn, or the browser had none to offer: nobody asked for it
      if (!mine.signal.aborted && error.name === "ApiError" && error.status === 401) tell(error);
    }
  }

  const button = h(
    "button",
    { type: "button", class: "button" },
    icon("fingerprint-pattern"),
    texts.signIn.passkey,
  );
  button.addEventListener("click", () =>
    busy(button, async () => {
      withdraw();
      try {
        done(await signInWith({}));
      } catch (error) {
        tell(error);
        offerAgain();
      }
    }),
  );
  document.addEventListener("visibilitychange", offerAgain);
  offerAgain();
  return {
    button,
    withdraw() {
      document.removeEventListener("visibilitychange", offerAgain);
      withdraw();
    },
  };
}
