// How each thing is drawn: people by segment, hollow once something went wrong for them; things with a cross if faulty.

const SHAPES = ["circle", "diamond", "up", "down", "square"];

function outline(pen, shape, { x, y }, r) {
  pen.beginPath();
  if (shape === "circle") return pen.arc(x, y, r, 0, 2 * Math.PI);
  const points = {
    diamond: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
    up: [[0, -1.25], [1.2, 0.9], [-1.2, 0.9]],
    down: [[0, 1.25], [1.2, -0.9], [-1.2, -0.9]],
    square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  }[shape];
  points.forEach(([dx, dy], number) => pen[number ? "lineTo" : "moveTo"](x + r * dx, y + r * dy));
  pen.closePath();
}

function drawPerson(pen, colours, at, { wrong, speaks, holds, bad }, segment, isLatest) {
  const shape = SHAPES[segment % SHAPES.length];
  outline(pen, shape, at, RADIUS);
  Object.assign(pen, { lineWidth: 2, strokeStyle: wrong ? colours.wrong : colours.fine });
  pen.fillStyle = wrong ? colours.paper : colours.fine;
  pen.fill();
  pen.stroke();
  if (speaks) dot(pen, at, 1.8, colours.wrong);
  if (holds >= 0) drawToken(pen, colours, { x: at.x + 7, y: at.y + 5 }, bad, 3.2);
  if (isLatest) ring(pen, at, 9.5, colours.ink, 1.6);
}

function dot(pen, { x, y }, r, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fill();
}

function ring(pen, { x, y }, r, colour, width) {
  Object.assign(pen, { strokeStyle: colour, lineWidth: width });
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.stroke();
}

function drawToken(pen, colours, at, bad, r = 4.2) {
  outline(pen, "square", at, r);
  Object.assign(pen, { lineWidth: 1.3, strokeStyle: bad ? colours.wrong : colours.ink, fillStyle: colours.paper });
  pen.fill();
  pen.stroke();
  if (bad) cross(pen, at, r - 0.6, colours.wrong);
}

function cross(pen, { x, y }, r, colour) {
  Object.assign(pen, { strokeStyle: colour, lineWidth: 1.6 });
  pen.beginPath();
  pen.moveTo(x - r, y - r);
  pen.lineTo(x + r, y + r);
  pen.moveTo(x + r, y - r);
  pen.lineTo(x - r, y + r);
  pen.stroke();
}

/** Things in line, the faulty ones first; where there are more than fit, each stands for its share. */
function drawTokens(pen, colours, box, row, [sound, faulty]) {
  const shown = Math.min(sound + faulty, row.spots);
  const bad = faulty && Math.max(1, Math.round((faulty / (sound + faulty)) * shown));
  for (let spot = 0; spot < shown; spot++) drawToken(pen, colours, spotAt(box, row, spot), spot < bad);
}

function drawSeat(pen, colours, at, isElsewhere) {
  Object.assign(pen, { strokeStyle: colours.ink, lineWidth: 1.2, globalAlpha: 0.55 });
  pen.strokeRect(at.x - 8, at.y - 8, 16, 16);
  if (isElsewhere) {
    pen.beginPath();
    pen.moveTo(at.x - 8, at.y + 8);
    pen.lineTo(at.x + 8, at.y - 8);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

function drawEffect(pen, colours, effect) {
  const share = effect.age / effect.lasts;
  pen.globalAlpha = 1 - share * share;
  if (effect.kind === "pulse") {
    ring(pen, effect.sprite, 6 + 14 * share, colours.wrong, 2);
    cross(pen, { x: effect.sprite.x, y: effect.sprite.y - 12 - 6 * share }, 4, colours.wrong);
  } else if (effect.kind === "goes") {
    outline(pen, SHAPES[effect.segment % SHAPES.length], { x: effect.sprite.x, y: effect.sprite.y - 16 * share }, RADIUS);
    pen.fillStyle = colours.ink;
    pen.fill();
  } else {
    pen.globalAlpha = 1;
    const ease = share * share * (3 - 2 * share), { from, to } = effect;
    const at = { x: from.x + (to.x - from.x) * ease, y: from.y + (to.y - from.y) * ease - 30 * Math.sin(Math.PI * share) };
    drawToken(pen, colours, at, effect.bad, effect.bad ? 5.5 : 4);
  }
  pen.globalAlpha = 1;
}

function drawWay(pen, from, to) {
  const { start, end, across } = wayBetween(from, to);
  const bend = (across ? end.x - start.x : end.y - start.y) / 2;
  pen.beginPath();
  pen.moveTo(start.x, start.y);
  if (across) pen.bezierCurveTo(start.x + bend, start.y, end.x - bend, end.y, end.x, end.y);
  else pen.bezierCurveTo(start.x, start.y + bend, end.x, end.y - bend, end.x, end.y);
  pen.stroke();
  const sign = Math.sign(bend) || 1;
  pen.beginPath();
  pen.moveTo(end.x, end.y);
  if (across) [[-7 * sign, -4], [-7 * sign, 4]].forEach(([dx, dy]) => pen.lineTo(end.x + dx, end.y + dy));
  else [[-4, -7 * sign], [4, -7 * sign]].forEach(([dx, dy]) => pen.lineTo(end.x + dx, end.y + dy));
  pen.fill();
}
