// A line's sources unfold below it; without script the link leads to the page of the act.
"use strict";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.sources");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const line = link.closest(".rec");
  if (!line) return;
  event.preventDefault();
  const open = line.querySelector(".told-here");
  if (open) {
    open.remove();
    link.setAttribute("aria-expanded", "false");
    return;
  }
  const box = document.createElement("div");
  box.className = "told-here";
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "All who tell it");
  line.querySelector(".rec-body").append(box);
  link.setAttribute("aria-expanded", "true");
  try {
    const answer = await fetch(new URL(link.href).pathname + "/tellings", { credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.statusText);
    // The page is ours and escaped on the server, as the one it is put into.
    box.innerHTML = await answer.text();
  } catch {
    location.assign(link.href);
  }
});
