import { ask } from '../jellyfin/ask.js';
import { deviceHeader } from '../jellyfin/device-header.js';

/** As whom a device is signed in, and with which token. */
interface OpenedSession {
  readonly account: string | undefined;
  readonly token: string | undefined;
}

/** A device that nobody is signed in on, and that shows a Quick Connect code, as every Jellyfin app can. */
export class CodeDevice {
  #opened: Promise<OpenedSession> | undefined;

  private constructor(
    private readonly url: string,
    private readonly name: string,
    private readonly begun: { readonly Code: string; readonly Secret: string },
  ) {}

  /** Asks Jellyfin for a code. */
  static async begin(url: string, name: string): Promise<CodeDevice> {
    const answer = await call('POST', `${url}/QuickConnect/Initiate`, name);
    return new CodeDevice(url, name, JSON.parse(answer.body) as CodeDevice['begun']);
  }

  get code(): string {
    return this.begun.Code;
  }

  /** As people read it from a screen. */
  get shown(): string {
    return `${this.code.slice(0, 3)} ${this.code.slice(3)}`;
  }

  /** Whether somebody has confirmed the code. */
  async isConfirmed(): Promise<boolean> {
    const { body } = await call('GET', `${this.url}/QuickConnect/Connect?secret=${this.begun.Secret}`, this.name);
    return (JSON.parse(body) as { Authenticated: boolean }).Authenticated;
  }

  /** Fetches the session that a confirmed code opens, once; both undefined where there is none. */
  open(): Promise<OpenedSession> {
    return (this.#opened ??= this.#open());
  }

  async #open(): Promise<OpenedSession> {
    const secret = JSON.stringify({ Secret: this.begun.Secret });
    const { status, body } = await call('POST', `${this.url}/Users/AuthenticateWithQuickConnect`, this.name, secret);
    if (status !== 200) return { account: undefined, token: undefined };
    const { User, AccessToken } = JSON.parse(body) as { User: { Name: string }; AccessToken: string };
    return { account: User.Name, token: AccessToken };
  }
}

function call(method: string, url: string, device: string, body = '') {
  return ask(url, {
    method,
    body,
    headers: { authorization: deviceHeader(device), 'content-type': 'application/json' },
  });
}
