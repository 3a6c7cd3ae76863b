// What is so after a number of events: who is where and what they do there, and how the things stand.

const FAULTY_TAKEN = 1;
const HERE = "here", WAITS = "waits", SERVED = "served";

function stateAtStart(data) {
  return {
    done: 0, // so many events have happened
    people: new Map(),
    floors: data.places.map(() => []), // visits by the spot they stand on; null where nobody does
    queues: data.places.map(() => []), // visits in order of their turn
    seats: data.places.map(() => []), // visits by the server they are served by; null where nobody is
    stocks: data.pools.map((pool) => [...pool.stock]), // in line sound, in line faulty, at repair
    counts: { came: 0, wrong: 0, none: 0, refused: 0, gone: 0, spent: 0, lost: 0 },
  };
}

function stateAfter(data, events) {
  const state = stateAtStart(data);
  while (state.done < events) happen(data, state);
  return state;
}

/** Events that have happened by a minute. */
function eventsBy(data, minute) {
  let low = 0, high = data.minute.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (data.minute[middle] <= minute) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Let the next event happen. */
function happen(data, state) {
  const event = eventOf(data, state.done++);
  const counted = event.visit >= 0 && data.counted[event.visit] === 1;
  if (counted) count(data.kinds, state.counts, event);
  if (event.kind === data.kinds.stays_away) state.counts.gone++; // with no visit to count it by
  if (event.minute >= 0) moveThings(data.kinds, state.stocks, event);
  if (event.visit >= 0) movePerson(data.kinds, state, event);
}

function eventOf(data, number) {
  const event = { number };
  for (const name of ["minute", "kind", "visit", "place", "what", "detail", "wrong", "spent", "lost"]) {
    event[name] = data[name][number];
  }
  return event;
}

function count(kinds, counts, event) {
  if (event.kind === kinds.arrives) counts.came++;
  if (event.kind === kinds.fails) counts.wrong++;
  if (event.kind === kinds.finds_none) counts.none++;
  if (event.kind === kinds.is_refused) counts.refused++;
  if (event.kind === kinds.leaves_for_good) counts.gone++;
  counts.spent += event.spent;
  counts.lost += event.lost;
}

function moveThings(kinds, stocks, { kind, what, detail }) {
  const stock = stocks[what];
  if (kind === kinds.takes) stock[detail === FAULTY_TAKEN ? 1 : 0]--;
  if (kind === kinds.brings_back) stock[detail === 0 ? 0 : 1]++;
  if (kind === kinds.is_pulled) stock[2]++;
  if (kind === kinds.mended) {
    stock[2]--;
    stock[0]++;
  }
}

function movePerson(kinds, state, event) {
  const { kind, visit, place } = event;
  if (kind === kinds.arrives) {
    state.people.set(visit, { visit, place, doing: HERE, holds: -1, bad: false, wrong: false, speaks: false });
    stand(state.floors[place], visit);
    return;
  }
  const person = state.people.get(visit);
  if (!person) return; // gone for good is told after they went
  if (kind === kinds.comes_to) go(state, person, place, HERE);
  if (kind === kinds.waits) go(state, person, place, WAITS);
  if (kind === kinds.is_served) go(state, person, place, SERVED);
  if (kind === kinds.fails) person.wrong = true;
  if (kind === kinds.speaks_up) person.speaks = true;
  if (kind === kinds.takes) Object.assign(person, { holds: event.what, bad: event.detail === FAULTY_TAKEN });
  if (kind === kinds.brings_back || kind === kinds.is_pulled) Object.assign(person, { holds: -1, bad: false });
  if (kind === kinds.ends) {
    vacate(state, person);
    state.people.delete(visit);
  }
}

function go(state, person, place, doing) {
  vacate(state, person);
  Object.assign(person, { place, doing });
  if (doing === WAITS) state.queues[place].push(person.visit);
  else stand(doing === SERVED ? state.seats[place] : state.floors[place], person.visit);
}

function vacate(state, { visit, place, doing }) {
  if (doing === WAITS) state.queues[place].splice(state.queues[place].indexOf(visit), 1);
  else {
    const spots = doing === SERVED ? state.seats[place] : state.floors[place];
    spots[spots.indexOf(visit)] = null;
  }
}

/** Take the first spot that is free. */
function stand(spots, visit) {
  const free = spots.indexOf(null);
  if (free < 0) spots.push(visit);
  else spots[free] = visit;
}

function spotOf(state, { visit, place, doing }) {
  const spots = { [HERE]: state.floors, [WAITS]: state.queues, [SERVED]: state.seats }[doing][place];
  return spots.indexOf(visit);
}

const present = (spots) => spots.reduce((sum, visit) => sum + (visit === null ? 0 : 1), 0);

/** How many of a resource's servers are busy elsewhere than at a place. */
function busyElsewhere(data, state, place) {
  const { resource } = data.places[place];
  return data.places.reduce(
    (sum, other, at) => sum + (at !== place && other.resource === resource ? present(state.seats[at]) : 0),
    0,
  );
}

const lentOut = (pool, [sound, faulty, repair]) => pool.size - sound - faulty - repair;

function clockOf(data, minute) {
  const whole = Math.max(0, Math.floor(minute));
  const day = data.days[Math.min(Math.floor(whole / 1440), data.days.length - 1)];
  const pad = (number) => String(number).padStart(2, "0");
  return `${day}, ${pad(Math.floor(whole / 60) % 24)}:${pad(whole % 60)}`;
}

/** An event as a sentence: when, who, what. */
function sentenceOf(data, number, withDay) {
  const clock = clockOf(data, data.minute[number]);
  const who = data.visit[number] < 0 ? "" : `Visitor ${data.visit[number] + 1}: `;
  return { when: withDay ? clock : clock.split(", ")[1], said: `${who}${data.words[data.said[number]]}` };
}

function moneyOf(data, minor) {
  const amount = minor / data.money.minor;
  return data.money.sign + amount.toLocaleString("en-GB", { maximumFractionDigits: 0 });
}
