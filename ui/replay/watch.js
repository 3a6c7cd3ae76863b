// The player: a clock that runs over the events of a stretch, the buttons that move it, and the keys that do the same.

const MOST_SECONDS_A_FRAME = 0.1; // a page that was hidden goes on where it was
const QUIET_SECONDS = 1.5, BEFORE_SECONDS = 0.4; // of watching nothing; then on to just before the next event
const NOTES_EACH_MS = 150, SAID_EACH_MS = 6000;
const players = new WeakMap();

class Player {
  constructor(data, parent) {
    this.data = data;
    this.parts = this.build(parent);
    this.scene = new Scene(data, this.parts.places, this.parts.root);
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(this.parts.places.frame);
    this.listen();
    this.playing = false;
    this.seek(this.beginning());
    this.fit();
  }

  build(parent) {
    const controls = makeControls(this.data), counters = makeCounters(this.data), places = makeFrame(this.data);
    const log = make("ol", { class: "log", "aria-label": "What just happened" });
    const live = make("p", { class: "live", "aria-live": "polite" });
    const root = parent.querySelector(".watch");
    root.replaceChildren(controls.bar, log, counters.list, places.frame, live);
    const legend = makeLegend(this.data, coloursOf(root));
    root.insertBefore(legend, live);
    return { root, controls, figures: counters.figures, places, log, live, legend };
  }

  /** A little before the first thing that goes wrong, so that there is something to see. */
  beginning() {
    const first = this.data.wrong.findIndex((wrong, number) => wrong && this.data.minute[number] >= 0);
    return first < 0 ? this.data.opens : Math.max(this.data.opens, this.data.minute[first] - 2 * this.data.speed);
  }

  listen() {
    const { play, back, next, trouble, speed, when } = this.parts.controls;
    play.onclick = () => this.toggle();
    back.onclick = () => this.step(-1);
    next.onclick = () => this.step(+1);
    trouble.onclick = () => this.toTrouble();
    speed.onchange = () => (this.data.speed = Number(speed.value));
    when.oninput = () => this.seek(Number(when.value));
    this.parts.root.onkeydown = (event) => this.key(event);
  }

  key(event) {
    const on = event.target.tagName; // buttons, the slider and the list of speeds keep the keys that are theirs
    if (event.ctrlKey || event.metaKey || event.altKey || on === "SELECT") return;
    if (event.key === " " && on !== "BUTTON") this.toggle();
    else if (event.key === "ArrowRight" && on !== "INPUT") event.shiftKey ? this.toTrouble() : this.step(+1);
    else if (event.key === "ArrowLeft" && on !== "INPUT") this.step(-1);
    else return;
    event.preventDefault();
  }

  // ---- moving ------------------------------------------------------------------------------------

  toggle(playing = !this.playing) {
    if (playing && this.minute >= this.data.closes) this.seek(this.data.opens);
    this.playing = playing;
    const { play } = this.parts.controls;
    play.replaceChildren(make("span", { "aria-hidden": "true" }, playing ? "❚❚" : "▶"), playing ? " Pause" : " Play");
    this.before = undefined;
    this.report();
    this.wake();
  }

  /** Be at a minute at once. */
  seek(minute) {
    this.minute = minute;
    this.state = stateAfter(this.data, eventsBy(this.data, minute));
    this.show();
  }

  step(by) {
    this.toggle(false);
    const { data, state } = this;
    if (by < 0) {
      const done = Math.max(eventsBy(data, Math.max(data.opens, 0) - 1e-9), state.done - 1);
      this.state = stateAfter(data, done);
      this.scene.latest = done ? data.visit[done - 1] : -1;
      this.minute = done ? Math.max(data.minute[done - 1], data.opens) : data.opens;
      this.show();
    } else if (state.done < data.minute.length) {
      this.advance(state.done + 1);
      this.minute = Math.max(data.minute[state.done - 1], data.opens);
      this.report();
      this.wake();
    }
    this.say(true);
  }

