// The desk works without this file. It lets the hands stay on the keyboard: one key decides and moves on.
// Keys are read by their place (event.code): with a Kazakh or Russian layout the A key sends "ф".

const desk = document.querySelector("[data-desk]");
const live = document.querySelector("[data-desk-live]");
const undoPlace = document.querySelector("[data-undo]");
const usual = JSON.parse(document.querySelector("[data-usual]").textContent);
const TAKE_AFTER_MILLISECONDS = 1200; // who only passes by takes nothing
const GO_ON = "desk-go-on";
let sending = 0;
let reading; // the timer that takes the comment in focus

const items = () => [...desk.querySelectorAll("[data-item]:not([data-done])")];
const current = () => document.activeElement?.closest("[data-item]:not([data-done])") ?? items()[0];

function say(words) {
  live.textContent = words;
}

function goTo(item) {
  if (!item) return;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
  const all = items();
  say(desk.dataset.saidReading.replace("{number}", all.indexOf(item) + 1).replace("{of}", all.length));
}

function move(step) {
  const all = items();
  const at = all.indexOf(current());
  const here = document.activeElement === all[at] ? step : 0;
  goTo(all[Math.max(0, Math.min(all.length - 1, at + here))]);
}

async function post(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  return fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
}

// The focus moves on at once; the answer takes the place of the row.
async function decide(item, form, button) {
  if (!form || item.dataset.sent) return;
  const all = items();
  const at = all.indexOf(item);
  item.dataset.sent = item.dataset.done = "";
  item.inert = true;
  clearTimeout(reading);
  goTo(all[at + 1] ?? all[at - 1]);
  sending += 1;
  try {
    const answer = await post(form, button);
    show(item, await answer.text(), answer.status);
  } catch {
    reopen(item);
    say(desk.dataset.saidFailed);
  } finally {
    sending -= 1;
  }
  if (!sending && !items().length && !desk.querySelector("[data-refused]")) goOn();
}

function show(item, page, status) {
  const part = document.createElement("template");
  part.innerHTML = page;
  say(part.content.querySelector("[data-said]")?.textContent.trim() ?? part.content.textContent.trim());
  const undo = part.content.querySelector("[data-undo-form]");
  if (undo) undoPlace.replaceChildren(undo);
  item.inert = false;
  if (status === 200) {
    item.classList.add("item--done");
    item.replaceChildren(...part.content.childNodes);
    if (item.querySelector(".list")) item.dataset.refused = "";
    return;
  }
  item.dataset.refused = "";
  if (status === 409) {
    item.querySelector(":scope > .acts").replaceChildren(...part.content.childNodes);
  } else {
    reopen(item);
    item.querySelector("[data-problem]")?.remove();
    const problem = document.createElement("div");
    problem.dataset.problem = "";
    problem.append(...part.content.childNodes);
    item.prepend(problem);
  }
  goTo(item);
}

function reopen(item) {
  item.inert = false;
  delete item.dataset.sent;
  delete item.dataset.done;
  delete item.dataset.refused;
}

function goOn() {
  sessionStorage.setItem(GO_ON, "yes");
  location.reload();
}

async function undo() {
  const form = undoPlace.querySelector("[data-undo-form]");
  if (!form) return;
  sending += 1;
  const answer = await post(form).catch(() => null);
  sending -= 1;
  if (!answer?.ok) {
    say(answer ? document.createRange().createContextualFragment(await answer.text()).textContent.trim() : desk.dataset.saidFailed);
    return;
  }
  sessionStorage.setItem(GO_ON, form.dataset.comments.split(" ")[0]);
  location.reload();
}

async function take(item) {
  const form = item?.querySelector("[data-take]");
  if (!form || item.dataset.taken) return;
  item.dataset.taken = "";
  const answer = await post(form).catch(() => null);
  if (answer?.status === 409) say(desk.dataset.saidTaken);
}

const withholding = (item) => item.querySelector("details:has([name=rule]):not(:has([data-redact]))");

