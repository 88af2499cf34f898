import type { AccountServices } from '../accounts/create-accounts.js';
import type { Audit } from '../audit.js';
import type { Log } from '../log.js';
import type { NoticeServices } from '../notices/create-notices.js';
import type { RequestServices } from '../requests/create-requests.js';
import type { Transaction } from '../transaction.js';
import { PassEnds } from './pass-ends.js';
import { type PassMessages, PassNotices } from './pass-notices.js';
import { Passes, type PassPorts as PortsOfPasses } from './passes.js';

export interface PassPorts extends PortsOfPasses {
  readonly stores: PortsOfPasses['stores'] & { readonly audit: Audit; readonly transaction: Transaction };
  readonly passMessages: PassMessages;
  readonly log: Log;
}

/** Builds what opens restrictions for a while and puts them back. */
export function createPasses(ports: PassPorts, earlier: AccountServices & NoticeServices & RequestServices) {
  const { stores, passMessages: messages } = ports;
  const passes = new Passes({ ...ports, ...earlier });
  earlier.executor.register('pass', passes);
  const notices = new PassNotices({ ...stores, messages, ownership: earlier.ownership });
  earlier.outbox.register(['passStillOpen', 'passEndedEarly'], notices);
  return { passes, passEnds: new PassEnds({ ...ports, ...earlier }) };
}
