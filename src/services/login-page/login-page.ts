import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../errors.js';
import type { Audit } from '../audit.js';
import type { Actor } from '../members/actor.js';

/** How the server's pages look, with fields that Latchkey does not know: a write replaces the whole. */
type Branding = Readonly<Record<string, unknown>>;

/** The server's branding; throws AppError with a `jellyfin…` code. */
export interface BrandingPort {
  read(): Promise<Branding>;
  write(branding: Branding): Promise<void>;
}

export interface LoginPagePorts {
  readonly stores: { readonly audit: Audit };
  readonly loginPage: {
    readonly branding: BrandingPort;
    /** What the line says, in the household's language. */
    readonly line: (link: string | undefined) => string;
  };
}

/** Puts one line on Jellyfin's login page that says where to ask for help, and takes it away again. */
export class LoginPage {
  constructor(private readonly deps: LoginPagePorts) {}

  /** What the line would say. */
  preview(): string {
    return this.deps.loginPage.line(undefined);
  }

  /** The line that stands there; undefined where there is none. Throws `loginPageMark` or a Jellyfin code. */
  async current(): Promise<string | undefined> {
    return lineIn(disclaimerOf(await this.deps.loginPage.branding.read()));
  }

  /** Throws as `changeLoginPage`, or `loginPageLink`. */
  async put(actor: Pick<Actor, 'id'>, link: string): Promise<string> {
    const line = this.deps.loginPage.line(readDiscordLink(link));
    await this.#change(actor, 'put', (page) => withLine(page, line));
    return line;
  }

  /** Throws as `changeLoginPage`. */
  remove(actor: Pick<Actor, 'id'>): Promise<void> {
    return this.#change(actor, 'removed', withoutLine);
  }

  async #change({ id: actorId }: Pick<Actor, 'id'>, outcome: string, change: (page: string) => string): Promise<void> {
    const { stores, loginPage } = this.deps;
    stores.audit.record({ actorId, act: 'login page', outcome: 'begun' });
    await changeLoginPage(loginPage.branding, change);
    stores.audit.record({ actorId, act: 'login page', outcome });
  }
}

/**
 * Changes the text of the login page and nothing else, and reads that back. Throws `loginPageMark`, `loginPageControl`,
 * `loginPageNotApplied` or a Jellyfin code.
 */
async function changeLoginPage(port: BrandingPort, change: (page: string) => string): Promise<void> {
  const before = await port.read();
  const page = change(disclaimerOf(before));
  if (page === disclaimerOf(before)) return;
  for (const text of [page, before['CustomCss']]) if (typeof text === 'string') assertFitsXml(text);
  const { LoginDisclaimer: _before, ...others } = before;
  // A text that is empty now was not there before.
  const after = page === '' ? others : { ...others, LoginDisclaimer: page };
  await port.write(after);
  // Copied, as `after` is: prototypes are compared, too.
  if (!isDeepStrictEqual({ ...(await port.read()) }, after)) throw new AppError('loginPageNotApplied');
}

function disclaimerOf({ LoginDisclaimer: text }: Branding): string {
  return typeof text === 'string' ? text : '';
}

/** What stands around Latchkey's line. Jellyfin's login page is Markdown with HTML, so people do not see it there. */
const begin = '<!-- Latchkey -->';
const end = '<!-- /Latchkey -->';

interface Place {
  readonly line: string;
  /** The blank line before it, which came with it. */
  readonly gap: string;
  readonly from: number;
  readonly to: number;
}

/** By the first mark of each kind: a page may be of any length. Throws `loginPageMark`. */
function placeIn(page: string): Place | undefined {
  const from = page.indexOf(begin);
  const last = page.indexOf(end, from + 1);
  if (from < 0 && last < 0) return undefined;
  const line = /^\r?\n([^]*?)\r?\n$/.exec(page.slice(from + begin.length, last))?.[1];
  if (from < 0 || last < 0 || line === undefined) throw new AppError('loginPageMark');
  const gap = /\r?\n\r?\n$/.exec(page.slice(Math.max(0, from - 4), from))?.[0] ?? '';
  return { line, gap, from, to: last + end.length };
}

/** The line of Latchkey's on a login page; undefined where there is none. Throws `loginPageMark` where its marks were broken. */
function lineIn(page: string): string | undefined {
  return placeIn(page)?.line;
}

/** The page with this line, below all else or in the place of the one before. Throws `loginPageMark`. */
function withLine(page: string, line: string): string {
  const ours = `${begin}\n${line}\n${end}`;
  const place = placeIn(page);
  if (place) return page.slice(0, place.from) + ours + page.slice(place.to);
  return page === '' ? ours : `${page}\n\n${ours}`;
}

/** The page as it was before, byte for byte, with what was written around the line since. Throws `loginPageMark`. */
function withoutLine(page: string): string {
  const place = placeIn(page);
  return place ? page.slice(0, place.from - place.gap.length) + page.slice(place.to) : page;
}

/** What XML cannot hold: with one such character the server loses its whole branding file at the next restart. */
const unfitForXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Throws `loginPageControl` for a text that Jellyfin could not read again (docs/jellyfin.md, "Branding"). */
function assertFitsXml(text: string): void {
  if (unfitForXml.test(text)) throw new AppError('loginPageControl');
}

const discordLink =
  /^(?:https:\/\/)?(discord\.gg\/[\w-]{2,100}|(?:(?:ptb|canary)\.)?discord\.com\/(?:invite\/[\w-]{2,100}|channels\/\d{17,20}\/\d{17,20}))\/?$/i;

/** A Discord invite or a channel's address; undefined for an empty text. Throws `loginPageLink` for anything else. */
function readDiscordLink(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  const link = discordLink.exec(text.trim())?.[1];
  if (link === undefined) throw new AppError('loginPageLink');
  return `https://${link}`;
}
