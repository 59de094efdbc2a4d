import { api } from "./api.js";
import { store, stored } from "./storage.js";

let asked = null;

/** What `GET /api/config` says; asked for once per page, again after a failure. */
export function config() {
  asked ??= api.get("/api/config").then(
    (answer) => {
      store("config", answer);
      return answer;
    },
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

/** The answer of an earlier visit, or null: good for showing something at once. */
export function knownConfig() {
  return stored("config");
}
