import { CodeDevice } from '../demo/code-device.js';
import type { DemoServer } from '../demo/server.js';
import type { SeenTelevision } from './shared.js';

const device = 'Television';
const pollMs = 700;

/** The household's television: Jellyfin's sign-in page, used over HTTP as any device uses it. */
export class Television {
  #last: SeenTelevision['last'];
  #account: string | undefined;
  #code: CodeDevice | undefined;
  #poll: NodeJS.Timeout | undefined;
  #signedIn: SeenTelevision['signedIn'] = [];

  constructor(
    private readonly jellyfin: DemoServer,
    private readonly accounts: readonly string[],
    private readonly changed: () => void,
  ) {}

  get seen(): SeenTelevision {
    return {
      signedIn: this.#signedIn,
      accounts: this.accounts,
      ...(this.#last && { last: this.#last }),
      ...(this.#account !== undefined && { account: this.#account }),
      ...(this.#code && { code: this.#code.shown }),
    };
  }

  /** Who is signed in where, as Jellyfin says; a session that it has ended leaves the television, too. */
  setSignedIn(signedIn: SeenTelevision['signedIn']): void {
    this.#signedIn = signedIn;
    const isHere = signedIn.some(
      ({ user, device: name }) => user === this.#account && name.toLowerCase() === device.toLowerCase(),
    );
    if (this.#account !== undefined && !isHere) this.leave();
    this.changed();
  }

  /** Signs in with a name and a password; the status is 0 where Jellyfin does not answer. */
  async signIn(account: string, password: string): Promise<{ status: number; token: string | undefined }> {
    const answer = await this.jellyfin.signIn(account, password, device).catch(() => ({ status: 0, token: undefined }));
    this.shows(account, answer.status);
    return answer;
  }

  /** Shows how a sign-in went that was made elsewhere in the house. */
  shows(account: string, status: number): void {
    this.#last = { account, status };
    if (status === 200) this.#enter(account);
    this.changed();
  }

  /** Back to the sign-in page; the session is not ended in Jellyfin. */
  leave(): void {
    this.#account = undefined;
    this.#last = undefined;
    this.#showCode(undefined);
    this.changed();
  }

  /** Asks for a Quick Connect code, and signs in once somebody has confirmed it; undefined where Jellyfin has none. */
  async askForCode(): Promise<CodeDevice | undefined> {
    this.leave();
    const code = await CodeDevice.begin(this.jellyfin.url, device).catch(() => undefined);
    if (!code) this.shows('', 0);
    this.#showCode(code);
    this.changed();
    return code;
  }

  close(): void {
    clearInterval(this.#poll);
  }

  #showCode(code: CodeDevice | undefined): void {
    clearInterval(this.#poll);
    this.#code = code;
    if (!code) return;
    this.#poll = setInterval(() => {
      void code
        .isConfirmed()
        .then(async (confirmed) => {
          if (!confirmed || this.#code !== code) return;
          const { account } = await code.open();
          this.#showCode(undefined);
          if (account !== undefined) this.shows(account, 200);
        })
        .catch(() => undefined); // Jellyfin is away for a moment, or the code is too old
    }, pollMs);
  }

  #enter(account: string): void {
    this.#account = account;
    this.#showCode(undefined);
  }
}
