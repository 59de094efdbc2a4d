import { ApiError } from "./http.js";

/** The address of the sign-in page that leads back to this one. */
export function signInAddress() {
  const here = location.pathname + location.search;
  return here === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ next: here })}`;
}

/** Lead to the sign-in page, and return the error for whoever waits until it is there. */
export function goToSignIn(message) {
  if (location.pathname !== "/sign-in") location.assign(signInAddress());
  return new ApiError(401, message);
}
