// Opens the form to correct a record below it, where its link would lead to a page of its own.
"use strict";

function closeForm(box) {
  const opener = box.opener;
  box.remove();
  if (opener) {
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  }
}

// Only the modes of the type that is chosen.
function fitModes(form) {
  const type = form.elements.type;
  const mode = form.elements.mode;
  if (!type || !mode) return;
  for (const group of mode.querySelectorAll("optgroup")) {
    const fits = group.dataset.type === type.value;
    group.hidden = !fits;
    group.disabled = !fits;
  }
  const chosen = mode.selectedOptions[0];
  if (chosen && chosen.parentElement.disabled) mode.value = "";
}

async function openForm(link) {
  const shown = document.querySelector(".correct-box");
  if (shown) {
    const same = shown.opener === link;
    closeForm(shown);
    if (same) return;
  }
  const answer = await fetch(`${link.getAttribute("href")}?part=1`, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    location.assign(link.href);
    return;
  }
  // The server made and escaped this page; the policy of the page keeps any script in it from running.
  const made = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form.correct");
  const box = document.createElement("div");
  box.className = "correct-box";
  box.opener = link;
  box.append(made);
  const record = link.closest(".rec, .card, [data-record]") || link.parentElement;
  if (record.matches("li, tr, td")) record.append(box);
  else record.after(box);
  made.elements.back.value = location.pathname + location.search;
  link.setAttribute("aria-expanded", "true");
  fitModes(made);
  made.querySelector(".correct-title").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-correct]");
  if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openForm(link);
    return;
  }
  const box = event.target.closest(".correct-box");
  if (box && event.target.closest("[data-close]")) {
    event.preventDefault();
    closeForm(box);
  }
});

document.addEventListener("keydown", (event) => {
  const box = document.querySelector(".correct-box");
  if (event.key === "Escape" && box) closeForm(box);
});

document.addEventListener("change", (event) => {
  if (event.target.name === "type" && event.target.closest("form.correct")) fitModes(event.target.form);
});

for (const form of document.querySelectorAll("form.correct")) fitModes(form);
