// Everything works without this file. It says aloud that a request failed, about which htmx is silent.

const toast = document.querySelector("[data-toast]");
const SWAPPED = [409, 422]; // these answers take their place on the page and explain themselves

function tell(event) {
  const explained = SWAPPED.includes(event.detail.ctx?.response?.status);
  toast.hidden = explained;
  toast.textContent = explained ? "" : toast.dataset.toast;
}

function hush() {
  toast.hidden = true;
  toast.textContent = "";
}

document.addEventListener("htmx:error", tell);
document.addEventListener("htmx:response:error", tell);
document.addEventListener("htmx:before:request", hush);
