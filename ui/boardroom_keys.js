// Keys and full screen for whoever presents. Presenters' remote controls send PageDown and PageUp; keyboards, arrows.
const STEPS = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 };
const USES_KEYS = 'input, textarea, select, [role="slider"], [contenteditable="true"]';
const PRESSED_BY_SPACE = "button, a, summary";
const ears = new WeakMap();

export default function ({ parentElement, setStateValue }) {
  const before = ears.get(parentElement);
  before?.ear.abort(); // where the theme changes, Streamlit calls again and ends nothing
  const ear = new AbortController();
  // All that was pressed so far, so that of keys pressed while the page is drawn again none is lost.
  const pressed = before?.pressed ?? { since: Date.now(), steps: 0, left: false };
  ears.set(parentElement, { ear, pressed });
  const press = (event) => {
    const at = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || at.closest?.(USES_KEYS)) return;
    if (event.key === " " && at.closest?.(PRESSED_BY_SPACE)) return;
    if (event.key === "Escape") pressed.left = true;
    else if (event.key in STEPS) pressed.steps += STEPS[event.key];
    else return;
    setStateValue("pressed", { ...pressed });
    event.preventDefault();
  };
  const button = parentElement.querySelector("button");
  const page = document.documentElement;
  button.hidden = !document.fullscreenEnabled;
  button.onclick = () => {
    const turned = document.fullscreenElement ? document.exitFullscreen() : page.requestFullscreen();
    turned.catch(() => { button.hidden = true; });
  };
  document.addEventListener("keydown", press, { signal: ear.signal });
  return () => ear.abort();
}
