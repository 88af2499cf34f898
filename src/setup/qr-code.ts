/** Error correction of level L, by version from 1: bytes of it for each block, and how many blocks there are. */
const corrections = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18] as const;
const blockCounts = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4] as const;
/** All bytes of a version, data and error correction together. */
const capacities = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346] as const;

/**
 * A text of up to 271 bytes as a QR code (ISO 18004) for a terminal: half blocks, two rows in one line. Undefined for a
 * longer text.
 */
export function qrCode(text: string): string | undefined {
  const bytes = new TextEncoder().encode(text);
  const version = capacities.findIndex((_all, index) => dataBytes(index + 1) >= bytes.length + (index < 9 ? 2 : 3)) + 1;
  if (version === 0) return undefined;
  const code = new Code(version);
  code.place(withCorrection(encoded(bytes, version), version));
  return drawn(code.modules);
}

const at = <T>(list: readonly T[], index: number): T => list[index] as T;
const dataBytes = (version: number): number =>
  at<number>(capacities, version - 1) - at<number>(corrections, version - 1) * at<number>(blockCounts, version - 1);

/** The mode (bytes), the length, the bytes, and what fills the rest. */
function encoded(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, 4);
  while (bits.length % 8 !== 0) bits.push(0);
  const data = Array.from({ length: bits.length / 8 }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0),
  );
  for (let pad = 0xec; data.length < dataBytes(version); pad ^= 0xfd) data.push(pad);
  return data.slice(0, dataBytes(version));
}

/** Powers of 2 in the field of 256 elements that QR codes calculate in, and their inverse. */
const powers = [1];
for (let index = 1; index < 255; index += 1) {
  const next = at(powers, index - 1) * 2;
  powers.push(next > 255 ? next ^ 0x11d : next);
}
const logs = new Map(powers.map((value, index) => [value, index]));
const product = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : at(powers, ((logs.get(a) ?? 0) + (logs.get(b) ?? 0)) % 255);

/** The remainder of a block, divided by the polynomial with the first powers as its roots (Reed-Solomon). */
function correctionOf(block: readonly number[], length: number): number[] {
  let divisor = [1];
  for (let root = 0; root < length; root += 1) {
    const shifted = [...divisor, 0];
    divisor = shifted.map((value, index) => value ^ product(divisor[index - 1] ?? 0, at(powers, root)));
  }
  const rest = [...block, ...Array<number>(length).fill(0)];
  for (let index = 0; index < block.length; index += 1) {
    const factor = at(rest, index);
    for (const [offset, value] of divisor.entries())
      rest[index + offset] = at(rest, index + offset) ^ product(value, factor);
  }
  return rest.slice(block.length);
}

/** The blocks' bytes, one of each in turn, then those of their error correction. */
function withCorrection(data: readonly number[], version: number): number[] {
  const count = at<number>(blockCounts, version - 1);
  const short = Math.floor(data.length / count);
  const shortOnes = count - (data.length % count);
  let start = 0;
  const blocks = Array.from({ length: count }, (_, index) => {
    const length = short + (index < shortOnes ? 0 : 1);
    start += length;
    return data.slice(start - length, start);
  });
  const corrected = blocks.map((block) => correctionOf(block, at<number>(corrections, version - 1)));
  const inTurn = (lists: readonly (readonly number[])[]) =>
    Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, index) =>
      lists.flatMap((list) => list[index] ?? []),
    ).flat();
  return [...inTurn(blocks), ...inTurn(corrected)];
}

/** The square of modules: patterns that a camera looks for, format and version, and the data around them. */
class Code {
  readonly size: number;
  readonly modules: boolean[][];
  readonly #isFixed: boolean[][];

  constructor(private readonly version: number) {
    this.size = version * 4 + 17;
    this.modules = Array.from({ length: this.size }, () => Array<boolean>(this.size).fill(false));
    this.#isFixed = this.modules.map((row) => [...row]);
    this.#patterns();
  }

