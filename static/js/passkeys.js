// Asks the browser for a passkey, or to make one, and sends its answer with the form. Binary parts travel as base64url.

const form = document.querySelector("form[data-passkey]");
const answer = form.querySelector("[name=answer]");
const failed = form.querySelector("[data-failed]");

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function options() {
  const asked = JSON.parse(form.dataset.options);
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const list of [asked.allowCredentials, asked.excludeCredentials]) {
    for (const credential of list ?? []) credential.id = bytes(credential.id);
  }
  return { publicKey: asked };
}

const PARTS = ["attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle"];

function readable(credential) {
  const response = {};
  for (const part of PARTS) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function ask() {
  failed.hidden = true;
  try {
    const isNew = form.dataset.passkey === "create";
    const credential = await navigator.credentials[isNew ? "create" : "get"](options());
    answer.value = readable(credential);
    form.submit();
  } catch {
    failed.textContent = failed.dataset.failed;
    failed.hidden = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
if (form.dataset.passkey === "get") ask();
