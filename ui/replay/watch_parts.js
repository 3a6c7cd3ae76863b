// The elements of the player. Whatever a scenario's author wrote gets in as text, never as markup.

const LOG_LINES = 4;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children); // strings become text
  return element;
}

function makeControls(data) {
  const button = (name, label, icon, key) =>
    make("button", { type: "button", class: name, title: key }, make("span", { "aria-hidden": "true" }, icon), ` ${label}`);
  const speed = make("select", { class: "speed" });
  for (const one of data.speeds) speed.append(make("option", { value: one }, `${one}×`));
  speed.value = data.speed;
  const controls = {
    play: button("play", "Play", "▶", "Space"),
    back: button("back", "Back", "◀", "Arrow left: the event before"),
    next: button("next", "Next", "▶|", "Arrow right: the next event"),
    trouble: button("to-trouble", "Next trouble", "✕", "Shift and arrow right: the next thing that goes wrong"),
    speed,
    clock: make("p", { class: "clock" }),
    when: make("input", { type: "range", class: "when", min: data.opens, max: data.closes, step: 1, "aria-label": "Time" }),
  };
  const label = make("label", {}, "Speed ", speed);
  label.title = "1× shows a minute in a second";
  const buttons = make("div", { class: "buttons" }, controls.play, controls.back, controls.next, controls.trouble, label);
  controls.bar = make("div", { class: "bar" }, controls.clock, buttons, controls.when);
  return controls;
}

function makeCounters(data) {
  const figures = new Map();
  const list = make("dl", { class: "counters" });
  for (const [name, label] of countersOf(data)) {
    const figure = make("dd");
    list.append(make("div", {}, make("dt", {}, label), figure));
    figures.set(name, figure);
  }
  return { list, figures };
}

function countersOf(data) {
  const lent = data.pools.length > 0, queues = data.places.some((place) => place.resource >= 0);
  return [
    ["now", "Here now"],
    ...(queues ? [["waiting", "Waiting"]] : []),
    ["came", "Came so far"],
    ["wrong", "Things gone wrong"],
    ...(lent ? [["none", "Found none left"], ["refused", "Reports refused"]] : []),
    ["spent", "Spent so far"],
    ["lost", "Lost so far"],
    ["gone", "Left for good"],
  ];
}

function figuresOf(data, state) {
  const { counts } = state;
  const waiting = state.queues.reduce((sum, queue) => sum + queue.length, 0);
  return { ...counts, now: state.people.size, waiting, spent: moneyOf(data, counts.spent), lost: moneyOf(data, counts.lost) };
}

function makeFrame(data) {
  const places = { boxes: [], floors: [], notes: [], layouts: [], workshops: new Map() };
  const stages = make("div", { class: "stages" });
  const saysMuch = (place) => data.places[place].pool >= 0 || data.places[place].resource >= 0;
  for (const stage of data.stages) {
    stages.append(makeStage(stage.label, stage.places.map((place) => [place, data.places[place].label]), places, saysMuch));
  }
  let place = data.places.length;
  const workshops = [...new Set(data.pools.map((pool) => pool.workshop))];
  if (workshops.length) {
    const rooms = workshops.map((resource) => [place++, data.resources[resource].label, resource]);
    stages.append(makeStage("Repair", rooms, places, () => false));
    rooms.forEach(([at, , resource]) => places.workshops.set(resource, at));
  }
  places.back = make("canvas", { class: "back", "aria-hidden": "true" });
  places.front = make("canvas", { class: "front", "aria-hidden": "true" });
  const about = `${data.title}: the journey, with who and what is where. Space plays and stops, arrow keys step.`;
  places.frame = make("div", { class: "frame", tabindex: 0, role: "group", "aria-label": about }, places.back, stages, places.front);
  places.frame.style.setProperty("--stages", stages.children.length);
  return places;
}

function makeStage(label, rooms, places, isLong) {
  const list = make("div", { class: "rooms" });
  for (const [place, name] of rooms) {
    const floor = make("div", { class: "floor" });
    const note = make("p", { class: isLong(place) ? "note long" : "note" });
    const box = make("div", { class: "place" }, make("p", { class: "name" }, name), note, floor);
    places.boxes[place] = box;
    places.floors[place] = floor;
    places.notes[place] = note;
    list.append(box);
  }
  return make("section", { class: "stage" }, make("p", { class: "stage-name" }, label), list);
}

/** What a place holds, in words. */
function noteOf(data, state, place) {
  const { pool, resource } = data.places[place], said = [];
  const about = present(state.floors[place]);
  if (pool >= 0) said.push(stockNote(data.pools[pool], state.stocks[pool]));
  if (resource >= 0) {
    const { label, servers } = data.resources[resource];
    const busy = present(state.seats[place]) + busyElsewhere(data, state, place);
    said.push(`${label}: ${busy} of ${servers} busy`, `${state.queues[place].length} waiting`);
  }
  if (about || !said.length) said.push(`${about} here`);
  return said.join(" · ");
}

function stockNote(pool, stock) {
  const [sound, faulty] = stock;
  return `${pool.label}: ${sound + faulty} in line${faulty ? `, ${faulty} of them faulty` : ""} · ${lentOut(pool, stock)} out`;
}

function workshopNote(data, state, resource) {
  const broken = data.pools.reduce((sum, pool, at) => sum + (pool.workshop === resource ? state.stocks[at][2] : 0), 0);
  return `${broken} at repair`;
}

/** What the shapes mean, each drawn as in the picture. */
function makeLegend(data, colours) {
  const fine = { wrong: false, speaks: false, holds: -1, bad: false };
  const people = data.segments.map((label, segment) => [label, (pen, at) => drawPerson(pen, colours, at, fine, segment)]);
  const marks = [
    ["hollow: something went wrong", (pen, at) => drawPerson(pen, colours, at, { ...fine, wrong: true }, 0)],
    ["with a dot: will speak up", (pen, at) => drawPerson(pen, colours, at, { ...fine, wrong: true, speaks: true }, 0)],
  ];
  if (data.pools.length) {
    const things = data.pools.map((pool) => pool.label).join(", ");
    marks.push([`${things}: sound`, (pen, at) => drawToken(pen, colours, at, false)]);
    marks.push([`${things}: faulty`, (pen, at) => drawToken(pen, colours, at, true)]);
  }
  if (data.resources.length) marks.push(["somebody who serves", (pen, at) => drawSeat(pen, colours, at, false)]);
  const list = make("ul", { class: "legend", "aria-label": "What the shapes mean" });
  for (const [label, draw] of [...people, ...marks]) {
    const canvas = make("canvas", { width: 36, height: 36, "aria-hidden": "true" }), pen = canvas.getContext("2d");
    pen.scale(2, 2);
    draw(pen, { x: 9, y: 9 });
    list.append(make("li", {}, canvas, label));
  }
  return list;
}

/** The latest events, newest first. */
function tell(log, data, done) {
  const lines = [], several = data.days.length > 1;
  for (let number = done - 1; number >= Math.max(0, done - LOG_LINES); number--) {
    const { when, said } = sentenceOf(data, number, several);
    const line = make("li", data.wrong[number] ? { class: "wrong" } : {}, make("span", { class: "time" }, when), ` ${said}`);
    if (data.wrong[number]) line.prepend(make("span", { class: "mark", role: "img", "aria-label": "Went wrong:" }, "✕ "));
    lines.push(line);
  }
  log.replaceChildren(...lines);
}
