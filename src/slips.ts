/** How many slips of the keyboard make one text of the other: letters left out, put in or changed, or two that changed places. */
export function slipsBetween(one: string, other: string): number {
  const [from, to] = [[...one], [...other]];
  const rows = [Array.from({ length: to.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const at = (back: number, over: number) => rows[i - back]?.[j - over] ?? Infinity;
      const isSame = from[i - 1] === to[j - 1];
      const isSwapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const least = Math.min(at(1, 0) + 1, (row[j - 1] ?? 0) + 1, at(1, 1) + (isSame ? 0 : 1));
      row.push(isSwapped ? Math.min(least, at(2, 2) + 1) : least);
    }
    rows.push(row);
  }
  return rows.at(-1)?.at(-1) ?? Infinity;
}
