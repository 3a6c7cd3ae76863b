// An estimate that follows the hand on Streamlit's own sliders, drawn in the frame in which they move.

const SETTLES_MS = 600; // nothing is read out before a hand rests
const LINGERS_MS = 4000; // what was simulated stays at the edge of a small screen
const KEYS = /^(Arrow|Page|Home|End)/;
const KEPT = ["held", "grip", "move", "isUp"];
const SENTENCE = ".st-key-sentence, .st-key-boardroom-sentence";
const NARROW = "(max-width: 768px)";
const PLOT = { left: 8, right: 312, top: 16, bottom: 74, words: 92 };
const places = new WeakMap();
let latest; // Streamlit may put another in the place of one that is being used: it goes on from there

export default function ({ data, parentElement }) {
  const place = places.get(parentElement) ?? begin(parentElement);
  const call = (place.call = {});
  place.renew(data);
  return () => {
    if (place.call !== call) return; // Streamlit may end a call after the one that overtook it has begun
    place.end();
    places.delete(parentElement);
  };
}

function isOnThePage(lever) {
  return document.querySelector("." + CSS.escape(lever.class)) !== null;
}

function begin(root) {
  const place = new Place(root);
  places.set(root, place);
  return place;
}

class Place {
  /**
   * `held` is the class of the lever taken hold of, until something else is; its `grip` is "taken", then "moving", then
   * let go. `move` is where a hand put a lever, and what was estimated of it there.
   */
  constructor(root) {
    this.box = root.querySelector("section");
    for (const known of KEPT) this[known] = latest?.[known];
    latest = this;
    this.observer = new MutationObserver((changes) => changes.forEach(({ target }) => this.moved(target)));
    this.observer.observe(document.body, { subtree: true, attributeFilter: ["value", "aria-valuetext"] });
    this.ears = new AbortController();
    const listen = (kind, heard) =>
      document.addEventListener(kind, heard, { capture: true, signal: this.ears.signal });
    listen("pointerdown", ({ target }) => this.taken(this.leverOf(target)));
    listen("keydown", ({ target, key }) => this.taken(KEYS.test(key) ? this.leverOf(target) : undefined));
    for (const kind of ["pointerup", "pointercancel", "keyup"]) listen(kind, () => this.letGo());
  }

  renew(data) {
    this.data = data;
    this.draw();
  }

  /** "idle"; "moving" in a hand; "waiting" for the simulation of where it was let go; "told" what that says. */
  get phase() {
    const { data, move } = this;
    const lever = this.lever(move?.at);
    if (!lever) return "idle";
    if (this.grip === "moving") return "moving";
    const isWhereLeft = (number) => placeOn(lever, number) === placeOn(lever, move.hand);
    const slider = document.querySelector(`.${CSS.escape(lever.class)} input[type=range]`);
    const isChanged = lever.beside !== move.beside || (slider && !isWhereLeft(slider.value));
    if (isChanged) return "idle"; // by something else than the hand
    if (!isWhereLeft(lever.stands)) return "waiting";
    if (!data.finished && (data.soFar || !data.headline.now)) return "waiting";
    return data.headline.now ? "told" : "idle";
  }

  leverOf(target) {
    return this.data?.levers.find((lever) => target.closest?.("." + CSS.escape(lever.class)));
  }

  lever(name) {
    return this.data.levers.find((lever) => lever.class === name);
  }

  taken(lever) {
    if (!lever && this.grip) return; // another finger, or a key beside the hand
    this.held = lever?.class;
    this.grip = lever && "taken";
  }

  // The last of a move may be drawn after the hand has let go: what is held stays so until something else is pressed.
  moved(input) {
    const lever = input.type === "range" && this.leverOf(input);
    if (!lever) return;
    if (lever.class === this.held) this.follow(lever, input);
    if (lever.class === this.move?.at) this.draw();
  }

  follow(lever, input) {
    const hand = Math.min(Number(input.value), lever.range[1]); // Streamlit's slider may overstep its end a little
    const before = this.move?.at === lever.class ? this.move.hand : lever.stands;
    if (this.grip !== "moving" && placeOn(lever, hand) === placeOn(lever, before)) return; // taken hold of, no more
    this.grip &&= "moving";
    const said = input.getAttribute("aria-valuetext");
    this.move = { at: lever.class, hand, said, guess: between(lever.points, hand), beside: lever.beside };
  }

