import { randomBytes, randomInt } from 'node:crypto';
import type { ClientInfo } from '../store/devices.js';
import { toApiDate, toDbDate } from '../store/formats.js';

const lifetimeMs = 10 * 60_000;
/** A code that was put to use gets one more minute, shown in its date. */
const graceMs = 60_000;

interface Request {
  secret: string;
  code: string;
  client: ClientInfo;
  addedMs: number;
  authenticated: boolean;
  /** What exchanging the secret answers, from the moment of the authorisation on. */
  answer: object | undefined;
}

/** Quick Connect codes, which live in the server's memory for ten minutes and not across a restart. */
export class QuickConnect {
  readonly #requests = new Map<string, Request>();

  constructor(private readonly now: () => Date) {}

  initiate(client: ClientInfo): object {
    const request: Request = {
      secret: randomBytes(32).toString('hex').toUpperCase(),
      code: String(randomInt(1_000_000)).padStart(6, '0'),
      client,
      addedMs: this.now().getTime(),
      authenticated: false,
      answer: undefined,
    };
    this.#requests.set(request.secret, request);
    return shown(request);
  }

  connect(secret: string): object | undefined {
    const request = this.bySecret(secret);
    return request && shown(request);
  }

  bySecret(secret: string): Request | undefined {
    this.#expire();
    return this.#requests.get(secret);
  }

  byCode(code: string): Request | undefined {
    this.#expire();
    return [...this.#requests.values()].find((request) => request.code === code);
  }

  /** Prolongs a code that somebody tried to authorise. */
  touch(request: Request): void {
    request.addedMs = this.now().getTime() + graceMs;
  }

  #expire(): void {
    for (const [secret, request] of this.#requests) {
      if (this.now().getTime() - request.addedMs > lifetimeMs) this.#requests.delete(secret);
    }
  }
}

function shown(request: Request): object {
  return {
    Authenticated: request.authenticated,
    Secret: request.secret,
    Code: request.code,
    DeviceId: request.client.deviceId,
    DeviceName: request.client.deviceName,
    AppName: request.client.app,
    AppVersion: request.client.appVersion,
    DateAdded: toApiDate(toDbDate(new Date(request.addedMs))),
  };
}
