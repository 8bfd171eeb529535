// Guided capture: the camera with the first photograph as a ghost, plain hints, one button. Nothing is stored here: a
// picture goes from the camera to the clinic. Light and focus are seen here; where the face is, is asked of the clinic
// with a small picture that is kept nowhere. Where there is no camera the page says so and offers files.
"use strict";

const SIDE = 160;           // pixels of the small picture that hints are worked out on
const EVERY = 250;          // milliseconds between hints
const SHARP = 15;           // variance of the Laplacian of 8-bit grey: below it edges are soft
const DARK = 60, BRIGHT = 205, SIDED = 35;   // of 255: mean of the oval; difference of its halves
const TILTED = 12;          // degrees from upright
const QUALITY = 0.95;
const AIM_WIDTH = 480, AIM_HEIGHT = 640, AIM_QUALITY = 0.8;   // of the small picture, the part that the page shows
const ASK_EVERY = 1000, STALE = 5000;   // milliseconds between asking; an answer this old is none
const ALONE = 180000;       // milliseconds without a touch or a key: nobody is there, and the session may end

function ready() {
  const page = document.querySelector("[data-capture]");
  if (!page) return;
  const camera = { page, said: page.dataset, stage: page.querySelector(".stage"), video: page.querySelector("video"),
    ghost: page.querySelector(".ghost"), hints: page.querySelector(".hints"), form: page.querySelector("form"),
    button: page.querySelector("button[type=submit]"), turn: page.querySelector("[data-turn]"),
    told: page.querySelector(".said"), facing: "environment", tilt: null,
    aim: null, aimedAt: 0, touched: Date.now(), photoTimes: 1 };
  camera.form.addEventListener("change", () => showGhost(camera));
  camera.form.addEventListener("submit", (event) => { event.preventDefault(); take(camera); });
  camera.turn.addEventListener("click", () => { camera.facing = camera.facing === "user" ? "environment" : "user"; open(camera); });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && !event.target.closest("input, button, a, summary, textarea, select")) { event.preventDefault(); take(camera); }
  });
  window.addEventListener("deviceorientation", (event) => { camera.tilt = event.gamma; });
  window.addEventListener("pagehide", () => close(camera));
  showGhost(camera);
  open(camera);
  for (const name of ["pointerdown", "pointermove", "keydown"]) document.addEventListener(name, () => { camera.touched = Date.now(); });
  // On a telephone the head of the page fills the screen: the picture and its button are what is wanted.
  if (camera.button.getBoundingClientRect().bottom > innerHeight) camera.stage.scrollIntoView();
  setInterval(() => hint(camera), EVERY);
  ask(camera);
}

const chosen = (camera) => camera.form.querySelector("input[name=view]:checked");

function showGhost(camera) {
  const source = chosen(camera).dataset.ghost, wanted = camera.form.querySelector("input[name=ghost]").checked;
  camera.ghost.hidden = !(source && wanted);
  if (source && camera.ghost.getAttribute("src") !== source) camera.ghost.src = source;
}

function close(camera) {
  for (const track of camera.video.srcObject?.getTracks() || []) track.stop();
  camera.video.srcObject = null;
}

