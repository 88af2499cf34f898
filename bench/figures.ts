/** The value in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

/** `1.05` or, of several rounds, `1.05 (1.01..1.12)`. */
function spread(values: readonly number[], digits: number): string {
  const middle = median(values).toFixed(digits);
  if (values.length < 2) return middle;
  return `${middle} (${Math.min(...values).toFixed(digits)}..${Math.max(...values).toFixed(digits)})`;
}

/** One measured pair a round: the bot, and what it is held against. */
export interface Pair {
  readonly bot: number;
  readonly other: number;
}

/**
 * A line of the report: `ack 1.05 (1.01..1.12) (limit 1.2)   bot 2.31 (…) ms, echo bot 2.20 (…) ms`. The ratio is made in each
 * round, of two figures taken side by side, and the middle of the rounds is what counts.
 */
export function ratioLine(
  name: string,
  pairs: readonly Pair[],
  options: { limit?: number; unit: string; other: string },
): string {
  const ratios = pairs.map(({ bot, other }) => bot / other);
  if (ratios.length === 0 || !ratios.every((ratio) => Number.isFinite(ratio)))
    throw new Error(`${name}: nothing was measured`);
  const { limit, unit, other } = options;
  const over = limit !== undefined && median(ratios) > limit ? ' OVER' : '';
  const beside = limit === undefined ? '' : ` (limit ${limit}${over})`;
  const of = (pick: (pair: Pair) => number) => `${spread(pairs.map(pick), unit === 'ms' ? 2 : 1)} ${unit}`;
  return `${name} ${spread(ratios, 2)}${beside}   bot ${of((pair) => pair.bot)}, ${other} ${of((pair) => pair.other)}`;
}