  letGo() {
    const wasMoving = this.grip === "moving";
    this.grip = undefined;
    if (wasMoving) this.draw();
  }

  draw() {
    const phase = this.phase;
    if (phase === "idle") this.move = undefined; // nor does it come back with Redo
    const levers = this.data.levers;
    const drawn = levers.filter((one) => one.points.length);
    const lever = this.lever(this.move?.at) ?? drawn.find(isOnThePage) ?? drawn[0] ?? levers[0];
    this.box.hidden = !lever;
    if (!lever) return;
    this.say(phase, sentence(this.data, lever, phase, this.move));
    picture(this.box.querySelector("svg"), this.data, lever, this.move?.hand ?? lever.stands);
    this.box.dataset.phase = phase;
    document.querySelector(SENTENCE)?.toggleAttribute("data-outdated", /moving|waiting/.test(phase));
    this.float(phase);
  }

  say(phase, { label, text, note }) {
    const [b, span, small] = this.box.querySelectorAll(".said > *");
    [b.textContent, span.textContent, small.textContent] = [label, text, note];
    clearTimeout(this.rests);
    if (phase === "idle") return;
    this.rests = setTimeout(() => (this.box.querySelector(".heard").textContent = `${label} ${text} ${note}`), SETTLES_MS);
  }

  // On a phone the sliders hide the page: what it says comes to the edge of the screen that the hand is not at.
  float(phase) {
    if (!this.box.showPopover) return;
    const stays = phase === "told" ? this.isUp : phase !== "idle";
    clearTimeout(this.sinks);
    if (phase === "told") this.sinks = setTimeout(() => this.sink(), LINGERS_MS);
    if (!stays || !matchMedia(NARROW).matches) return this.sink();
    const slider = document.querySelector("." + CSS.escape(this.move.at))?.getBoundingClientRect();
    this.box.classList.toggle("above", slider?.top > window.innerHeight / 2);
    this.isUp = true;
    if (this.box.popover) return;
    this.box.popover = "manual";
    this.box.showPopover();
  }

  sink() {
    this.isUp = false;
    this.box.popover = null;
  }

  end() {
    this.observer.disconnect();
    this.ears.abort();
    clearTimeout(this.rests);
    clearTimeout(this.sinks);
    if (latest === this) document.querySelector(SENTENCE)?.removeAttribute("data-outdated");
  }
}

/** Which of its slider's places a number is: a lever may stand between two, where its slider shows the nearer. */
function placeOn({ range: [least, most], step }, number) {
  return Math.round((Math.min(number, most) - least) / step);
}

// ---- what is said ----------------------------------------------------------------------------------------------

function sentence(data, lever, phase, { said, guess } = {}) {
  const rough = `From ${data.weeks} weeks, one run at each point: no interval.`;
  if (!data.weeks && (phase === "idle" || phase === "moving")) {
    const text = "this scenario is too large for an estimate while you drag.";
    return { label: "Let go to simulate:", text, note: "" };
  }
  if (phase === "idle") {
    const curve = lever.points.length ? `The curve: ${data.headline.label} by ${lever.label}. ` : "";
    return { label: "Drag a slider:", text: "an estimate follows your hand here.", note: curve + (curve && rough) };
  }
  const where = `with ${lever.label} at ${said}`;
  if (phase === "moving") {
    if (!guess) return { label: "Its curve is on its way:", text: `${where}.`, note: "Let go to simulate it." };
    return {
      label: "Estimate while you drag:",
      text: `${where}, ${effects(data, guess).join(", and ")}.`,
      note: `${rough} Between points, a straight line. Let go to simulate ${data.all} weeks.`,
    };
  }
  const before = guess ? `Estimated: ${effects(data, guess, false).join(", and ")}.` : "";
  if (phase === "waiting") return { label: "Simulating:", text: `${where}.`, note: before };
  const soFar = data.soFar ? ` So far from ${data.soFar} weeks.` : "";
  return { label: "Simulated:", text: `${where}, ${confirmed(data).join(", and ")}.${soFar}`, note: before };
}

