import { dayMs, isRecent } from '../../time.js';
import type { Link } from '../accounts/link.js';
import { calmly, type Log } from '../log.js';
import type { Message } from '../notices/messenger-port.js';
import type { DrawnNotice, NoticeRenderer, Outbox } from '../notices/outbox.js';

/** The button that stands on this notice, and on no other message. */
export const oldAppsButtonId = 'status:old-apps:household';

const notice = { kind: 'oldApps', subjectId: 'household', recipientId: 'admins' } as const;

export interface OldAppsDeps {
  readonly signInRules: { takesOldApps(): Promise<boolean> };
  readonly links: { all(): readonly Link[] };
  readonly outbox: Pick<Outbox, 'owe' | 'deliver' | 'wasOwed'>;
  readonly messages: { oldApps(): Message };
  readonly log: Log;
  readonly now: () => number;
}

/** Tells the admins, once for a household, that Jellyfin 12 refuses old apps, and where the switch is. */
export class OldApps implements NoticeRenderer {
  #lookedAt: number | undefined;

  constructor(private readonly deps: OldAppsDeps) {}

  /** Once a minute; asks Jellyfin once a day, until it was told. Not before somebody is linked: there is enough to do first. */
  async round(): Promise<void> {
    const { links, outbox, log, now } = this.deps;
    if (this.#lookedAt !== undefined && isRecent(this.#lookedAt, now(), dayMs)) return;
    if (outbox.wasOwed(notice) || links.all().length === 0) return;
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
    return { findBy: [oldAppsButtonId], message: () => this.deps.messages.oldApps() };
  }
}
