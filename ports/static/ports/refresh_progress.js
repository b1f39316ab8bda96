// Follows a refresh of the registry until it has ended, and then opens its page anew.
"use strict";

const EVERY_MS = 1_000;
const PATIENCE_MS = 10_000;
const live = document.querySelector("[data-progress-address]");
const bar = live.querySelector("progress");

const show = ({ share, texts }) => {
  for (const [name, text] of Object.entries(texts)) {
    for (const place of document.querySelectorAll(`[data-text="${name}"]`)) {
      // Only what differs: whatever is written into a status is read out.
      if (place.textContent !== text) place.textContent = text;
    }
  }
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
};

const look = async () => {
  try {
    const answer = await fetch(live.dataset.progressAddress, {
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const progress = answer.ok && !answer.redirected ? await answer.json() : null;
    // Signed out meanwhile: the page itself leads to the login and back.
    if (answer.redirected || progress?.ended) return location.reload();
    if (progress) show(progress);
  } catch {
    // The server did not answer; it is asked again.
  }
  setTimeout(look, EVERY_MS);
};

setTimeout(look, EVERY_MS);
