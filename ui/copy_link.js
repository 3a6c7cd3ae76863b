// The button that copies the address of the page it is on, and the keys for Undo and Redo in the same row.

const SAID_FOR_MS = 4000;
const TYPED_IN = "textarea, select, input:not([type=range], [type=checkbox], [type=radio], [type=button])";
const ears = new WeakMap();
const MODAL = '[data-testid="stDialog"], [aria-modal="true"]';

export default function ({ parentElement }) {
  const button = parentElement.querySelector("button");
  const said = parentElement.querySelector("[role=status]");
  let fades;

  button.onclick = async () => {
    clearTimeout(fades);
    const address = window.location.href;
    try {
      await navigator.clipboard.writeText(address); // missing on plain http, and may be refused
      said.textContent = "Copied";
      fades = setTimeout(() => (said.textContent = ""), SAID_FOR_MS);
    } catch {
      said.replaceChildren(...byHand(address));
      said.querySelector("input").select();
    }
  };
  ears.get(parentElement)?.abort(); // where the theme changes, Streamlit calls again and ends nothing
  const ear = new AbortController();
  ears.set(parentElement, ear);
  document.addEventListener("keydown", stepByKey, { signal: ear.signal });
  return () => {
    clearTimeout(fades);
    ear.abort();
  };
}

function stepByKey(event) {
  const step = stepOf(event);
  const at = event.composedPath()[0]; // inside a component of its own the target would be its host
  if (!step || event.defaultPrevented || at.isContentEditable || at.matches?.(TYPED_IN)) return;
  if (document.querySelector(MODAL)) return;
  event.preventDefault();
  document.querySelector(`.st-key-history-bar [class*="st-key-${step}-"] button`)?.click();
}

function stepOf({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  if (altKey || !(ctrlKey || metaKey)) return null;
  const pressed = key.toLowerCase();
  if (pressed === "z") return shiftKey ? "redo" : "undo";
  return pressed === "y" && !shiftKey ? "redo" : null;
}

function byHand(address) {
  const field = document.createElement("input");
  field.readOnly = true;
  field.value = address;
  field.setAttribute("aria-label", "The link to this page");
  field.onfocus = () => field.select();
  return ["Copy it from here:", field];
}