  /** Upwards and downwards in columns of two, from the right; a module of data is turned over in every other row (mask 1). */
  place(bytes: readonly number[]): void {
    const bits = bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (byte >> bit) & 1));
    let next = 0;
    let isUp = true;
    for (let right = this.size - 1; right > 0; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < this.size; step += 1) {
        const row = isUp ? this.size - 1 - step : step;
        for (const column of [right, right - 1]) {
          if (at(at(this.#isFixed, row), column)) continue;
          at(this.modules, row)[column] = ((bits[next++] ?? 0) === 1) !== (row % 2 === 0);
        }
      }
      isUp = !isUp;
    }
  }

  #set(row: number, column: number, isDark: boolean): void {
    if (row < 0 || column < 0 || row >= this.size || column >= this.size) return;
    at(this.modules, row)[column] = isDark;
    at(this.#isFixed, row)[column] = true;
  }

  #patterns(): void {
    const last = this.size - 1;
    for (let index = 0; index < this.size; index += 1) {
      this.#set(6, index, index % 2 === 0);
      this.#set(index, 6, index % 2 === 0);
    }
    for (const [row, column] of [
      [3, 3],
      [3, last - 3],
      [last - 3, 3],
    ] as const)
      this.#rings(row, column, 4);
    const places = this.#alignments();
    for (const row of places)
      for (const column of places) {
        const isCorner =
          (row === 6 && column === 6) || (row === 6 && column === last - 6) || (row === last - 6 && column === 6);
        if (!isCorner) this.#rings(row, column, 2);
      }
    this.#format();
    if (this.version >= 7) this.#versionBits();
  }

  /** Rings around a middle: dark, light, dark; the outermost of a big one is the light margin. */
  #rings(row: number, column: number, reach: number): void {
    for (let y = -reach; y <= reach; y += 1)
      for (let x = -reach; x <= reach; x += 1) {
        const ring = Math.max(Math.abs(x), Math.abs(y));
        this.#set(row + y, column + x, reach === 4 ? ring !== 2 && ring !== 4 : ring !== 1);
      }
  }

  #alignments(): number[] {
    if (this.version === 1) return [];
    const last = this.size - 7;
    return this.version < 7 ? [6, last] : [6, (6 + last) / 2, last];
  }

  /** Level L and mask 1, twice, with their own error correction. */
  #format(): void {
    const bits = ((0b01001 << 10) | remainder(0b01001, 10, 0x537)) ^ 0x5412;
    const isDark = (bit: number) => ((bits >> bit) & 1) === 1;
    const last = this.size - 1;
    for (let bit = 0; bit < 15; bit += 1) {
      // Beside the pattern at the top left, around the lines in between.
      const along = bit < 6 ? bit : bit < 8 ? bit + 1 : undefined;
      if (along !== undefined) this.#set(along, 8, isDark(bit));
      else this.#set(8, bit === 8 ? 7 : 14 - bit, isDark(bit));
      // Half of them beside each of the other two.
      if (bit < 8) this.#set(8, last - bit, isDark(bit));
      else this.#set(last - 14 + bit, 8, isDark(bit));
    }
    this.#set(last - 7, 8, true);
  }

  #versionBits(): void {
    const bits = (this.version << 12) | remainder(this.version, 12, 0x1f25);
    for (let bit = 0; bit < 18; bit += 1) {
      const [near, far] = [Math.floor(bit / 3), this.size - 11 + (bit % 3)];
      this.#set(near, far, ((bits >> bit) & 1) === 1);
      this.#set(far, near, ((bits >> bit) & 1) === 1);
    }
  }
}

/** Of a division of polynomials whose coefficients are bits. */
function remainder(value: number, length: number, divisor: number): number {
  let rest = value;
  for (let bit = 0; bit < length; bit += 1) rest = (rest << 1) ^ ((rest >> (length - 1)) * divisor);
  return rest;
}

/** Two rows in a line, with a margin of two modules; what is dark in the code is left dark. */
function drawn(modules: readonly (readonly boolean[])[]): string {
  const isLight = (row: number, column: number) => !(modules[row]?.[column] ?? false);
  const lines: string[] = [];
  for (let row = -2; row < modules.length + 2; row += 2) {
    let line = '';
    for (let column = -2; column < modules.length + 2; column += 1) {
      const [upper, lower] = [isLight(row, column), row + 1 < modules.length + 2 && isLight(row + 1, column)];
      line += upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ';
    }
    // Light on dark, whatever colours the terminal has.
    lines.push(`\x1B[97;40m${line}\x1B[0m`);
  }
  return lines.join('\n');
}
