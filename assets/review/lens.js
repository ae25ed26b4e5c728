// @ts-check
/** Which part of the pictures is shown: cropped to the action by its motion, as a person adjusted it, or in full. */

/** @typedef {import("./settings.js").Window} Window */

const FULL = { x: 0.5, y: 0.5, size: 1 };
const LEAST = 0.15;
const STEP = 1.25;
const PROBE = 48;
const NEAR = 4;
const MARGIN = 1.5;
const SMALLEST_AUTO = 0.4;

/** A window that lies inside the picture. @param {Window} window @returns {Window} */
function inside({ x, y, size }) {
  const kept = Math.max(LEAST, Math.min(1, size));
  const [low, high] = [kept / 2, 1 - kept / 2];
  return { x: Math.max(low, Math.min(high, x)), y: Math.max(low, Math.min(high, y)), size: kept };
}

export class Lens {
  /** @param {import("./settings.js").Settings} settings */
  constructor(settings) {
    this.settings = settings;
  }

  /** @param {import("../api.js").Item} item @param {import("./pictures.js").Sprite | null} sprite @returns {Window} */
  window(item, sprite) {
    if (!this.settings.cropped) return FULL;
    return this.settings.crops[keyOf(item)] ?? sprite?.action ?? FULL;
  }

  /** Crop or full picture. */
  toggle() {
    this.settings.change({ cropped: !this.settings.cropped });
  }

  /** @param {import("../api.js").Item} item @param {import("./pictures.js").Sprite | null} sprite @param {1 | -1} way in or out */
  zoom(item, sprite, way) {
    const { x, y, size } = this.window(item, sprite);
    this.#keep(item, { x, y, size: way > 0 ? size / STEP : size * STEP });
  }

  /** Moves the window by shares of itself. @param {import("../api.js").Item} item @param {import("./pictures.js").Sprite | null} sprite @param {number} dx @param {number} dy */
  pan(item, sprite, dx, dy) {
    const { x, y, size } = this.window(item, sprite);
    this.#keep(item, { x: x + dx * size, y: y + dy * size, size });
  }

  /** The automatic crop again, for this class. @param {import("../api.js").Item} item */
  reset(item) {
    const { [keyOf(item)]: _, ...crops } = this.settings.crops;
    this.settings.change({ crops, cropped: true });
  }

  /** @param {import("../api.js").Item} item @param {Window} window */
  #keep(item, window) {
    this.settings.change({ cropped: true, crops: { ...this.settings.crops, [keyOf(item)]: inside(window) } });
  }
}

/** @param {import("../api.js").Item} item */
const keyOf = ({ dataset_id, label }) => `${dataset_id} ${label}`;

/**
 * Where the pictures of a strip change most around `frame`: the window that holds most of the motion energy.
 * @param {ImageBitmap} bitmap @param {import("../api.js").Strip} strip @param {number} frame @returns {Window}
 */
export function actionIn(bitmap, { first, count }, frame) {
  const from = Math.max(0, frame - first - NEAR);
  const until = Math.min(count, frame - first + NEAR + 1);
  const shape = bitmap.height / (bitmap.width / count);
  const [width, height] = [PROBE, Math.max(1, Math.round(PROBE * shape))];
  const shown = until - from;
  const context = new OffscreenCanvas(width * shown, height).getContext("2d", { willReadFrequently: true });
  if (!context || shown < 2) return FULL;
  const cell = bitmap.width / count;
  context.drawImage(bitmap, from * cell, 0, shown * cell, bitmap.height, 0, 0, width * shown, height);
  const { data } = context.getImageData(0, 0, width * shown, height);
  return around(energy(data, shown, width, height), width, height);
}

/** Summed absolute change of each place, [height · width]. @param {Uint8ClampedArray} data @param {number} shown @param {number} width @param {number} height */
function energy(data, shown, width, height) {
  const sums = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let n = 1; n < shown; n++) {
        const here = 4 * (y * width * shown + n * width + x);
        const before = here - 4 * width;
        const change = Math.abs(data[here] - data[before]) + Math.abs(data[here + 1] - data[before + 1]) + Math.abs(data[here + 2] - data[before + 2]);
        sums[y * width + x] += Math.max(0, change - 24);
      }
    }
  }
  return sums;
}

/** Centre and twice the spread of the energy, with a margin. @param {Float32Array} sums @param {number} width @param {number} height @returns {Window} */
function around(sums, width, height) {
  const moments = { all: 0, x: 0, y: 0, xx: 0, yy: 0 };
  sums.forEach((value, at) => {
    const [x, y] = [((at % width) + 0.5) / width, (Math.floor(at / width) + 0.5) / height];
    moments.all += value;
    moments.x += value * x;
    moments.y += value * y;
    moments.xx += value * x * x;
    moments.yy += value * y * y;
  });
  if (!moments.all) return FULL;
  const [x, y] = [moments.x / moments.all, moments.y / moments.all];
  const spread = Math.sqrt(Math.max(moments.xx / moments.all - x * x, moments.yy / moments.all - y * y, 0));
  return inside({ x, y, size: Math.max(SMALLEST_AUTO, 4 * spread * MARGIN) });
}
