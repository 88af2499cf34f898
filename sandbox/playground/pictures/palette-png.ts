import { deflateSync, inflateSync, crc32 } from 'node:zlib';

/** How many colours a picture may have: the page has few, and text that is smoothed has many that nobody tells apart. */
const colours = 256;
/** How many of them are those of the largest areas, which differ little from one another: a frame, what is around it. */
const areas = 40;

/** The same picture with a palette, which takes a third of the room. @throws Error for what is no 8-bit RGB(A) PNG. */
export function palettePng(png: Buffer): Buffer {
  const { width, height, channels, data } = read(png);
  const pixels = Array.from({ length: width * height }, (_, n) => rgb(data, n * channels));
  const palette = choose(pixels);
  const nearest = new Map<number, number>();
  const rows = Buffer.alloc((width + 1) * height);
  for (let n = 0; n < pixels.length; n += 1) {
    const pixel = pixels[n] ?? 0;
    let index = nearest.get(pixel);
    if (index === undefined) {
      index = closest(palette, pixel);
      nearest.set(pixel, index);
    }
    rows[Math.floor(n / width) * (width + 1) + 1 + (n % width)] = index;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const table = Buffer.from(palette.flatMap((each) => [each >> 16, (each >> 8) & 255, each & 255]));
  const parts = [
    chunk('IHDR', header),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([png.subarray(0, 8), ...parts]);
}

function rgb(data: Buffer, at: number): number {
  return ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
}

/**
 * Takes the colours of whole areas as they are, and splits the others where they differ most until there are enough; each
 * group is shown by its most frequent one.
 */
function choose(pixels: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const byCount = [...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour);
  const ofAreas = byCount.slice(0, areas);
  const others = byCount.slice(areas);
  const groups = others.length > 0 ? [others] : [];
  while (groups.length < colours - areas) {
    const spreads = groups.map((group) => (group.length < 2 ? { size: 0, shift: 0 } : widest(group)));
    const worst = spreads.reduce((best, { size }, n) => (size > (spreads[best]?.size ?? 0) ? n : best), 0);
    const { size, shift } = spreads[worst] ?? { size: 0, shift: 0 };
    if (size === 0) break;
    const sorted = (groups[worst] ?? []).sort((one, other) => ((one >> shift) & 255) - ((other >> shift) & 255));
    const middle = sorted.length >> 1;
    groups.splice(worst, 1, sorted.slice(0, middle), sorted.slice(middle));
  }
  const ofGroups = groups.map((group) =>
    group.reduce((best, each) => ((counts.get(each) ?? 0) > (counts.get(best) ?? 0) ? each : best)),
  );
  return [...ofAreas, ...ofGroups];
}

function widest(group: readonly number[]): { size: number; shift: number } {
  const channels = [16, 8, 0].map((shift) => {
    let least = 255;
    let most = 0;
    for (const each of group) {
      least = Math.min(least, (each >> shift) & 255);
      most = Math.max(most, (each >> shift) & 255);
    }
    return { size: most - least, shift };
  });
  return channels.reduce((best, each) => (each.size > best.size ? each : best));
}

function closest(palette: readonly number[], pixel: number): number {
  let best = 0;
  let least = Infinity;
  for (const [n, each] of palette.entries()) {
    const away = [16, 8, 0].reduce((sum, shift) => sum + (((each >> shift) & 255) - ((pixel >> shift) & 255)) ** 2, 0);
    if (away < least) [best, least] = [n, away];
  }
  return best;
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

function read(png: Buffer): { width: number; height: number; channels: number; data: Buffer } {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const channels = { 2: 3, 6: 4 }[png[25] ?? 0];
  if (png[24] !== 8 || channels === undefined) throw new Error('this PNG cannot be read here');
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return { width, height, channels, data: unfilter(inflateSync(Buffer.concat(parts)), width * channels, channels) };
}

/** Undoes what a PNG does to each row before it is packed. */
function unfilter(raw: Buffer, rowBytes: number, step: number): Buffer {
  const data = Buffer.alloc((raw.length / (rowBytes + 1)) * rowBytes);
  for (let row = 0; row * (rowBytes + 1) < raw.length; row += 1) {
    const filter = raw[row * (rowBytes + 1)] ?? 0;
    for (let n = 0; n < rowBytes; n += 1) {
      const at = row * rowBytes + n;
      const left = n >= step ? (data[at - step] ?? 0) : 0;
      const up = row > 0 ? (data[at - rowBytes] ?? 0) : 0;
      const corner = n >= step && row > 0 ? (data[at - rowBytes - step] ?? 0) : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      data[at] = ((raw[row * (rowBytes + 1) + 1 + n] ?? 0) + guess) & 255;
    }
  }
  return data;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
