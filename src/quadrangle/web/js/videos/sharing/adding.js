import { busy, clearErrors, showErrors } from "../../parts/forms/forms.js";

const MOST_TOLD = 5;

const errorsOf = (error) =>
  error.errors?.length ? error.errors : [{ field: null, message: error.message }];

/**
 * What adds people by their addresses, one after the other: give it to `addressField`. `add(address)`
 * adds one, `done(added)` is called with what these gave. Who cannot be added stays in the field of
 * `form`, with why.
 */
export function addingPeople(form, input, { add, done }) {
  const waiting = [];

  async function addAll() {
    const [added, refused, errors] = [[], [], []];
    while (waiting.length) {
      const address = waiting.shift();
      try {
        added.push(await add(address));
      } catch (error) {
        refused.push(address);
        errors.push(...errorsOf(error));
        if (error.passing) refused.push(...waiting.splice(0)); // those would fail as well
      }
    }
    if (added.length) await done(added);
    if (!refused.length) return;
    input.value = [...refused, input.value.trim()].filter(Boolean).join(", ");
    showErrors(form, errors.slice(0, MOST_TOLD));
  }

  return (addresses) => {
    waiting.push(...addresses);
    clearErrors(form);
    return busy(form, addAll); // while it is at work, it takes what comes
  };
}
