// Puts a "Copy" button on each command. Without it the commands are simply text.
"use strict";

const { copy, copied } = document.body.dataset;

function addButton(block) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = copy;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = copied;
    setTimeout(() => { button.textContent = copy; }, 2000);
  });
  block.append(button);
}

// The clipboard exists only on https and on this machine itself.
if (navigator.clipboard) {
  document.querySelectorAll("pre.command").forEach(addButton);
}
