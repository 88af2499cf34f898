import { AppError } from '../../errors.js';
import { isStillTheirs, type AccountNoticeStore, type AccountNoticeKind } from '../notices/account-notices.js';
import type { Actor } from '../members/actor.js';
import type { Denials } from './lockout-denials.js';
import type { LinkStore } from '../accounts/link.js';
import type { PinWatch } from '../pins/pin-watch.js';

/** *It wasn't me*, on a message that may speak of wrong passwords, of a PIN, or of both. */
export class NotMe {
  constructor(
    private readonly store: Pick<AccountNoticeStore, 'byId' | 'at'>,
    private readonly links: Pick<LinkStore, 'ofMember'>,
    private readonly denials: Pick<Denials, 'deny'>,
    private readonly pins: Pick<PinWatch, 'notMe'> | undefined,
  ) {}

  /** Tells the admins; gives back what it was about, and of what they could be told. Throws `requestGone`, `requestNotYours`, or `accountNotYours`. */
  async press(wordId: number, actor: Actor): Promise<ReadonlyMap<AccountNoticeKind, boolean>> {
    const word = this.store.byId(wordId);
    if (!word) throw new AppError('requestGone');
    if (word.to !== actor.id) throw new AppError('requestNotYours');
    if (!isStillTheirs(this.links, word)) throw new AppError('accountNotYours');
    const others = word.place ? this.store.at(word.place).filter(({ id, isOver }) => id !== word.id && !isOver) : [];
    const told = new Map<AccountNoticeKind, boolean>();
    for (const each of [word, ...others]) {
      if (each.kind === 'lockout') {
        await this.denials.deny(each);
        told.set('lockout', true);
      } else if (this.pins) told.set(each.kind, await this.pins.notMe(each.id, actor));
      else throw new AppError('cardOutdated');
    }
    return told;
  }
}
