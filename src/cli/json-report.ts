import type { Plan } from '../services/rescue/ladder/plan.js';
import type { RescueEnd } from '../services/rescue/ladder/rescue.js';

interface Told {
  /** Where Jellyfin was looked for. */
  readonly url: string;
  readonly password: string | undefined;
}

/** What `--json` prints: one object, its names as they are promised in docs/rescue.md. */
export function jsonReport(plan: Plan, end: RescueEnd, sentence: string, { url, password }: Told): object {
  const { outcome, rung, code, steps, before, after, copy, leftStopped, key, pinIsPassword } = end;
  const { serverDir, db, guessed } = plan.location;
  return {
    account: plan.target.name,
    outcome,
    sentence,
    rung: rung ?? null,
    code: code ?? null,
    server: { url, version: plan.server?.version ?? null, code: plan.serverTrouble ?? null },
    files: { serverDir: serverDir ?? null, db: db ?? null, guessed },
    rungs: plan.rungs.map(({ rung: name, open, note, why }) => ({
      rung: name,
      open,
      why: open ? null : (note ?? why ?? null),
    })),
    steps: steps.map(({ rung: on, name, outcome: ended, code: why }) => ({
      rung: on,
      step: name,
      outcome: ended,
      code: why ?? null,
    })),
    before: before ?? null,
    after: after ?? null,
    copy: copy ?? null,
    serverLeftStopped: leftStopped,
    unseen: end.unseen ?? [],
    key: key ?? null,
    pinIsPassword,
    temporaryPassword: password ?? null,
  };
}

interface Refused {
  readonly account: string | undefined;
  readonly outcome?: 'notYet' | 'cancelled';
  readonly sentence: string;
  readonly code?: string | undefined;
}

/** The same object where it did not come to a plan: a wrong value, an account that nobody has, Ctrl-C. */
export function jsonRefusal({ account, outcome = 'notYet', sentence, code }: Refused): object {
  return {
    account: account ?? null,
    outcome,
    sentence,
    rung: null,
    code: code ?? null,
    server: null,
    files: null,
    rungs: [],
    steps: [],
    before: null,
    after: null,
    copy: null,
    serverLeftStopped: false,
    unseen: [],
    key: null,
    pinIsPassword: false,
    temporaryPassword: null,
  };
}
