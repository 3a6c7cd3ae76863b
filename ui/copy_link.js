// The button that copies the address of the page it is on.

const SAID_FOR_MS = 4000;

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
  return () => clearTimeout(fades);
}

function byHand(address) {
  const field = document.createElement("input");
  field.readOnly = true;
  field.value = address;
  field.setAttribute("aria-label", "The link to this page");
  field.onfocus = () => field.select();
  return ["Copy it from here:", field];
}
