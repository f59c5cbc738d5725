// Buttons that copy a text beside them; without script the text can be selected.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      // Without leave to write (a plain http address of another machine) the text is selected.
      getSelection().selectAllChildren(text);
      button.textContent = "Selected";
    }
    const told = document.getElementById("copied");
    if (told) told.textContent = button.textContent;
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}
