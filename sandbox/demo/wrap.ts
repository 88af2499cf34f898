const colourCodes = /\u001b\[\d+m/g;

/** Breaks a line at its spaces, so that none of the pieces is wider than `width` characters; colours take no room. */
export function wrap(line: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const word of line.split(' ')) {
    const longer = piece === '' ? word : `${piece} ${word}`;
    if (piece !== '' && widthOf(longer) > width) {
      pieces.push(piece);
      piece = word;
    } else piece = longer;
  }
  return [...pieces, piece];
}

function widthOf(text: string): number {
  return [...text.replace(colourCodes, '')].length;
}
