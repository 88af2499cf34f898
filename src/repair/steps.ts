import type { RefusalCode, RepairLine, RepairStepName } from '../services/rescue/ladder/repair-port.js';

type Params = Record<string, string | number>;

/** Tells of each step, and knows at which one something has failed. */
export class Steps {
  /** What is being done, also where nobody was told yet that it was begun. */
  at: RepairStepName = 'record';

  constructor(private readonly emit: (line: RepairLine) => void) {}

  begin(step: RepairStepName): void {
    this.at = step;
    this.emit({ kind: 'step', step, outcome: 'begun' });
  }

  end(step: RepairStepName, outcome: 'done' | 'nothing', params?: Params): void {
    this.emit({ kind: 'step', step, outcome, ...(params && { params }) });
  }

  failed(step: RepairStepName, code: RefusalCode, params: Params): void {
    this.emit({ kind: 'step', step, outcome: 'failed', code, params });
  }
}
