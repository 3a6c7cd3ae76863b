// Where things stand on the page: in each place rows for things, servers, the queue and whoever is about.

const STEP = 18, TOKEN = 12, MARGIN = 8;
const MOST_TOKENS = 60, MOST_SEATS = 24;
const ROWS = { timed: 3, passing: 1, queue: 2 };

/** The rows of a place of that width, from the top: how many spots each has and where. */
function rowsOf(data, place, width) {
  const { pool, resource, timed } = data.places[place];
  const fit = (step) => Math.max(3, Math.floor((width - 2 * MARGIN) / step));
  const rows = {};
  let y = MARGIN;
  const add = (name, step, lines) => {
    rows[name] = { y, step, across: fit(step), spots: fit(step) * lines };
    y += step * lines + 4;
  };
  if (pool >= 0) add("tokens", TOKEN, Math.ceil(Math.min(data.pools[pool].size, MOST_TOKENS) / fit(TOKEN)));
  if (resource >= 0) {
    add("seats", STEP, Math.ceil(Math.min(data.resources[resource].servers, MOST_SEATS) / fit(STEP)));
    add("queue", STEP, ROWS.queue);
  }
  add("floor", STEP, resource >= 0 || !timed ? ROWS.passing : ROWS.timed);
  return { rows, height: y + MARGIN - 4 };
}

function workshopRows(width) {
  const across = Math.max(3, Math.floor((width - 2 * MARGIN) / TOKEN));
  return { rows: { tokens: { y: MARGIN, step: TOKEN, across, spots: across * 2 } }, height: 2 * TOKEN + 2 * MARGIN };
}

/** The middle of a spot of a row; those for whom there is no room stand on the last. */
function spotAt(box, row, number) {
  const spot = Math.min(number, row.spots - 1);
  return {
    x: box.x + MARGIN + row.step * ((spot % row.across) + 0.5),
    y: box.y + row.y + row.step * (Math.floor(spot / row.across) + 0.5),
  };
}

/** Where a person belongs, and whether there is room to draw them. */
function standing(state, floors, person) {
  const floor = floors[person.place];
  const row = floor.rows[{ [HERE]: "floor", [WAITS]: "queue", [SERVED]: "seats" }[person.doing]];
  const spot = spotOf(state, person);
  return { ...spotAt(floor.box, row, spot), fits: spot < row.spots };
}

const middleOf = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

/** A way between two places, from edge to edge. */
function wayBetween(from, to) {
  const a = middleOf(from), b = middleOf(to);
  const across = from.x + from.width <= to.x || to.x + to.width <= from.x;
  const start = across ? { x: b.x > a.x ? from.x + from.width : from.x, y: a.y }
    : { x: a.x, y: b.y > a.y ? from.y + from.height : from.y };
  const end = across ? { x: b.x > a.x ? to.x : to.x + to.width, y: b.y } : { x: b.x, y: b.y > a.y ? to.y : to.y + to.height };
  return { start, end, across };
}
