// What the page shows is in the address: ?q=ada&role=staff&status=invited&person=<id>.
import { texts as words } from "./texts.js";

const among = (known, value) => (Object.hasOwn(known, value ?? "") ? value : "");

export function readAddress() {
  const query = new URLSearchParams(location.search);
  return {
    q: query.get("q") ?? "",
    role: among(words.roles, query.get("role")),
    status: among(words.statuses, query.get("status")),
    person: query.get("person") ?? "",
  };
}

export function toAddress(address) {
  const given = ["q", "role", "status", "person"].filter((name) => address[name]);
  const text = new URLSearchParams(given.map((name) => [name, address[name]])).toString();
  return text ? `/people?${text}` : "/people";
}
