// The article and its records: a record lights its words, words show their records.
"use strict";

(() => {
  const story = document.querySelector(".story");
  const panel = document.querySelector(".panel");
  if (!story || !panel) return;

  const ROLES = ["trigger", "cue", "who", "when", "place", "channel", "words", "content", "evidence"];
  // The parts a record is about come before those it only mentions.
  const FIRST = ["trigger", "words", "content", "evidence", "cue"];
  const picked = panel.querySelector(".picked");
  const title = panel.querySelector(".picked-title");
  const nothing = panel.querySelector(".none-picked");
  const aloud = document.getElementById("said-aloud");
  const narrow = window.matchMedia("(max-width: 1000px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const served = document.body.dataset.file === undefined;

  // Pieces of the text by the key of each record that rests on them.
  const pieces = new Map();
  for (const piece of story.querySelectorAll("[data-r]")) {
    for (const ref of piece.dataset.r.split(" ")) {
      const [key, role] = ref.split(".");
      if (!pieces.has(key)) pieces.set(key, []);
      pieces.get(key).push({ piece, role });
    }
  }
  const cards = new Map();
  for (const card of panel.querySelectorAll(".card")) cards.set(card.dataset.key, card);

  function show(element, block) {
    const behavior = calm.matches ? "auto" : "smooth";
    element.scrollIntoView({ behavior, block });
  }

  function clear() {
    for (const piece of story.querySelectorAll("[data-lit]")) delete piece.dataset.lit;
    for (const piece of story.querySelectorAll(".is-picked")) piece.classList.remove("is-picked");
    for (const card of panel.querySelectorAll(".card.is-lit")) {
      card.classList.remove("is-lit");
      card.removeAttribute("aria-current");
    }
  }

  function unfilter() {
    panel.classList.remove("is-filtered");
    picked.hidden = true;
    nothing.hidden = true;
    for (const card of panel.querySelectorAll(".is-chosen")) card.classList.remove("is-chosen");
  }

  function filter(keys, words) {
    unfilter();
    for (const key of keys) {
      const card = cards.get(key);
      if (!card) continue;
      card.classList.add("is-chosen");
      const group = card.closest("details");
      if (group) group.open = true;
    }
    title.textContent = words;
    picked.hidden = false;
    nothing.hidden = keys.length > 0;
    panel.classList.add("is-filtered");
    panel.scrollTop = 0;
  }

  function light(key, { scroll = true, address = true } = {}) {
    clear();
    const lit = pieces.get(key) || [];
    for (const { piece, role } of lit) {
      const now = piece.dataset.lit;
      if (!now || ROLES.indexOf(role) < ROLES.indexOf(now)) piece.dataset.lit = role;
    }
    const card = cards.get(key);
    if (card) {
      card.classList.add("is-lit");
      card.setAttribute("aria-current", "true");
      const group = card.closest("details");
      if (group) group.open = true;
    }
    const main = FIRST.map((role) => lit.find((one) => one.role === role)).find(Boolean) || lit[0];
    if (narrow.matches && lit.length) filter([key], "Record of the lit words");
    if (main && scroll) show(main.piece, narrow.matches ? "start" : "center");
    if (aloud) aloud.textContent = lit.length ? "Words lit: " + lit.map((one) => one.piece.textContent).join(" ").slice(0, 200) : "This record has no words in the text.";
    if (address && served) history.replaceState(null, "", "?record=" + encodeURIComponent(key) + "#lit");
    return lit.length > 0;
  }

  function keysOf(piece) {
    const refs = piece.dataset.r.split(" ").map((ref) => ref.split("."));
    refs.sort((one, other) => ROLES.indexOf(one[1]) - ROLES.indexOf(other[1]));
    return [...new Set(refs.map((ref) => ref[0]))].filter((key) => cards.has(key));
  }

  // A record lights its words.
  panel.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-key]");
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      light(link.dataset.key);
      return;
    }
    if (event.target.closest(".show-all")) {
      unfilter();
      const lit = panel.querySelector(".card.is-lit");
      if (lit && !narrow.matches) lit.scrollIntoView({ block: "nearest" });
      return;
    }
    if (event.target.closest("a, button, input, select, textarea, label, summary, form")) return;
    const card = event.target.closest(".card");
    if (card && getSelection().isCollapsed) light(card.dataset.key);
  });

  // Words show their records.
  story.addEventListener("click", (event) => {
    if (event.target.closest("a, summary, button") || !getSelection().isCollapsed) return;
    const piece = event.target.closest("[data-r]");
    if (!piece) {
      clear();
      unfilter();
      return;
    }
    const keys = keysOf(piece);
    clear();
    piece.classList.add("is-picked");
    const words = piece.textContent.trim();
    filter(keys, "Records of “" + (words.length > 40 ? words.slice(0, 39) + "…" : words) + "”");
    // On a phone the records come up over the lower half of the text.
    if (narrow.matches && piece.getBoundingClientRect().bottom > innerHeight * 0.45) show(piece, "start");
    if (aloud) aloud.textContent = keys.length + " records rest on these words.";
  });

  // The number of a paragraph shows the records of its words.
  story.addEventListener("click", (event) => {
    const number = event.target.closest(".par-no");
    if (!number) return;
    event.preventDefault();
    const found = new Set();
    for (const piece of number.closest(".par").querySelectorAll("[data-r]")) {
      for (const key of keysOf(piece)) found.add(key);
    }
    clear();
    filter([...found], "Records of paragraph " + number.dataset.par);
    panel.focus({ preventScroll: true });
  });

  // j and k step through the records, Escape ends it.
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      clear();
      unfilter();
      return;
    }
    if (event.key !== "j" && event.key !== "k") return;
    const chosen = [...panel.querySelectorAll(".is-chosen")];
    const shown = chosen.length > 1 ? chosen : [...cards.values()];
    const at = shown.findIndex((card) => card.classList.contains("is-lit"));
    const next = shown[event.key === "j" ? at + 1 : Math.max(at, 1) - 1];
    if (!next) return;
    light(next.dataset.key);
    if (!narrow.matches) next.scrollIntoView({ block: "nearest" });
  });

  // Everything that stood on the page, at once.
  const unfold = document.querySelector(".unfold");
  const folds = story.querySelectorAll("details.fold");
  if (unfold && folds.length) {
    unfold.hidden = false;
    unfold.addEventListener("click", () => {
      const open = unfold.getAttribute("aria-pressed") !== "true";
      unfold.setAttribute("aria-pressed", String(open));
      unfold.textContent = open ? "Fold the page" : "Unfold the page";
      for (const fold of folds) fold.open = open;
    });
  }

  // What is marked stays as chosen from article to article.
  for (const box of document.querySelectorAll(".layers input")) {
    try {
      if (localStorage.getItem(box.id) === "off") box.checked = false;
      box.addEventListener("change", () => localStorage.setItem(box.id, box.checked ? "on" : "off"));
    } catch (blocked) {
      break;
    }
  }

  const first = story.querySelector("[data-lit]");
  if (first) {
    first.scrollIntoView({ block: "center" });
    const card = panel.querySelector(".card.is-lit");
    if (card && !narrow.matches) panel.scrollTop += card.getBoundingClientRect().top - panel.getBoundingClientRect().top - 90;
  }
})();