async function open(camera) {
  close(camera);
  try {
    const wanted = { facingMode: camera.facing, width: { ideal: 4096 }, height: { ideal: 3072 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    camera.video.srcObject = stream;
    await camera.video.play();
    camera.stage.classList.toggle("mirrored", stream.getVideoTracks()[0].getSettings().facingMode === "user");
    camera.button.disabled = false;
    camera.photoTimes = await photoTimes(camera.video);
    const found = (await navigator.mediaDevices.enumerateDevices()).filter((each) => each.kind === "videoinput");
    camera.turn.hidden = found.length < 2;
  } catch {
    camera.hints.textContent = camera.said.noCamera;
    camera.button.disabled = true;
  }
}

// How many times as many pixels across a photograph has as the film.
async function photoTimes(video) {
  try {
    const able = await new ImageCapture(video.srcObject.getVideoTracks()[0]).getPhotoCapabilities();
    return Math.max(1, able.imageWidth.max / video.videoWidth) || 1;
  } catch { return 1; }
}

// Where the face is, asked again and again while somebody is there.
async function ask(camera) {
  const asked = camera.video.videoWidth && !document.hidden && Date.now() - camera.touched < ALONE;
  if (!asked || await askOnce(camera)) setTimeout(() => ask(camera), ASK_EVERY);
}

async function askOnce(camera) {
  const video = camera.video, view = chosen(camera).value;
  const width = Math.min(video.videoWidth, video.videoHeight * AIM_WIDTH / AIM_HEIGHT), height = width * AIM_HEIGHT / AIM_WIDTH;
  const canvas = document.createElement("canvas");
  canvas.width = AIM_WIDTH;
  canvas.height = AIM_HEIGHT;
  canvas.getContext("2d").drawImage(video, (video.videoWidth - width) / 2, (video.videoHeight - height) / 2, width, height, 0, 0, AIM_WIDTH, AIM_HEIGHT);
  const body = new FormData();
  body.append("csrfmiddlewaretoken", camera.form.elements.csrfmiddlewaretoken.value);
  body.append("view", view);
  body.append("times", width / AIM_WIDTH * camera.photoTimes);
  body.append("frame", await new Promise((done) => { canvas.toBlob(done, "image/jpeg", AIM_QUALITY); }), "frame.jpg");
  try {
    const answer = await fetch(camera.said.aim, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return false;  // signed out, or not allowed
    const found = await answer.json();
    if (answer.ok && chosen(camera).value === view) { camera.aim = found.aim; camera.aimedAt = Date.now(); }
  } catch { /* the line is lost for a moment: it is asked again */ }
  return true;
}

// What the clinic answered, null where it did not.
const aimed = (camera) => (Date.now() - camera.aimedAt < STALE ? camera.aim : null);
const AIMS = { none: "aimNone", many: "aimMany", back: "aimBack", closer: "aimCloser", few: "aimFew", left: "aimLeft",
  right: "aimRight", up: "aimUp", down: "aimDown", upright: "aimUpright" };

// The middle of the picture, where the face is, small and grey.
function small(video) {
  const canvas = document.createElement("canvas"), side = Math.min(video.videoWidth, video.videoHeight);
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, SIDE, SIDE);
  const data = context.getImageData(0, 0, SIDE, SIDE).data, grey = new Float32Array(SIDE * SIDE);
  for (let at = 0; at < grey.length; at += 1) grey[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
  return grey;
}

// Focus has to be seen at full size: the same, of a small part at the camera's own pixels.
function middle(video) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, (video.videoWidth - SIDE) / 2, video.videoHeight * 0.42 - SIDE / 2, SIDE, SIDE, 0, 0, SIDE, SIDE);
  const data = context.getImageData(0, 0, SIDE, SIDE).data, grey = new Float32Array(SIDE * SIDE);
  for (let at = 0; at < grey.length; at += 1) grey[at] = data[4 * at + 1];
  return grey;
}

function sharpness(grey) {
  let sum = 0, squares = 0, count = 0;
  for (let y = 1; y < SIDE - 1; y += 1) {
    for (let x = 1; x < SIDE - 1; x += 1) {
      const at = y * SIDE + x;
      const edge = 4 * grey[at] - grey[at - 1] - grey[at + 1] - grey[at - SIDE] - grey[at + SIDE];
      sum += edge; squares += edge * edge; count += 1;
    }
  }
  return squares / count - (sum / count) ** 2;
}

function halves(grey) {
  const sums = [0, 0], counts = [0, 0];
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      if (((x / SIDE - 0.5) / 0.3) ** 2 + ((y / SIDE - 0.5) / 0.42) ** 2 > 1) continue;
      const half = x < SIDE / 2 ? 0 : 1;
      sums[half] += grey[y * SIDE + x]; counts[half] += 1;
    }
  }
  return [sums[0] / counts[0], sums[1] / counts[1]];
}

// The most pressing hint alone, in plain words.
function hint(camera) {
  if (!camera.video.videoWidth) return;
  const [left, right] = halves(small(camera.video)), mean = (left + right) / 2, said = camera.said;
  const raking = chosen(camera).value.startsWith("raking");
  let text;
  if (mean < DARK) text = said.dark;
  else if (mean > BRIGHT) text = said.bright;
  else if (aimed(camera)) text = said[AIMS[aimed(camera)]];
  else if (!raking && Math.abs(left - right) > SIDED) text = said.even;
  else if (raking && Math.abs(left - right) < SIDED / 2) text = said.raking;
  else if (camera.tilt !== null && Math.abs(camera.tilt) > TILTED) text = said.level;
  else if (sharpness(middle(camera.video)) < SHARP) text = said.blurred;
  else {
    // "Good" is the clinic's answer: without one nobody has looked where the face is.
    const where = camera.ghost.hidden ? said.oval : said.ghost;
    if (aimed(camera) !== "") text = where;
    else text = camera.ghost.hidden ? said.good : `${said.good} ${where}`;
  }
  if (camera.hints.textContent !== text) camera.hints.textContent = text;
}

// The camera's own photograph, with all its pixels, where the browser can ask for it; else the picture of the film.
async function still(video) {
  if ("ImageCapture" in window) {
    try { return await new ImageCapture(video.srcObject.getVideoTracks()[0]).takePhoto(); } catch { /* the film, then */ }
  }
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
}

async function take(camera) {
  if (camera.button.disabled || !camera.video.videoWidth) return;
  const view = chosen(camera), said = camera.said;
  camera.button.disabled = true;
  camera.told.textContent = said.sending;
  const file = await still(camera.video);
  const body = new FormData();
  body.append("csrfmiddlewaretoken", camera.form.elements.csrfmiddlewaretoken.value);
  body.append("view", view.value);
  body.append("day", said.day);
  body.append("files", file, "photograph.jpg");
  camera.told.textContent = await send(camera, body, view);
  camera.button.disabled = false;
}

async function send(camera, body, view) {
  const said = camera.said;
  let answer = null;
  try {
    const sent = await fetch(said.add, { method: "POST", body, headers: { Accept: "application/json" } });
    if (sent.headers.get("Content-Type")?.startsWith("application/json")) answer = await sent.json();
  } catch { /* told below */ }
  if (answer === null) return said.lost;
  if (answer.wrong.length) return answer.wrong.join(" ");
  htmx.ajax("GET", said.progress, { target: "#visits", swap: "outerHTML" });
  const taken = Number(view.dataset.taken) + 1, wanted = Number(view.dataset.wanted);
  view.dataset.taken = taken;
  view.closest("label").querySelector(".count").textContent = taken;
  if (taken < wanted) return said.more.replace("{0}", taken).replace("{1}", wanted);
  const next = [...camera.form.querySelectorAll("input[name=view]")].find((each) => Number(each.dataset.taken) === 0);
  if (next && taken === wanted) { next.checked = true; showGhost(camera); }
  return said.kept;
}

document.addEventListener("DOMContentLoaded", ready);
