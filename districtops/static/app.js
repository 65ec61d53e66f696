// Small comforts; every page works without them.

// Errors first: the summary of a refused form takes the focus.
document.querySelector("[data-error-summary]")?.focus();

// Menus close on Escape (the focus returns to what opened them) and on a click elsewhere.
const openMenus = () => document.querySelectorAll("details[data-drop][open], details[data-fold][open]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const search = document.querySelector(".filters input[type=search], .filters input[type=text]");
    if (search?.checkVisibility?.() ?? search) {
      event.preventDefault();
      search.focus();
    }
  }
});

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (menu.matches("[data-drop]") && !menu.contains(event.target)) menu.open = false;
  }
});

// A form is sent once. The back button brings the page back with its buttons awake.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  const buttons = event.target.querySelectorAll("button:not([type=button])");
  setTimeout(() => buttons.forEach((button) => { button.disabled = true; }));
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form button:disabled").forEach((button) => { button.disabled = false; });
});

// Ticking many rows: one box ticks the whole page, and ticking a row chooses "the ticked rows".
const tickAll = document.querySelector("[data-tick-all]");
if (tickAll) {
  const form = tickAll.closest("form");
  const all = tickAll.querySelector("input");
  const ticks = [...document.querySelectorAll(`input.tick[form="${form.id}"]`)];
  tickAll.hidden = false;
  all.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
  });
  for (const tick of ticks) {
    tick.addEventListener("change", () => {
      const ticked = ticks.filter((other) => other.checked).length;
      all.checked = ticked === ticks.length;
      all.indeterminate = ticked > 0 && ticked < ticks.length;
      form.elements.rows.value = "ticked";
    });
  }
}

// Echoes: what was typed, said back. Amounts are read by the server, dates get their weekday here.
function dateInWords(text) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return "";
  const date = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
  if (date.getMonth() !== Number(parts[2]) - 1) return "";
  const korean = document.documentElement.lang === "ko";
  const weekday = date.toLocaleDateString(korean ? "ko" : "en-GB", { weekday: "short" });
  if (korean) return `${date.getFullYear()}. ${date.getMonth() + 1}. ${date.getDate()}.(${weekday})`;
  return `${weekday} ${date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" })}`;
}

for (const output of document.querySelectorAll("output[data-echo]")) {
  const input = document.getElementById(output.htmlFor.value);
  if (!input) continue;
  if (output.dataset.echo === "date") {
    const show = () => { output.value = dateInWords(input.value); };
    input.addEventListener("input", show);
    show();
  } else if (output.dataset.echoUrl) {
    let waiting;
    let asked = 0;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const turn = ++asked;
        const url = new URL(output.dataset.echoUrl, location.href);
        url.searchParams.set("text", input.value);
        try {
          const answer = await fetch(url, { headers: { Accept: "text/plain" } });
          if (answer.ok && turn === asked) output.value = (await answer.text()).trim();
        } catch {
          output.value = "";
        }
      }, 250);
    });
  }
}

// A table that is wider than its frame can be scrolled by keyboard and says what it is.
function frames() {
  for (const frame of document.querySelectorAll(".table-frame")) {
    if (frame.scrollWidth <= frame.clientWidth || frame.hasAttribute("tabindex")) continue;
    const caption = frame.querySelector("caption");
    frame.tabIndex = 0;
    if (caption) {
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", caption.textContent.trim());
    }
  }
}
frames();
window.addEventListener("resize", frames);