function effects(data, [measured, more], beside = true) {
  const { headline } = data;
  const asIs = beside && headline.asIs ? ` (as it is ${headline.asIs.said})` : "";
  const known = headline.isWorth || measured === null ? [] : [`${headline.label} about ${about(data, measured)}${asIs}`];
  return more === null ? known : [...known, worth(data, more, "about ", 2)];
}

function confirmed(data) {
  const { headline } = data;
  const known = headline.isWorth || !headline.now ? [] : [`${headline.label} ${headline.now.said}${headline.each}`];
  return data.worth === null ? known : [...known, worth(data, data.worth, "", 15)];
}

function worth(data, more, how, digits) {
  const size = rounded(Math.abs(more), digits, 0);
  if (size === "0") return `${data.worthLabel} as it is`;
  return `${data.worthLabel} ${how}${data.money}${size} a year ${more < 0 ? "lower" : "higher"}`;
}

function about({ headline, money }, value) {
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (headline.kind === "percent") return `${sign}${rounded(size * 100, 3, 1)}%`;
  return `${sign}${headline.kind === "money" ? money : ""}${rounded(size, 3, size < 100 ? 2 : 0)}${headline.each}`;
}

function rounded(size, digits, decimals) {
  const few = size && Number(size.toPrecision(digits));
  return few.toLocaleString("en-GB", { maximumFractionDigits: decimals });
}

// ---- the curve -------------------------------------------------------------------------------------------------

function between(points, x) {
  const above = points.findIndex((point) => point[0] >= x);
  if (above < 0 || (above === 0 && points[0][0] !== x)) return null;
  const [x1, ...after] = points[above];
  if (x1 === x) return after;
  const [x0, ...before] = points[above - 1];
  const mixed = (y0, y1) => (y0 === null || y1 === null ? null : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0));
  return after.map((y1, i) => mixed(before[i], y1));
}

function picture(svg, data, lever, hand) {
  const points = lever.points.filter((point) => point[1] !== null);
  const guess = between(lever.points, hand);
  const asIs = data.headline.asIs?.value;
  svg.replaceChildren();
  svg.setAttribute("aria-label", `${data.headline.label} by ${lever.label}, an estimate`);
  if (points.length < 2) return;
  const levels = [...points.map((point) => point[1]), ...(asIs == null ? [] : [asIs])];
  const x = scale(lever.range, [PLOT.left, PLOT.right]);
  const y = scale([Math.min(...levels), Math.max(...levels)], [PLOT.bottom, PLOT.top]);
  if (asIs != null) draw(svg, "line", { class: "as-is", x1: PLOT.left, x2: PLOT.right, y1: y(asIs), y2: y(asIs) });
  draw(svg, "line", { class: "as-is", x1: x(lever.asIs), x2: x(lever.asIs), y1: PLOT.top, y2: PLOT.bottom });
  draw(svg, "polyline", { class: "curve", points: points.map((point) => `${x(point[0])},${y(point[1])}`).join(" ") });
  for (const point of points) draw(svg, "circle", { class: "point", cx: x(point[0]), cy: y(point[1]), r: 2.5 });
  draw(svg, "text", { x: PLOT.left, y: PLOT.words }, lever.ends[0]);
  draw(svg, "text", { x: PLOT.right, y: PLOT.words, "text-anchor": "end" }, lever.ends[1]);
  if (!guess || guess[0] === null) return;
  draw(svg, "circle", { class: "hand", cx: x(hand), cy: y(guess[0]), r: 6 });
  const isRight = x(hand) <= 160; // the side with more room
  const isAbove = isRight !== rises(points, hand); // the curve is on the other side of the hand there
  const words = { class: "about", x: x(hand) + (isRight ? 10 : -10), "text-anchor": isRight ? "start" : "end" };
  draw(svg, "text", { ...words, y: Math.max(y(guess[0]) + (isAbove ? -9 : 20), 11) }, about(data, guess[0]));
}

function rises(points, x) {
  const above = Math.max(points.findIndex((point) => point[0] > x), 1);
  return points[above][1] > points[above - 1][1];
}

function scale([from, to], [low, high]) {
  return (value) => (to === from ? (low + high) / 2 : low + ((value - from) / (to - from)) * (high - low));
}

function draw(svg, kind, attributes, words = "") {
  const part = document.createElementNS("http://www.w3.org/2000/svg", kind);
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  part.textContent = words;
  svg.append(part);
}
