import { errorCode } from '../../error-code.js';
import type { Params } from '../../errors.js';
import { UnfitFile } from '../../small-file.js';
import type { RefusalCode } from '../../services/rescue/ladder/repair-port.js';

/** Why a repair does not go on; the locales have a sentence for each code, under `repair.refused`. */
export class RepairRefusal extends Error {
  override readonly name = 'RepairRefusal';

  constructor(
    readonly code: RefusalCode,
    readonly params: Params = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

/** Whether another process has the file, so that a transaction was never begun, or not committed. */
export function isBusy(error: unknown): boolean {
  const code = errorCode(error) ?? '';
  return code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED';
}

/** Turns an error of SQLite or the system into a refusal; a refusal is returned as it is. */
export function asRepairRefusal(error: unknown, otherwise: 'corrupt' | 'writeFailed'): RepairRefusal {
  if (error instanceof RepairRefusal) return error;
  if (error instanceof UnfitFile) return new RepairRefusal('strangeFile', { file: error.path }, { cause: error });
  const code = errorCode(error) ?? '';
  const why = code || (error instanceof Error ? error.message : String(error));
  if (isBusy(error)) return new RepairRefusal('busy', {}, { cause: error });
  if (code === 'SQLITE_NOTADB') return new RepairRefusal('notJellyfinDatabase', { missing: why }, { cause: error });
  if (code.startsWith('SQLITE_CORRUPT')) return new RepairRefusal('corrupt', { why }, { cause: error });
  return new RepairRefusal(otherwise, { why }, { cause: error });
}
