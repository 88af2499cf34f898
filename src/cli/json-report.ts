import type { RescueEnd } from '../services/rescue/rescue.js';
import type { Plan } from '../services/rescue/plan.js';

/** What `--json` prints: one object, its names as they are promised in docs/rescue.md. */
export function jsonReport(plan: Plan, end: RescueEnd, sentence: string, password: string | undefined): object {
  const { outcome, rung, code, steps, before, after, copy, leftStopped, key, pinIsPassword } = end;
  return {
    account: plan.target.name,
    outcome,
    sentence,
    rung: rung ?? null,
    code: code ?? null,
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
    key: key ?? null,
    pinIsPassword,
    temporaryPassword: password ?? null,
  };
}
