// Sends an answer without leaving the page. Without it the form leads to a page that says the same.
"use strict";

const area = document.querySelector(".vote-area");
const live = area?.querySelector("[role=status]");

// What the site said: the thank-you page's part that belongs here, or what went wrong.
function show(page) {
  const voted = page.querySelector(".voted");
  const said = voted?.querySelector("[data-said]") ?? page.querySelector("main .lead");
  if (!said) throw new Error("This is no page of the site.");
  live.textContent = said.textContent.trim();
  if (!voted) return;
  said.remove();
  area.querySelectorAll(".vote, .voted").forEach((old) => { old.remove(); });
  area.append(document.adoptNode(voted));
  // The button that had the keyboard is gone.
  live.focus();
}

async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const response = await fetch(form.action, { method: "POST", body });
  const parser = new DOMParser();
  show(parser.parseFromString(await response.text(), "text/html"));
}

area?.addEventListener("submit", async (event) => {
  if (!live) return;
  event.preventDefault();
  const { target: form, submitter } = event;
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    await send(form, submitter);
  } catch {
    live.textContent = area.dataset.failed;
  } finally {
    form.ariaBusy = "false";
  }
});
