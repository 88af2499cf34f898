import type { AccountServices } from '../accounts/create-accounts.js';
import type { Audit } from '../audit.js';
import type { Events } from '../events.js';
import type { Log } from '../log.js';
import type { NoticeServices } from '../notices/create-notices.js';
import type { Messenger } from '../notices/messenger-port.js';
import type { RequestServices } from '../requests/create-requests.js';
import type { Request, RequestStore } from '../requests/request.js';
import type { Transaction } from '../transaction.js';
import { PasswordDelivery } from './password-delivery.js';
import { PasswordHandover } from './password-handover.js';
import {
  passwordNoticeKinds,
  type PasswordMessages,
  TempPasswordRetirement,
  TempPasswordEvidence,
  type TempPasswordStore,
} from './temp-password.js';
import { Resets } from './password-resets.js';
import { TempPasswordNotices } from './temp-password-notices.js';
import { TempPasswordWatch } from './temp-password-watch.js';

export interface PasswordPorts {
  readonly stores: {
    readonly requests: RequestStore;
    readonly tempPasswords: TempPasswordStore;
    readonly audit: Audit;
    readonly transaction: Transaction;
  };
  readonly messenger: Messenger;
  readonly passwordMessages: PasswordMessages;
  readonly newPassword: () => string;
  readonly config: { readonly tempPasswordTtlMs: number };
  readonly log: Log;
  readonly now: () => number;
}

interface Earlier extends AccountServices, NoticeServices, RequestServices {
  readonly owners: { hearsElsewhere(request: Request, memberId: string): void };
  readonly events: Events;
}

/** Builds requests for new passwords, and what follows a temporary password to its end. */
export function createPasswords(ports: PasswordPorts, earlier: Earlier) {
  const { messenger, passwordMessages: messages, newPassword, log, now } = ports;
  const { requests: store, tempPasswords: records, audit, transaction } = ports.stores;
  const { jellyfin, ownership, permissions, outbox, kept, requests, executor, endings, owners, events, logReader } =
    earlier;
  const ttlMs = ports.config.tempPasswordTtlMs;
  const evidence = new TempPasswordEvidence(logReader);
  const delivery = new PasswordDelivery({
    ...{ store, records, executor, endings, owners, events, jellyfin, messenger, kept, messages, logReader },
    ...{ newPassword, ttlMs, log, now },
  });
  executor.register('reset', delivery);
  const handover = new PasswordHandover({ store, records, delivery, executor, requests, now });
  const resets = new Resets({ store, ownership, jellyfin, permissions, handover, executor, requests, now });
  outbox.register(passwordNoticeKinds, new TempPasswordNotices({ records, requests: store, ownership, messages }));
  const tempPasswordWatch = new TempPasswordWatch({
    ...{ records, requests: store, executor, passwords: delivery, evidence, jellyfin, kept, messages, audit },
    ...{ outbox, transaction, log, now },
    retirement: new TempPasswordRetirement({ records, jellyfin, evidence, now }),
  });
  return { resets, passwordDelivery: delivery, passwordHandover: handover, tempPasswordWatch };
}

export type PasswordServices = ReturnType<typeof createPasswords>;
