import { ask } from '../jellyfin/ask.js';
import { deviceHeader } from '../jellyfin/device-header.js';
import type { UserAnswer } from '../jellyfin/http/user-answer.js';
import type { JellyfinProcess } from '../jellyfin/process/start-process.js';

/** The household's Jellyfin, seen from outside: over HTTP, as its apps and its dashboard see it. */
export class DemoServer {
  constructor(readonly process: JellyfinProcess) {}

  get url(): string {
    return this.process.url;
  }

  /** Signs in on a device of its own or the one named. */
  async signIn(name: string, password: string, device = `${name}'s device`) {
    const body = JSON.stringify({ Username: name, Pw: password });
    const { status, body: answer } = await this.#call('POST', '/Users/AuthenticateByName', deviceHeader(device), body);
    const token = status === 200 ? (JSON.parse(answer) as { AccessToken: string }).AccessToken : undefined;
    return { status, token };
  }

  async tokenWorks(token: string | undefined): Promise<boolean> {
    return (await this.#call('GET', '/Users/Me', tokenHeader(token ?? 'never signed in'))).status === 200;
  }

  /** How the server answers to an API key: 200, or 401. */
  async keyAnswers(key: string): Promise<number> {
    return (await this.#call('GET', '/Users', tokenHeader(key))).status;
  }

  /** An account as it is, all of it. Throws for a key that is not taken. */
  async user(name: string, key: string): Promise<UserAnswer> {
    const { status, body } = await this.#call('GET', '/Users', tokenHeader(key));
    if (status !== 200) throw new Error(`Jellyfin answers ${status} to that key`);
    const found = (JSON.parse(body) as UserAnswer[]).find(({ Name }) => Name === name);
    if (!found) throw new Error(`there is no account ${name}`);
    return found;
  }

  /** What the dashboard does when an administrator deletes a key; gives back how it is answered. */
  async deleteKey(key: string, token: string | undefined): Promise<number> {
    return (await this.#call('DELETE', `/Auth/Keys/${key}`, tokenHeader(token ?? ''))).status;
  }

  /** Signs in and sets another password, as the settings of one's own account do; gives back how that is answered. */
  async changePassword(name: string, current: string, next: string): Promise<number> {
    const { token = '' } = await this.signIn(name, current);
    const body = JSON.stringify({ CurrentPw: current, NewPw: next });
    return (await this.#call('POST', '/Users/Password', tokenHeader(token), body)).status;
  }

  /** Types a Quick Connect code on a device that is signed in; gives back how that is answered. */
  async confirmCode(code: string, token: string | undefined): Promise<number> {
    return (await this.#call('POST', `/QuickConnect/Authorize?code=${code}`, tokenHeader(token ?? ''))).status;
  }

  /** How many devices are signed in with an app of this name. */
  async devicesWith(app: string, key: string): Promise<number> {
    const { body } = await this.#call('GET', '/Devices', tokenHeader(key));
    const { Items } = JSON.parse(body) as { Items: { AppName: string }[] };
    return Items.filter(({ AppName }) => AppName === app).length;
  }

  /** What the activity log says that has this in it, oldest first. */
  async logged(text: string, key: string): Promise<string[]> {
    const { body } = await this.#call('GET', '/System/ActivityLog/Entries?limit=1000', tokenHeader(key));
    const { Items } = JSON.parse(body) as { Items: { Name: string }[] };
    const names = Items.map(({ Name }) => Name);
    return names.filter((name) => name.includes(text)).reverse();
  }

  #call(method: string, path: string, authorization: string, body = '') {
    const headers = { authorization, 'content-type': 'application/json' };
    return ask(`${this.url}${path}`, { method, headers, body });
  }
}

function tokenHeader(token: string): string {
  return `MediaBrowser Token="${token}"`;
}