  toTrouble() {
    const { data } = this;
    const trouble = data.wrong.findIndex((wrong, number) => wrong && number >= this.state.done);
    if (trouble < 0) {
      this.toggle(false);
      this.parts.live.textContent = "Nothing more goes wrong.";
      return;
    }
    this.seek(Math.max(data.opens, data.minute[trouble]));
    this.state = stateAfter(data, trouble);
    this.scene.jump(this.state);
    this.step(+1);
  }

  /** Let events happen, seen, until so many have. */
  advance(done) {
    while (this.state.done < done) {
      happen(this.data, this.state);
      this.scene.follow(this.state, eventOf(this.data, this.state.done - 1));
    }
  }

  play(seconds) {
    const { data } = this, { speed } = data;
    const next = data.minute[this.state.done] ?? data.closes;
    if (next - this.minute > QUIET_SECONDS * speed && !this.moving) this.minute = next - BEFORE_SECONDS * speed;
    this.minute = Math.min(this.minute + seconds * speed, data.closes);
    this.advance(eventsBy(data, this.minute));
    if (this.minute >= data.closes) this.toggle(false);
  }

  // ---- showing -----------------------------------------------------------------------------------

  wake() {
    this.frame ??= requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    this.frame = undefined;
    const seconds = Math.min((now - (this.before ?? now)) / 1000, MOST_SECONDS_A_FRAME);
    this.before = now;
    if (this.playing) this.play(seconds);
    this.moving = this.scene.walk(this.state, seconds);
    this.scene.draw(this.state);
    if (this.playing && now - (this.reported ?? 0) > NOTES_EACH_MS) {
      this.reported = now;
      this.report();
      this.say(false);
    }
    if (this.playing || this.moving) this.wake();
    else this.report();
  }

  /** Everything as it is, nobody walking. */
  show() {
    if (this.scene.floors) {
      this.scene.jump(this.state);
      this.scene.draw(this.state);
    }
    this.report();
  }

  /** The clock, the figures and the notes. */
  report() {
    const { data, state, parts } = this, { controls, places } = parts;
    controls.clock.textContent = clockOf(data, this.minute);
    controls.when.value = this.minute;
    controls.when.setAttribute("aria-valuetext", clockOf(data, this.minute));
    const figures = figuresOf(data, state);
    parts.figures.forEach((element, name) => (element.textContent = figures[name]));
    data.places.forEach((_, place) => (places.notes[place].textContent = noteOf(data, state, place)));
    places.workshops.forEach((place, resource) => (places.notes[place].textContent = workshopNote(data, state, resource)));
    if (this.told !== state.done) tell(parts.log, data, state.done);
    this.told = state.done;
  }

  /** To those who listen: each step, and now and then while playing. */
  say(always) {
    const now = performance.now();
    if (!this.state.done || (!always && now - (this.said ?? -Infinity) < SAID_EACH_MS)) return;
    this.said = now;
    const { when, said } = sentenceOf(this.data, this.state.done - 1, this.data.days.length > 1);
    this.parts.live.textContent = `${when}. ${said}`;
  }

  /** Measure again: the page has another width, some words another height, or the theme other colours. */
  fit() {
    const { width } = this.scene.size ?? {};
    this.scene.measure();
    const legend = makeLegend(this.data, coloursOf(this.parts.root));
    this.parts.legend.replaceWith(legend);
    this.parts.legend = legend;
    if (this.scene.size.width !== width) this.scene.jump(this.state);
    this.scene.draw(this.state);
  }

  end() {
    cancelAnimationFrame(this.frame);
    this.watcher.disconnect();
  }
}

export default function ({ data, parentElement }) {
  const player = playerOf(data, parentElement);
  const call = (player.call = {});
  return () => {
    if (player.call !== call) return; // Streamlit may end a call after the one that overtook it has begun
    player.end();
    players.delete(parentElement);
  };
}

/** The one that plays this stretch already, where only the theme or the width is another; or a new one. */
function playerOf(data, parentElement) {
  const before = players.get(parentElement);
  if (before?.data.name === data.name) {
    before.fit();
    return before;
  }
  before?.end();
  const player = new Player(data, parentElement);
  players.set(parentElement, player);
  return player;
}
