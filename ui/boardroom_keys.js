// Keys and full screen for whoever presents. Presenters' remote controls send PageDown and PageUp; keyboards, arrows.
const STEPS = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 };
const USES_KEYS = 'input, textarea, select, [role="slider"], [contenteditable="true"]';
const PRESSED_BY_SPACE = "button, a, summary";
const ears = new WeakMap();

export default function ({ parentElement, setTriggerValue }) {
  ears.get(parentElement)?.abort(); // where the theme changes, Streamlit calls again and ends nothing
  const ear = new AbortController();
  ears.set(parentElement, ear);
  const press = (event) => {
    const at = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || at.closest?.(USES_KEYS)) return;
    if (event.key === " " && at.closest?.(PRESSED_BY_SPACE)) return;
    if (event.key === "Escape") setTriggerValue("go", 0);
    else if (event.key in STEPS) setTriggerValue("go", STEPS[event.key]);
    else return;
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
