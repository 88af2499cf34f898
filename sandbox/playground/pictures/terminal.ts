const line = 19;
const letter = 8.43;
const margin = 20;
const bar = 34;
const most = 96;

/** A terminal with a command and what it printed, as an SVG. */
export function terminalSvg(title: string, command: string, printed: string): string {
  const lines = [`$ ${command}`, ...printed.trimEnd().split('\n').flatMap(broken)];
  const width = Math.ceil(Math.max(...lines.map(({ length }) => length)) * letter + 2 * margin);
  const height = bar + margin + lines.length * line;
  const rows = lines.map(
    (words, n) =>
      `<text x="${margin}" y="${bar + margin + n * line}"${n === 0 ? ' fill="#ffd469"' : ''} xml:space="preserve">${escape(words)}</text>`,
  );
  const buttons = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, n) => `<circle cx="${margin + n * 20}" cy="17" r="6" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">
<title>${escape(title)}</title>
<rect width="${width}" height="${height}" rx="10" fill="#1e1f22"/>
${buttons.join('')}
<g font-family="ui-monospace, 'DejaVu Sans Mono', Consolas, Menlo, monospace" font-size="14" fill="#dbdee1">
${rows.join('\n')}
</g>
</svg>
`;
}

/** Long lines go on in the next, as in a terminal. */
function broken(words: string): string[] {
  const indent = /^\s*/.exec(words)?.[0] ?? '';
  const pieces: string[] = [];
  let rest = words;
  while (rest.length > most) {
    const at = rest.lastIndexOf(' ', most);
    const end = at > indent.length ? at : most;
    pieces.push(rest.slice(0, end));
    rest = `${indent}  ${rest.slice(end).trimStart()}`;
  }
  return [...pieces, rest];
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);
}
