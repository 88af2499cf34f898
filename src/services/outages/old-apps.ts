import { dayMs, isRecent } from '../../time.js';
import { calmly } from '../log.js';
import type { NoticeDeps } from '../notices/create-notices.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import type { OutageMessages } from './outages.js';

/** The button that stands on this notice, and on no other message. */
export const oldAppsButtonId = 'status:old-apps:household';

const notice = { kind: 'oldApps', subjectId: 'household', recipientId: 'admins' } as const;

interface OldAppsDeps extends NoticeDeps {
  readonly signInRules: { takesOldApps(): Promise<boolean> };
  readonly outageMessages: OutageMessages;
}

/** Tells the admins, once for a household, that Jellyfin 12 refuses old apps, and where the switch is. */
export class OldApps implements NoticeRenderer {
  #lookedAt: number | undefined;

  constructor(private readonly deps: OldAppsDeps) {}

  /** Once a minute; asks Jellyfin once a day, until it was told. Not before somebody is linked: there is enough to do first. */
  async round(): Promise<void> {
    const { stores, outbox, log, now } = this.deps;
    if (this.#lookedAt !== undefined && isRecent(this.#lookedAt, now(), dayMs)) return;
    if (outbox.wasOwed(notice) || stores.links.all().length === 0) return;
    this.#lookedAt = now();
    await calmly(log, {}, 'whether Jellyfin takes old apps could not be told yet', async () => {
      if (!(await this.look())) outbox.owe(notice);
    });
    await outbox.deliver([notice.kind]);
  }

  /** Whether Jellyfin lets old apps in now. Throws a Jellyfin code. */
  look(): Promise<boolean> {
    return this.deps.signInRules.takesOldApps();
  }

  draw(): DrawnNotice {
    return { findBy: [oldAppsButtonId], message: () => this.deps.outageMessages.oldApps() };
  }
}
