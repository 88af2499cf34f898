import type { AccountServices } from '../accounts/create-accounts.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { Audit } from '../audit.js';
import type { Log } from '../log.js';
import type { NoticeServices } from '../notices/create-notices.js';
import type { Messenger } from '../notices/messenger-port.js';
import type { PasswordServices } from '../passwords/create-passwords.js';
import type { PinsExpected, PinWatch } from '../pins/pin-watch.js';
import type { RequestServices } from '../requests/create-requests.js';
import type { RequestStore } from '../requests/request.js';
import type { OwnerNotices } from '../links/owner-notices.js';
import { RescuePasswords } from './rescue-passwords.js';
import { RescueRights } from './rescue-rights.js';
import type { RescueStore } from './rescue-run.js';
import { Rescues, type RescuesDeps } from './rescues.js';

export interface RescuePorts {
  readonly stores: {
    readonly rescues: RescueStore;
    readonly requests: RequestStore;
    readonly audit: Audit;
  };
  readonly rescue: Pick<
    RescuesDeps,
    'messages' | 'repair' | 'db' | 'leavesKey' | 'wait' | 'editEveryMs' | 'answerWithinMs'
  > & {
    /** Changes accounts through the same directory as everything else. */
    readonly ladder: (jellyfin: Jellyfin, pinsExpected: PinsExpected) => ReturnType<RescuesDeps['ladder']>;
  };
  readonly messenger: Messenger;
  readonly config: { readonly discord: { readonly adminChannelId: string } };
  readonly log: Log;
  readonly now: () => number;
}

interface Earlier extends AccountServices, NoticeServices, RequestServices, PasswordServices {
  readonly owners: Pick<OwnerNotices, 'tell'>;
  readonly pins: PinWatch | undefined;
}

/** Builds rescues in direct messages. */
export function createRescues({ stores, rescue, messenger, config, log, now }: RescuePorts, earlier: Earlier) {
  const { accounts, jellyfin, ownership, kept, executor, passwordDelivery: delivery, owners, pins } = earlier;
  const { rescues: store, requests, audit } = stores;
  const { messages } = rescue;
  return new Rescues({
    ...rescue,
    ...{ store, kept, jellyfin, messenger, audit, log, now },
    adminChannelId: config.discord.adminChannelId,
    ladder: () => rescue.ladder(jellyfin, pins ?? nobodyWatches),
    rights: new RescueRights({ ownership, jellyfin, accounts }),
    passwords: new RescuePasswords({
      store: requests,
      passwords: delivery,
      executor,
      owners,
      messenger,
      messages,
      log,
      now,
    }),
  });
}

const nobodyWatches: PinsExpected = { expect: () => undefined, over: () => undefined };
