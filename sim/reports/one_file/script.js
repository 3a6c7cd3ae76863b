
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const SVG = "http://www.w3.org/2000/svg", MINUS = "−\u2060", PLUS = "+\u2060", MISSING = "—";
  const at = data.levers.map((lever) => lever.start);
  const element = (id) => document.getElementById(id);

  // ---- figures, written as Ripple writes them -------------------------------------------------------------------

  /** Digits after the point; what lies exactly between two goes to the even one. */
  function fixed(size, digits) {
    const long = size.toFixed(digits + 30), cut = long.length - 30, up = size.toFixed(digits);
    if (!/^50*$/.test(long.slice(cut))) return up;
    const down = digits ? long.slice(0, cut) : long.slice(0, cut - 1);
    return "02468".includes(down.at(-1)) ? down : up;
  }

  const grouped = (text) => text.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
  const signOf = (value, signed) => (value < 0 ? MINUS : signed && value > 0 ? PLUS : "");

  function figure(value, how, signed = false) {
    if (value === null) return MISSING;
    const size = Math.abs(value);
    if (how.form === "money") {
      const text = fixed(size, how.yearly || size >= 1000 ? 0 : 2);
      return signOf(Number(text) ? value : 0, signed) + how.sign + grouped(text);
    }
    if (how.form === "share") {
      const percent = size * 100, digits = percent >= 99.95 || percent === 0 ? 0 : percent >= 1 ? 1 : 2;
      return signOf(value, signed) + fixed(percent, digits) + (signed ? " points" : "%");
    }
    return signOf(value, signed) + (size >= 100 || size === 0 ? grouped(fixed(size, 0)) : fixed(size, 1));
  }

  /** How large a change is, whichever way it goes: of a share in percentage points. */
  const sizeOf = (change, how) => figure(change === null ? null : Math.abs(change), how, true).replace(PLUS, "");

  const withTail = (value, how, signed) => figure(value, how, signed) + (value === null ? "" : how.tail);
  const filled = (name, parts) => data.templates[name].replace(/\{(\w+)\}/g, (_, key) => parts[key]);
  const joined = (parts) => (parts.length > 1 ? parts.slice(0, -1).join(", ") + " and " : "") + parts.at(-1);

  // ---- what was simulated, and what lies between -----------------------------------------------------------------

  /** The grid's places beside a value, each with its weight. */
  function beside(grid, value) {
    const exact = grid.indexOf(value);
    if (exact >= 0) return [[exact, 1]];
    const above = grid.findIndex((one) => one > value), part = (value - grid[above - 1]) / (grid[above] - grid[above - 1]);
    return [[above - 1, 1 - part], [above, part]];
  }

  /** The points around where the sliders stand, each with its weight: one alone where that was simulated. */
  function corners() {
    return data.levers.reduce(
      (found, lever, i) =>
        found.flatMap(([index, weight]) =>
          beside(lever.grid, lever.stops[at[i]][0]).map(([k, part]) => [index * lever.grid.length + k, weight * part])),
      [[0, 1]]);
  }

  function mixed(pairs, take) {
    const values = pairs.map(([point]) => take(point));
    if (values.includes(null)) return null;
    return pairs.length === 1 ? values[0] : values.reduce((sum, value, i) => sum + value * pairs[i][1], 0);
  }

  function found() {
    const around = corners(), pairs = around.map(([index, weight]) => [data.points[index], weight]);
    if (pairs.some(([point]) => point === null)) return null;
    return {
      simulated: pairs.length === 1,
      value: mixed(pairs, (point) => point.value),
      change: [0, 1, 2].map((end) => mixed(pairs, (point) => point.change[end])),
      bars: data.bars.rows.map((_, row) => [0, 1, 2].map((end) => mixed(pairs, (point) => point.bars[row][end]))),
    };
  }

  // ---- what is said ----------------------------------------------------------------------------------------------

  const moves = () => [
    ...data.moves,
    ...data.levers.flatMap((lever, i) => (at[i] === lever.now ? [] : [lever.stops[at[i]][2]])),
  ];

  function kind(isMoved, [mean, low, high]) {
    if (mean === null) return isMoved ? "missing" : "today_alone";
    if (!isMoved) return low === null ? "today_alone" : "today";
    if (low === null || high === null) return "unclear";
    if (low > 0 || high < 0) return low > 0 ? "higher" : "lower";
    return low === 0 && high === 0 ? "same" : "unclear";
  }

  function say(now) {
    const done = moves(), isMoved = done.length > 0, name = data.number.name;
    if (now === null) {
      const why = corners().length === 1 ? "impossible" : "not_simulated";
      element("sentence").textContent = filled(why, { moves: joined(done) });
      element("large").textContent = MISSING;
      element("below").textContent = element("how").textContent = "";
      element("large").className = "large";
      element("how").className = "badge";
      return;
    }
    const [mean, low, high] = isMoved ? now.change : data.today, which = kind(isMoved, [mean, low, high]);
    const isSize = ["higher", "lower"].includes(which), ends = which === "lower" ? [high, low] : [low, high];
    const [from, to] = ends.map((end) =>
      isSize ? sizeOf(end, data.number) : figure(end, data.number, which === "unclear"));
    element("sentence").textContent = filled(which, {
      name, moves: isMoved ? joined(done) : "", value: withTail(mean, data.number),
      size: sizeOf(mean, data.number) + data.number.tail, low: from, high: to,
    });
    element("large").textContent = withTail(mean, data.number, isMoved);
    element("large").className = "large " + verdict(which);
    element("below").textContent = filled(low === null ? "below_alone" : isMoved ? "below" : "below_today", {
      low: figure(low, data.number, isMoved), high: figure(high, data.number, isMoved),
      now: figure(data.today[0], data.number), then: figure(now.value, data.number),
    });
    element("how").textContent = now.simulated
      ? "Simulated: " + data.simulated : "Between simulated points: interpolated, the interval too";
    element("how").className = now.simulated ? "badge" : "badge between";
  }

  function verdict(which) {
    if (data.number.better === "neither" || !["higher", "lower"].includes(which)) return "";
    return which === data.number.better ? "better" : "worse";
  }

  // ---- the picture -----------------------------------------------------------------------------------------------

  const lose = (row) => data.bars.rows[row][1] || data.points.some((point) => point && point.bars[row][0]);
  const drawable = data.bars.rows.map((_, row) => row).filter(lose);
  const start = found();
  let least = 0, most = 0;

  /** From where to where bars go: today and the start always fit, so that they stay where they are as far as possible. */
  function stretch(now) {
    const every = drawable.flatMap((row) =>
      [...data.bars.rows[row].slice(1), ...(start ? start.bars[row] : []), ...(now ? now.bars[row] : [])]);
    const there = every.filter((value) => value !== null);
    least = Math.min(0, ...there);
    most = Math.max(0, ...there);
  }

  const across = (value) => ((value - least) / (most - least || 1)) * 100 + "%";

  function drawn(tag, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  function bar(value, attributes) {
    const from = Math.min(value, 0), size = (Math.abs(value) / (most - least || 1)) * 100 + "%";
    return drawn("rect", { x: across(from), width: size, ...attributes });
  }

  function row(now, [mean, low, high]) {
    const picture = drawn("svg", { height: 36, "aria-hidden": "true" });
    if (mean !== null) picture.append(bar(mean, { class: "then", y: 9, height: 18 }));
    if (now !== null) picture.append(bar(now, { class: "now", y: 3, height: 30 }));
    if (low !== null && high !== null)
      picture.append(drawn("line", { class: "interval", x1: across(low), x2: across(high), y1: 18, y2: 18 }));
    return picture;
  }

  function withInterval([mean, low, high], how) {
    const value = withTail(mean, how);
    return low === null ? value : filled("with_interval", { value, low: figure(low, how), high: figure(high, how) });
  }

  function draw(now) {
    stretch(now);
    const rows = drawable.map((i) => {
      const [label, ...today] = data.bars.rows[i];
      const after = now === null ? [null, null, null] : now.bars[i];
      const said = withInterval(after, data.bars) + "; today " + withInterval(today, data.bars);
      return { label, said, picture: row(today[0], after) };
    });
    element("picture").replaceChildren(...rows.map(({ label, said, picture }) => {
      const block = document.createElement("div"), name = document.createElement("strong"), text = document.createElement("p");
      name.textContent = label;
      text.append(name, (label ? ": " : "") + said);
      block.append(text, picture);
      return block;
    }));
    element("picture").setAttribute("aria-label", data.bars.title + ". " + rows.map(({ label, said }) => label + ": " + said).join(". ") + ".");
  }

  // ---- the sliders -----------------------------------------------------------------------------------------------

  function text(tag, content, attributes = {}) {
    const made = document.createElement(tag);
    made.textContent = content;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  function slider(lever, i) {
    const block = text("div", "", { class: "lever" }), line = text("div", "", { class: "at" }), id = "lever" + i;
    const places = text("datalist", "", { id: id + "-simulated" });
    lever.stops.forEach(([value], k) => lever.grid.includes(value) && places.append(text("option", "", { value: k })));
    const input = text("input", "", {
      type: "range", id, min: 0, max: lever.stops.length - 1, step: 1, value: at[i], list: id + "-simulated",
      "aria-describedby": id + "-today", title: lever.help,
    });
    input.addEventListener("input", () => { at[i] = Number(input.value); show(); keep(); });
    line.append(text("span", "", { class: "value", id: id + "-now", "aria-hidden": "true" }),
      text("span", "Today: " + lever.stops[lever.now][1], { class: "today", id: id + "-today" }));
    block.append(text("label", lever.label, { for: id }), input, places, line);
    return block;
  }

  function show() {
    data.levers.forEach((lever, i) => {
      const input = element("lever" + i), said = lever.stops[at[i]][1];
      input.value = at[i];
      input.setAttribute("aria-valuetext", said);
      element("lever" + i + "-now").textContent = said;
    });
    const now = found();
    say(now);
    draw(now);
  }

  // ---- the link: what stands after # is where the sliders stand ---------------------------------------------------

  function keep() {
    const moved = data.levers.flatMap((lever, i) =>
      at[i] === lever.start ? [] : [encodeURIComponent(lever.path) + "=" + lever.stops[at[i]][0]]);
    const hash = "#" + moved.join("&");
    try { history.replaceState(null, "", hash); } catch { location.hash = hash; }
  }

  function asked() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    data.levers.forEach((lever, i) => {
      const value = wanted.has(lever.path) ? Number(wanted.get(lever.path)) : NaN;
      const near = lever.stops.findIndex(([stop]) => Math.abs(stop - value) <= 1e-9 * Math.max(1, Math.abs(stop)));
      at[i] = near >= 0 ? near : lever.start;
    });
    show();
  }

  // ---- everything that no slider moves ----------------------------------------------------------------------------

  function stamp([name, said]) {
    const is = text("dd", "");
    is.append(/^https?:\/\//.test(said) ? text("a", said, { href: said, rel: "noreferrer" }) : said);
    return [text("dt", name), is];
  }

  element("title").textContent = data.title;
  element("question").textContent = data.question;
  element("number-heading").textContent = data.number.name;
  element("picture-heading").textContent = data.bars.title;
  element("costs").append(...data.costs.map((said) => text("p", said)));
  element("unsure").textContent = data.least_sure;
  element("meaning").textContent = data.meaning;
  element("sources").tHead.rows[0].append(...data.columns.map((name) => text("th", name, { scope: "col" })));
  for (const cells of data.sources) {
    const line = element("sources").tBodies[0].insertRow();
    line.append(...cells.map((cell) => text("td", cell)));
  }
  element("stamp").append(...data.stamp.flatMap(stamp));
  element("levers").append(...data.levers.map(slider));
  element("back").addEventListener("click", () => {
    data.levers.forEach((lever, i) => { at[i] = lever.start; });
    show();
    keep();
  });
  if (!data.levers.length) document.querySelector(".levers").remove();
  window.addEventListener("hashchange", asked);
  asked();
})();
