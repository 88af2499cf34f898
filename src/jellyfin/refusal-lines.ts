import { sameName } from '../identifiers.js';
import type { LogSight, Refusal, RefusalReason } from '../services/causes/refusal.js';

/** Such as `[2026-11-29 19:41:03.565 +00:00] [ERR] [11] Jellyfin.Api.Middleware.ExceptionMiddleware: …`. */
const line = /^\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3}) ([+-]\d\d):(\d\d)\] \[\w+\] \[(\d+)\] \S+: (.*)$/;
const request = /^Authentication request for "(.*?)" (has succeeded|.*)/;
const missingProvider = /^User "(.*)" was found with invalid\/missing Authentication Provider /;

/** What a line about an account's sign-in says of it; the same words in all versions (docs/jellyfin.md, "Refused sign-ins"). */
const saidOfRequest: readonly (readonly [RegExp, RefusalReason])[] = [
  [/currently disabled/, 'disabled'],
  [/^is not allowed at this time/, 'schedule'],
  [/^forbidden: remote access disabled/, 'remote'],
  [/^has been denied/, 'password'],
];
/** What is said only after the password was right, in a line without a name, by the same thread. */
const saidAfterwards: readonly (readonly [RegExp, RefusalReason])[] = [
  [/User is not allowed access from this device/, 'devices'],
  [/User is at their maximum number of sessions/, 'sessions'],
];

/** A line that is longer is not about a sign-in. */
const longestLine = 4096;

/** Looks for one account's last refusal in the server's log, as it comes in. No more of a line is kept than that. */
export class RefusalLines {
  #rest = '';
  #refusal: Refusal | undefined;
  #utcOffsetMinutes: number | undefined;
  /** Threads whose last request was of this account: its password was right, or its provider is missing. */
  readonly #succeeded = new Set<string>();
  readonly #stranded = new Set<string>();

  constructor(private readonly accountName: string) {}

  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > longestLine) this.#rest = '';
    for (const each of lines) this.#read(each);
  }

  /** With the last line, which may end without a line break. */
  end(): LogSight {
    this.#read(this.#rest);
    return this.sight;
  }

  get sight(): LogSight {
    return { refusal: this.#refusal, utcOffsetMinutes: this.#utcOffsetMinutes };
  }

  #read(text: string): void {
    const [, day = '', time = '', hours = '', minutes = '', thread = '', said = ''] =
      line.exec(text.replace(/\r$/, '')) ?? [];
    const at = Date.parse(`${day}T${time}${hours}:${minutes}`);
    // No line of the server's; or somebody who signs in wrote a day that there is not into it, by their name.
    if (Number.isNaN(at)) return;
    const sign = hours.startsWith('-') ? -1 : 1;
    this.#utcOffsetMinutes = sign * (Math.abs(Number(hours)) * 60 + Number(minutes));
    const why = this.#why(said, thread);
    if (why !== undefined) this.#refusal = { why, at };
  }

  #why(said: string, thread: string): RefusalReason | undefined {
    const missing = missingProvider.exec(said);
    if (missing) {
      this.#note(this.#stranded, thread, missing[1]);
      return undefined;
    }
    const [, name, outcome = ''] = request.exec(said) ?? [];
    if (name !== undefined) {
      this.#note(this.#succeeded, thread, outcome.startsWith('has succeeded') ? name : undefined);
      const isStranded = this.#stranded.delete(thread);
      if (!sameName(name, this.accountName)) return undefined;
      const why = saidOfRequest.find(([words]) => words.test(outcome))?.[1];
      return why === 'password' && isStranded ? 'providerGone' : why;
    }
    return this.#succeeded.has(thread) ? saidAfterwards.find(([words]) => words.test(said))?.[1] : undefined;
  }

  #note(threads: Set<string>, thread: string, name: string | undefined): void {
    if (name !== undefined && sameName(name, this.accountName)) threads.add(thread);
    else threads.delete(thread);
  }
}
