// The picture: people and things on a canvas above the places, and the ways between places on one below.

const WALK = 170, LONGEST_WALK = 0.7, LONGEST_IN_MINUTES = 8; // pixels a second; of watching; of the day
const FLIGHT_SECONDS = 0.9, PULSE_SECONDS = 0.8, FADE_SECONDS = 0.5, FLASH_SECONDS = 1;
const MOST_EFFECTS = 300;
const RADIUS = 5.2;

function coloursOf(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return {
    ink: colour("text-color"), paper: colour("background-color"), edge: colour("border-color"),
    fine: colour("primary-color"), wrong: colour("red-color"), work: colour("orange-color"),
  };
}

/** Whether a colour like #FBFAF7 is dark, so that the browser's own slider can be drawn to match. */
function isDark(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.3 * red + 0.6 * green + 0.1 * blue < 128;
}

class Scene {
  constructor(data, places, root) {
    Object.assign(this, { data, places, root, sprites: new Map(), effects: [], flash: new Map(), latest: -1 });
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** Give every place the room that it needs, and find where it is. */
  measure() {
    const { frame, boxes, floors, back, front } = this.places;
    floors.forEach((floor, place) => {
      const layout = place < this.data.places.length ? rowsOf(this.data, place, floor.clientWidth) : workshopRows(floor.clientWidth);
      floor.style.height = `${layout.height}px`;
      this.places.layouts[place] = layout;
    });
    const origin = frame.getBoundingClientRect();
    const boxOf = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: left - origin.left, y: top - origin.top, width, height };
    };
    this.boxes = boxes.map(boxOf);
    this.floors = floors.map((floor, place) => ({ ...this.places.layouts[place], box: boxOf(floor) }));
    for (const canvas of [back, front]) {
      const scale = window.devicePixelRatio || 1;
      canvas.width = Math.round(origin.width * scale);
      canvas.height = Math.round(origin.height * scale);
      canvas.getContext("2d").setTransform(scale, 0, 0, scale, 0, 0);
    }
    this.size = { width: origin.width, height: origin.height };
    this.colours = coloursOf(this.root);
    this.root.style.colorScheme = isDark(this.colours.paper) ? "dark" : "light";
    this.drawWays();
  }

  drawWays() {
    const pen = this.places.back.getContext("2d");
    pen.clearRect(0, 0, this.size.width, this.size.height);
    Object.assign(pen, { strokeStyle: this.colours.ink, fillStyle: this.colours.ink, globalAlpha: 0.3, lineWidth: 1.5 });
    this.data.places.forEach(({ next }, place) => next.filter((to) => to !== place).forEach((to) => drawWay(pen, this.boxes[place], this.boxes[to])));
  }

  /** Show a state as it is, without anybody walking. */
  jump(state) {
    this.sprites.clear();
    this.flash.clear();
    this.effects = [];
    for (const person of state.people.values()) {
      this.sprites.set(person.visit, { ...standing(state, this.floors, person), path: [] });
    }
  }

  /** Let what has just happened be seen: whoever moves sets off, things fly, trouble flashes. */
  follow(state, event) {
    this.latest = event.visit;
    if (this.still.matches) return this.jump(state);
    const { kinds } = this.data, box = this.floors[event.place]?.box, sprite = this.sprites.get(event.visit);
    if (event.kind === kinds.arrives) {
      this.sprites.set(event.visit, { x: box.x - 6, y: box.y + box.height / 2, path: [] });
    } else if (event.kind === kinds.comes_to && sprite) {
      sprite.path.push({ x: box.x + Math.min(24, box.width / 3), y: box.y + box.height / 2 });
    } else if (event.kind === kinds.ends && sprite) {
      this.sprites.delete(event.visit);
      this.add({ kind: "goes", sprite, lasts: FADE_SECONDS, segment: this.data.segment[event.visit] });
    }
    if (event.wrong && sprite) {
      this.add({ kind: "pulse", sprite, lasts: PULSE_SECONDS });
      this.flash.set(event.place, FLASH_SECONDS);
    }
    this.fly(event, sprite);
  }

  fly({ kind, what, detail }, sprite) {
    const { kinds } = this.data, bay = this.bayOf(what), shop = this.workshopOf(what);
    if (kind === kinds.brings_back && sprite && bay) this.flight(sprite, bay, detail !== 0);
    if (kind === kinds.is_pulled && sprite && shop) this.flight(sprite, shop, true);
    if (kind === kinds.mended && bay && shop) this.flight(shop, bay, false);
  }

  bayOf(pool) {
    const place = this.data.places.findIndex((one) => one.pool === pool && pool >= 0);
    return place < 0 ? null : spotAt(this.floors[place].box, this.floors[place].rows.tokens, 0);
  }

  workshopOf(pool) {
    const place = this.places.workshops.get(this.data.pools[pool]?.workshop);
    return place === undefined ? null : spotAt(this.floors[place].box, this.floors[place].rows.tokens, 0);
  }

  flight(from, to, bad) {
    this.add({ kind: "flight", from: { x: from.x, y: from.y }, to, bad, lasts: FLIGHT_SECONDS });
  }

  /** Effects are shorter where the day passes fast. */
  add(effect) {
    const lasts = effect.lasts * Math.min(1, Math.max(0.3, 20 / this.data.speed));
    this.effects.push({ ...effect, lasts, age: 0 });
    if (this.effects.length > MOST_EFFECTS) this.effects.shift();
  }

  /** Move everybody on by so many seconds; whether anybody is still under way. */
  walk(state, seconds) {
    let moving = this.effects.length > 0 || this.flash.size > 0;
    const hurry = Math.min(LONGEST_WALK, LONGEST_IN_MINUTES / this.data.speed);
    for (const person of state.people.values()) {
      const sprite = this.sprites.get(person.visit);
      if (!sprite) continue;
      const goal = standing(state, this.floors, person);
      sprite.fits = goal.fits;
      moving = stepTowards(sprite, [...sprite.path, goal], seconds, hurry) || moving;
    }
    this.effects.forEach((effect) => (effect.age += seconds));
    this.effects = this.effects.filter((effect) => effect.age < effect.lasts);
    this.flash.forEach((left, place) => (left > seconds ? this.flash.set(place, left - seconds) : this.flash.delete(place)));
    return moving;
  }

  draw(state) {
    const pen = this.places.front.getContext("2d"), { data, colours } = this;
    pen.clearRect(0, 0, this.size.width, this.size.height);
    data.places.forEach((place, at) => this.drawPlace(pen, state, place, at));
    this.places.workshops.forEach((place, resource) => this.drawWorkshop(pen, state, place, resource));
    for (const person of state.people.values()) {
      const sprite = this.sprites.get(person.visit);
      if (sprite && (sprite.fits !== false || sprite.path.length)) {
        drawPerson(pen, colours, sprite, person, data.segment[person.visit], person.visit === this.latest);
      }
    }
    this.effects.forEach((effect) => drawEffect(pen, colours, effect));
    this.places.boxes.forEach((box, place) => box.classList.toggle("trouble", this.flash.has(place)));
  }

  drawPlace(pen, state, { pool, resource }, place) {
    const { box, rows } = this.floors[place];
    if (pool >= 0) drawTokens(pen, this.colours, box, rows.tokens, state.stocks[pool].slice(0, 2));
    if (resource >= 0) {
      const { servers } = this.data.resources[resource];
      const taken = servers - busyElsewhere(this.data, state, place);
      for (let seat = 0; seat < Math.min(servers, rows.seats.spots); seat++) {
        drawSeat(pen, this.colours, spotAt(box, rows.seats, seat), seat >= taken);
      }
      this.drawMore(pen, box, rows.queue, state.queues[place].length);
    }
    this.drawMore(pen, box, rows.floor, present(state.floors[place]));
  }

  drawMore(pen, box, row, count) {
    if (count <= row.spots) return;
    const { x, y } = spotAt(box, row, row.spots - 1);
    const said = `+${count - row.spots + 1}`;
    Object.assign(pen, { font: `600 11px ${getComputedStyle(this.root).fontFamily}`, textAlign: "right", textBaseline: "middle" });
    const width = pen.measureText(said).width + 4;
    pen.fillStyle = this.colours.paper;
    pen.fillRect(x + 7 - width, y - 7, width, 14);
    pen.fillStyle = this.colours.ink;
    pen.fillText(said, x + 6, y);
  }

  drawWorkshop(pen, state, place, resource) {
    const { box, rows } = this.floors[place];
    const broken = this.data.pools.reduce((sum, pool, at) => sum + (pool.workshop === resource ? state.stocks[at][2] : 0), 0);
    drawTokens(pen, this.colours, box, rows.tokens, [0, broken]);
    this.drawMore(pen, box, rows.tokens, broken);
  }
}

/** Walk along a path, in no more than so many seconds; points reached are dropped. Whether there was some way to go. */
function stepTowards(sprite, path, seconds, hurry) {
  let at = sprite, length = 0;
  for (const point of path) {
    length += Math.hypot(point.x - at.x, point.y - at.y);
    at = point;
  }
  let left = Math.max(WALK, length / hurry) * seconds;
  for (const point of path) {
    const far = Math.hypot(point.x - sprite.x, point.y - sprite.y);
    const share = far <= left ? 1 : left / far;
    sprite.x += (point.x - sprite.x) * share;
    sprite.y += (point.y - sprite.y) * share;
    if (share < 1) break;
    left -= far;
    sprite.path.shift(); // the last point is no part of it
  }
  return length > 0.5;
}
