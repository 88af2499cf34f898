import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../errors.js';
import type { Audit } from '../audit.js';
import type { Actor } from '../members/actor.js';
import { assertFitsXml, lineIn, readDiscordLink, withLine, withoutLine } from './login-line.js';

/** How the server's pages look, with fields that Latchkey does not know: a write replaces the whole. */
export type Branding = Readonly<Record<string, unknown>>;

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
export async function changeLoginPage(port: BrandingPort, change: (page: string) => string): Promise<void> {
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
