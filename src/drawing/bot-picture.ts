/** The side of the square that Discord shows as a circle. */
const side = 512;

/**
 * Latchkey's picture: a white key on violet and blue, with the sign for "play" in its bow. Drawn for this project out of a circle,
 * a triangle and three bars.
 */
function botPictureSvg(): string {
  const teeth = [
    [150, 46],
    [202, 62],
  ].map(([at = 0, length = 0]) => `<rect x="${at}" y="-14" width="28" height="${14 + length}" rx="6"/>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}">`,
    '<defs><linearGradient id="sky" x1="0" y1="0" x2="1" y2="1">',
    '<stop offset="0" stop-color="#7b5cc4"/><stop offset="1" stop-color="#0099cc"/>',
    '</linearGradient></defs>',
    `<rect width="${side}" height="${side}" fill="url(#sky)"/>`,
    // Drawn lying down, its bow around the origin of the turned part.
    '<g transform="translate(192 188) rotate(45)" fill="#ffffff">',
    '<rect x="60" y="-16" width="184" height="32" rx="14"/>',
    ...teeth,
    '<circle r="92"/>',
    '<g transform="rotate(-45)"><polygon points="-28,-44 -28,44 50,0" fill="#5a6fc8" stroke="#5a6fc8" stroke-width="14" stroke-linejoin="round"/></g>',
    '</g>',
    '</svg>',
  ].join('');
}

/** The same as a PNG. Throws where this machine has no binary of what draws it. */
export async function botPicture(): Promise<Buffer> {
  const { renderAsync } = await import('@resvg/resvg-js');
  return (await renderAsync(botPictureSvg())).asPng();
}
