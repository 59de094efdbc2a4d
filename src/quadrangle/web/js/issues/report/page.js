import { currentAccount } from "../../base/account.js";
import { config, knownConfig } from "../../base/config.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { draft } from "../../base/drafts.js";
import { textOfMail } from "../../base/mail-delivery.js";
import {
  busy,
  clearError,
  clearErrors,
  looksLikeEmail,
  showErrors,
} from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { rememberReport } from "../my-reports.js";
import {
  contactQuestion,
  LONGEST,
  placeQuestion,
  typeQuestion,
  whatQuestion,
} from "./questions.js";
import { receipt } from "./receipt.js";
import { failureNotice, sendReport } from "./sending.js";
import { STEPS, steps } from "./steps.js";
import { texts as common } from "../../parts/texts.js";
import { texts as words } from "./texts.js";
import { findId } from "../track/find-form.js";
import { relative } from "../../base/time.js";

const main = document.querySelector("main");
const address = new URLSearchParams(location.search);
const STEP_OF = {
  issueType: "type",
  location: "place",
  description: "what",
  email: "contact",
  name: "contact",
};

function aside() {
  return h(
    "aside",
    { class: "what-next", "aria-labelledby": "next-title" },
    h("h2", { id: "next-title" }, words.next.title),
    h(
      "ol",
      { class: "next-list" },
      words.next.steps.map((step) =>
        h("li", {}, Array.isArray(step) ? textOfMail(...step) : step),
      ),
    ),
  );
}

function restoredNotice(kept, startAfresh) {
  const text = words.restored(relative(kept.at)) + (kept.photos ? ` ${words.restoredPhotos}` : "");
  const button = h("button", { type: "button", class: "button quiet" }, words.startAfresh);
  button.addEventListener("click", startAfresh);
  return h("div", { class: "notice restored" }, icon("history"), h("p", {}, text), button);
}

function reportPage(settings) {
  const drafts = draft("report");
  const kept = drafts.load();
  const type = typeQuestion(settings.issueTypes);
  const place = placeQuestion(settings.locations);
  const what = whatQuestion(settings.photoLimit, keep);
  const contact = contactQuestion();
  contact.setMail(settings.mailDelivery);

  const values = () => ({
    issueType: type.value,
    location: place.input.value.trim(),
    description: what.area.value.trim(),
    email: contact.email.value.trim(),
    name: contact.name.value.trim(),
  });

  function keep() {
    drafts.save({
      ...values(),
      photos: what.picker.photos.length,
      at: new Date().toISOString(),
    });
  }

  function faults(only) {
    const now = values();
    const found = [];
    const add = (field, message) => found.push({ field, message });
    if (!now.issueType) add("issueType", words.type.missing);
    if (!now.location) add("location", words.place.missing);
    if (!now.description) add("description", words.what.missing);
    const over = [...now.description].length - LONGEST.description;
    if (over > 0) add("description", words.what.tooLong(over));
    if (now.email && !looksLikeEmail(now.email)) add("email", words.contact.wrongEmail);
    return found.filter(({ field }) => !only || STEP_OF[field] === only);
  }

  const form = h("form", { class: "report-form", novalidate: true });
  const flow = steps(form, {
    sendLabel: words.send,
    complete: (step) => faults(step).length === 0,
    check(step) {
      const found = faults(step);
      if (found.length) showErrors(form, found);
      else clearErrors(form);
      return found.length === 0;
    },
  });
  const failure = failureNotice(() => form.requestSubmit());

  function refuse(errors) {
    const step = STEP_OF[errors.find(({ field }) => STEP_OF[field])?.field];
    if (step) flow.reveal(step);
    showErrors(form, errors);
  }

  async function send() {
    failure.hide();
    clearErrors(form);
    const wrong = faults();
    if (wrong.length) return refuse(wrong);
    const { email, name, ...rest } = values();
    try {
      const { issueId, key } = await sendReport({
        ...rest,
        ...(email && { email }),
        ...(name && { name }),
      });
      const issue = { ...rest, status: "OPEN", createdAt: new Date().toISOString() };
      rememberReport(issueId, issue, key);
      const photos = what.picker.take();
      drafts.clear();
      history.replaceState(null, "", `/report?${new URLSearchParams({ sent: issueId })}`);
      addEventListener("popstate", () => location.reload());
      showReceipt(issueId, {
        photos,
        mailed: Boolean(email) && settings.mailDelivery === "smtp",
        owned: contact.isOwn,
      });
    } catch (error) {
      if (error.passing) failure.show(error);
      else refuse(error.errors?.length ? error.errors : [{ message: error.message }]);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!flow.next()) busy(flow.go, send);
  });
  form.addEventListener("input", (event) => {
    clearError(form, event.target.name);
    keep();
  });

  function startAfresh() {
    drafts.clear();
    location.assign("/report");
  }

  type.value = kept?.issueType || address.get("type") || "";
  place.input.value = kept?.location || (address.get("location") ?? "").slice(0, LONGEST.location);
  // what another page has begun to say, such as of a video that should not be there
  what.area.value = address.get("text")?.slice(0, LONGEST.description) ?? kept?.description ?? "";
  contact.email.value = kept?.email ?? "";
  contact.name.value = kept?.name ?? "";
  currentAccount().then(
    (account) => contact.setAccount(account, { fill: !kept }),
    () => {}, // without, it is typed
  );
  what.area.dispatchEvent(new Event("input"));
  const typed = kept && Object.keys(STEP_OF).some((field) => kept[field]);

  append(
    form,
    STEPS.map((step) => ({ type, place, what, contact })[step].element),
    failure.element,
    flow.bar,
  );
  append(
    clear(main),
    h(
      "div",
      { class: "page with-aside report-page" },
      h(
        "div",
        {},
        h("header", { class: "report-head" }, h("h1", {}, words.title), flow.progress),
        typed && restoredNotice(kept, startAfresh),
        form,
      ),
      aside(),
    ),
  );
  flow.start();
  return (fresh) => {
    settings = fresh;
    type.setTypes(fresh.issueTypes);
    place.setOptions(fresh.locations);
    what.picker.setLimit(fresh.photoLimit);
    contact.setMail(fresh.mailDelivery);
  };
}

function showReceipt(issueId, options) {
  document.title = common.title(words.receipt.title);
  receipt(issueId, options).show(main);
}

function failed(error) {
  const again = h(
    "button",
    { type: "button", class: "button" },
    icon("rotate-ccw"),
    words.sending.again,
  );
  again.addEventListener("click", start);
  append(
    clear(main),
    h(
      "div",
      { class: "empty", role: "alert" },
      icon("wifi-off"),
      h("h1", {}, words.title),
      h("p", {}, `${error.message} ${words.cannotStart}`),
      again,
    ),
  );
}

async function start() {
  const sent = findId(address.get("sent") ?? "");
  if (sent) return showReceipt(sent, {});
  const known = knownConfig();
  const update = known && reportPage(known);
  if (!known)
    append(
      clear(main),
      h("h1", { class: "visually-hidden" }, words.title),
      h("div", { class: "column skeleton report-skeleton" }),
    );
  let fresh;
  try {
    fresh = await config();
  } catch (error) {
    if (known) announce(error.message);
    else failed(error);
    return;
  }
  if (update) update(fresh);
  else reportPage(fresh);
}

start();
