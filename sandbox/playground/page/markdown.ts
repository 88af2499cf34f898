import { Marked, type TokenizerExtension, type RendererExtension, type Tokens } from 'marked';

/** Names for what a text mentions, and the words and the time of who reads it. */
export interface Reading {
  readonly locale: string;
  readonly spoiler: string;
  now(): number;
  user(id: string): string | undefined;
  role(id: string): string | undefined;
  channel(id: string): string | undefined;
  /** Whether a mention means the reader. */
  isMe(kind: 'user' | 'role', id: string): boolean;
}

let reading: Reading;

type Extension = TokenizerExtension & RendererExtension;

/** An inline sign of Discord's that one expression matches. */
function sign(
  name: string,
  start: string,
  pattern: RegExp,
  render: (found: string[], inner: string) => string,
): Extension {
  return {
    name,
    level: 'inline',
    start: (text) => text.indexOf(start),
    tokenizer(text) {
      const found = pattern.exec(text);
      if (!found) return undefined;
      const inner = found.groups?.['inner'];
      return {
        type: name,
        raw: found[0],
        found: [...found],
        tokens: inner === undefined ? [] : this.lexer.inlineTokens(inner),
      };
    },
    renderer(token) {
      return render(token['found'] as string[], this.parser.parseInline(token.tokens ?? []));
    },
  };
}

const extensions: Extension[] = [
  sign('spoiler', '||', /^\|\|(?<inner>[\s\S]+?)\|\|/, (_found, inner) => {
    const label = escape(reading.spoiler);
    return `<button type="button" class="spoiler" aria-label="${label}"><span aria-hidden="true">${inner}</span></button>`;
  }),
  sign('underline', '__', /^__(?<inner>[\s\S]+?)__(?!_)/, (_found, inner) => `<u>${inner}</u>`),
  sign('user', '<@', /^<@!?(\d+)>/, ([, id = '']) => mention('user', id, reading.user(id))),
  sign('role', '<@&', /^<@&(\d+)>/, ([, id = '']) => mention('role', id, reading.role(id))),
  sign(
    'channel',
    '<#',
    /^<#(\d+)>/,
    ([, id = '']) => `<span class="mention">#${escape(reading.channel(id) ?? '?')}</span>`,
  ),
  sign(
    'command',
    '</',
    /^<\/([-_'\p{L}\p{N} ]+):(\d+)>/u,
    ([, name = '']) =>
      `<button type="button" class="mention" data-command="/${escape(name)}">/${escape(name)}</button>`,
  ),
  sign(
    'moment',
    '<t:',
    /^<t:(-?\d+)(?::([tTdDfFR]))?>/,
    ([, at = '0', style = 'f']) =>
      `<time data-at="${at}" data-style="${style}" datetime="${new Date(Number(at) * 1000).toISOString()}">${escape(moment(Number(at) * 1000, style, reading))}</time>`,
  ),
  {
    name: 'subtext',
    level: 'block',
    start: (text) => /(^|\n)-# /.exec(text)?.index,
    tokenizer(text) {
      const found = /^-# ([^\n]+)(?:\n|$)/.exec(text);
      return found ? { type: 'subtext', raw: found[0], tokens: this.lexer.inlineTokens(found[1] ?? '') } : undefined;
    },
    renderer(token) {
      return `<div class="subtext">${this.parser.parseInline(token.tokens ?? [])}</div>`;
    },
  },
];

const marked = new Marked(
  { breaks: true, gfm: true, extensions },
  {
    tokenizer: {
      // Discord knows none of these.
      html: () => undefined,
      tag: () => undefined,
      table: () => undefined,
      def: () => undefined,
      lheading: () => undefined,
      hr: () => undefined,
      code: () => undefined,
    },
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        return `<div class="heading heading-${depth}">${this.parser.parseInline(tokens)}</div>`;
      },
      link({ href, tokens }: Tokens.Link) {
        const inner = this.parser.parseInline(tokens);
        if (!/^https?:\/\//.test(href)) return inner;
        return `<a href="${escape(href)}" target="_blank" rel="noopener noreferrer">${inner}</a>`;
      },
      image({ raw }: Tokens.Image) {
        return escape(raw);
      },
    },
  },
);

/** Discord's markdown as HTML: every text in it is escaped, and the only links are to web pages. */
export function markdown(text: string, by: Reading): string {
  reading = by;
  return marked.parse(text, { async: false });
}

function mention(kind: 'user' | 'role', id: string, name: string | undefined): string {
  const mine = reading.isMe(kind, id) ? ' mention-me' : '';
  const shown = `@${escape(name ?? '?')}`;
  if (kind === 'role' || name === undefined) return `<span class="mention${mine}">${shown}</span>`;
  return `<button type="button" class="mention${mine}" data-user="${id}">${shown}</button>`;
}

const looks: Record<string, Intl.DateTimeFormatOptions> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
};

const steps = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** A moment as Discord shows it: in the reader's language, and from their clock. */
export function moment(at: number, style: string, { locale, now }: Pick<Reading, 'locale' | 'now'>): string {
  if (style !== 'R') return new Intl.DateTimeFormat(locale, looks[style] ?? looks['f']).format(at);
  const away = at - now();
  const [unit, ms] = steps.find(([, each]) => Math.abs(away) >= each) ?? ['second', 1000];
  return new Intl.RelativeTimeFormat(locale).format(Math.round(away / ms), unit);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);
}
