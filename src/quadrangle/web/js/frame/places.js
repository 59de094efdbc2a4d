import { texts } from "./texts.js";

const words = texts.places;
const MOST_TABS = 5;

const VISITOR = "visitor"; // not signed in, or not yet with the second factor the role asks for
const OTHERS = [VISITOR, "student", "teacher"];
const STAFF = ["staff", "admin"];
const EVERYONE = [...OTHERS, ...STAFF];
const ADMIN = ["admin"];

/**
 * Where one can go, in the order of the rail: a service adds its places here and nowhere else.
 * `roles` have the place; for `tabs` it is one of the tabs on a phone, for the rest of them it stands
 * under More. What is opened once in a while is `inMenu`, that of the account. A place with a
 * `service` is there while the server lists that one in the `services` of its config. `pages` are
 * the paths of pages that belong to the place: on them it is the current one.
 */
export const PLACES = [
  { path: "/", icon: "house", label: words.home, roles: EVERYONE, tabs: EVERYONE },
  { path: "/report", icon: "megaphone", label: words.report, roles: EVERYONE, tabs: OTHERS },
  { path: "/track", icon: "search", label: words.track, roles: EVERYONE, tabs: OTHERS },
  { path: "/desk", icon: "layout-dashboard", label: words.desk, roles: STAFF, tabs: STAFF },
  {
    path: "/meet",
    icon: "video",
    label: words.meet,
    roles: EVERYONE,
    tabs: EVERYONE,
    service: "meetings",
    pages: [
      ...["/meeting", "/new-meeting", "/change-meeting", "/book", "/hours", "/week"],
      ...["/calendar-feed", "/meeting-operation"],
    ],
  },
  {
    path: "/watch",
    icon: "circle-play",
    label: words.watch,
    roles: EVERYONE,
    tabs: EVERYONE,
    service: "videos",
    pages: [
      "/video",
      "/upload",
      "/my-videos",
      "/manage-video",
      "/video-operation",
      "/courses",
      "/course",
    ],
  },
  { path: "/statistics", icon: "chart-column", label: words.statistics, roles: STAFF },
  { path: "/outbox", icon: "inbox", label: words.outbox, roles: STAFF },
  { path: "/people", icon: "users", label: words.people, roles: ADMIN },
  { path: "/settings", icon: "settings", label: words.settings, roles: ADMIN },
  { path: "/api-keys", icon: "key-round", label: words.apiKeys, roles: ADMIN, inMenu: true },
  { path: "/audit", icon: "history", label: words.audit, roles: ADMIN, inMenu: true },
];

/** The role that counts for whoever is signed in. */
export function roleOf(account) {
  return !account || account.needsSecondFactor ? VISITOR : account.role;
}

/**
 * The places of a role, of the services that are switched on: those in the `rail`, which of them
 * are `tabs` on a phone and which stand under `more` there, and those in the account's `menu`.
 * There are never more than five tabs, More among them.
 */
export function placesFor(role, services = [], places = PLACES) {
  const isThere = ({ roles, service }) =>
    roles.includes(role) && (!service || services.includes(service));
  const mine = places.filter(isThere);
  const rail = mine.filter((place) => !place.inMenu);
  const wanted = rail.filter((place) => place.tabs?.includes(role));
  const all = wanted.length === rail.length && wanted.length <= MOST_TABS;
  const tabs = all ? wanted : wanted.slice(0, MOST_TABS - 1);
  const more = rail.filter((place) => !tabs.includes(place));
  return { rail, tabs, more, menu: mine.filter((place) => place.inMenu) };
}
