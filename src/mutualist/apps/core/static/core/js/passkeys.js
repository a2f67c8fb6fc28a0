/* Passkeys: asks the browser for one and sends its answer with the form. */

export function startPasskeys() {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      answer(form);
    });
  }
}

async function answer(form) {
  const problem = form.querySelector("[data-passkey-problem]");
  problem.hidden = true;
  try {
    const options = await optionsOf(form);
    const credential = form.dataset.passkey === "create" ? await create(options, form) : await get(options);
    form.elements.credential.value = JSON.stringify(written(credential));
    form.submit();
  } catch {
    // Whoever says no to the browser and whoever has no passkey are told the same.
    problem.hidden = false;
  }
}

async function optionsOf(form) {
  if (!form.dataset.passkeyFrom) {
    const data = JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
    return (data.creation_options ?? data.request_options).publicKey;
  }
  const response = await fetch(form.dataset.passkeyFrom, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return (await response.json()).request_options.publicKey;
}

function create(options, form) {
  const alone = form.elements.passwordless?.checked ?? false;
  const selection = { ...options.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
  if (alone) selection.userVerification = "required";
  return navigator.credentials.create({
    publicKey: {
      ...options,
      authenticatorSelection: selection,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map(read),
    },
  });
}

function get(options) {
  return navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: (options.allowCredentials ?? []).map(read) },
  });
}

const read = (one) => ({ ...one, id: bytes(one.id) });

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function letters(buffer) {
  if (!buffer) return undefined;
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function written(credential) {
  const { response } = credential;
  return {
    type: credential.type,
    id: credential.id,
    rawId: letters(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      clientDataJSON: letters(response.clientDataJSON),
      attestationObject: letters(response.attestationObject),
      transports: response.getTransports?.(),
      authenticatorData: letters(response.authenticatorData),
      signature: letters(response.signature),
      userHandle: letters(response.userHandle),
    },
  };
}
