import type { Params } from '../../errors.js';
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
