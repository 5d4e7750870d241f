// Everything works without this file. It says aloud that a request failed, about which htmx is silent, and
// offers the device's own way of sharing where it has one.

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

if (toast) {
  document.addEventListener("htmx:error", tell);
  document.addEventListener("htmx:response:error", tell);
  document.addEventListener("htmx:before:request", hush);
}

for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {});
  });
}