function publish(item) {
  const group = item.querySelector("[data-group]");
  if (group) return decide(item, group, group.querySelector("button[value=publish]"));
  return decide(item, item.querySelector("form[action$='/publish']"));
}

function choose(item, number) {
  const panel = withholding(item);
  const rule = panel?.querySelectorAll("[name=rule]")[number - 1];
  if (!rule) return;
  rule.checked = true;
  if (panel.open) return fill(item, rule);
  const group = item.querySelector("[data-group]");
  if (group) return decide(item, group, group.querySelector("button[value=withhold]"));
  return decide(item, rule.form);
}

// The usual reason in the author's language, unless somebody has begun to write another.
function fill(item, rule) {
  const field = rule.form.querySelector("[name=reason]");
  if (!field || rule.form.matches("[data-group]") || rule.form.id === "bulk") return;
  const known = Object.values(usual).flatMap((reasons) => Object.values(reasons));
  if (field.value.trim() === "" || known.includes(field.value)) {
    field.value = usual[rule.value]?.[item.dataset.language] ?? "";
  }
}

function open(panel, selector) {
  if (!panel) return;
  panel.open = true;
  panel.querySelector(selector)?.focus();
}

function tick(item) {
  const box = item.querySelector("input[name=pick][form=bulk]");
  if (!box) return;
  box.checked = !box.checked;
  say(box.checked ? desk.dataset.saidTicked : desk.dataset.saidUnticked);
}

const KEYS = {
  KeyJ: () => move(1),
  ArrowDown: () => move(1),
  KeyK: () => move(-1),
  ArrowUp: () => move(-1),
  KeyP: publish,
  KeyW: (item) => open(withholding(item), "[name=rule]"),
  KeyR: (item) => open(item.querySelector("details:has([data-redact])"), "[name=body]"),
  KeyL: (item) => decide(item, item.querySelector("[data-keep]")),
  KeyE: (item) => item.querySelector("[data-open]")?.click(),
  KeyT: take,
  KeyX: tick,
};

function onKey(event) {
  if (event.altKey || event.metaKey) return;
  const item = current();
  const form = event.target.closest("form");
  if (event.ctrlKey && event.code === "Enter" && item && form && item.contains(form)) {
    event.preventDefault();
    decide(item, form, form.querySelector("button[value=withhold]"));
    return;
  }
  if (event.ctrlKey) return;
  if (event.code === "Escape" && item) {
    for (const panel of item.querySelectorAll("details[open]")) panel.open = false;
    goTo(item);
    return;
  }
  if (desk.dataset.keys !== "on" || event.target.matches("textarea, select, input:not([type=checkbox], [type=radio])")) return;
  if (event.key === "?") document.getElementById("keys").focus();
  else if (event.shiftKey) return;
  else if (event.code === "KeyU") undo();
  else if (!item) return;
  else if (/^(Digit|Numpad)[1-9]$/.test(event.code)) choose(item, Number(event.code.at(-1)));
  else if (event.code.startsWith("Arrow") && event.target.matches("input")) return;
  else if (KEYS[event.code]) KEYS[event.code](item);
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", onKey);

desk.addEventListener("focusin", (event) => {
  const item = event.target.closest("[data-item]:not([data-done])");
  clearTimeout(reading);
  if (item) reading = setTimeout(() => take(item), TAKE_AFTER_MILLISECONDS);
});

desk.addEventListener("change", (event) => {
  const item = event.target.closest("[data-item]");
  if (item && event.target.matches("[data-withhold] [name=rule]")) fill(item, event.target);
});

const tickAll = document.querySelector("[data-tick-all]");
if (tickAll) {
  tickAll.hidden = false;
  tickAll.addEventListener("change", (event) => {
    for (const box of desk.querySelectorAll("input[name=pick][form=bulk]")) box.checked = event.target.checked;
  });
}

const goingOn = sessionStorage.getItem(GO_ON);
if (goingOn) {
  sessionStorage.removeItem(GO_ON);
  const wanted = document.getElementById(`comment-${goingOn}`)?.closest("[data-item]");
  goTo(wanted ?? items()[0]);
}
