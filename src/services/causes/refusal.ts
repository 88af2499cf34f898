import { hourMs, minuteMs } from '../../time.js';
import type { Cause, CauseKind } from './cause.js';

/** A sign-in that the server refused, as its own log says it. */
export interface Refusal {
  readonly why: RefusalReason;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** `disabled`: locked, or switched off; the server's log does not tell them apart. */
export type RefusalReason = 'disabled' | 'schedule' | 'remote' | 'devices' | 'sessions' | 'providerGone' | 'password';

export interface LogSight {
  readonly refusal: Refusal | undefined;
  /** Of the stamps on the log's lines. */
  readonly utcOffsetMinutes: number | undefined;
}

/** The server's log, of which nothing but this is kept: access tokens stand in it. Throws AppError with a `jellyfin…` code. */
export interface RefusalLog {
  /** The last refusal of an account by its name, and the server's time zone; undefined where the log does not come whole. */
  look(accountName: string): Promise<LogSight | undefined>;
  /** The server's time zone alone, by the first line of its log. Two calls. */
  utcOffsetMinutes(): Promise<number | undefined>;
}

/** A refusal that says which of the causes it was. */
export interface Proof {
  readonly at: number;
  readonly kind: CauseKind;
}

const reason: Readonly<Partial<Record<CauseKind, RefusalReason>>> = {
  ...{ locked: 'disabled', disabled: 'disabled', schedule: 'schedule', remote: 'remote', devices: 'devices' },
  ...{ sessions: 'sessions', providerGone: 'providerGone', password: 'password' },
};

/**
 * Which of the causes a refusal of the last hour was. One that the account does not show any more is mended; and anybody can
 * write into the server's log, by the name they sign in with, so that it decides among causes and makes none.
 */
export function provenCause(causes: readonly Cause[], refusal: Refusal | undefined, now: number): Proof | undefined {
  if (!refusal || refusal.at < now - hourMs || refusal.at > now + 5 * minuteMs) return undefined;
  const cause = causes.find(({ kind }) => reason[kind] === refusal.why);
  return cause && { at: refusal.at, kind: cause.kind };
}
