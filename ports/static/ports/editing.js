// Asks before an editor leaves a form whose changes are not saved.
"use strict";

const form = document.querySelector("#content-main form[method=post]");
let isChanged = false;

form?.addEventListener("input", () => { isChanged = true; });
form?.addEventListener("submit", () => { isChanged = false; });
addEventListener("beforeunload", (event) => {
  if (isChanged) event.preventDefault();
});
