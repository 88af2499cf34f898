import { AppError } from '../../errors.js';
import type { Audit } from '../audit.js';
import type { Actor } from '../members/actor.js';
import { messageKey } from '../notices/kept-message.js';
import type { Messenger } from '../notices/messenger-port.js';
import type { StatusCardMessages } from './status-cards.js';

interface SignInHelpDeps {
  readonly messenger: Pick<Messenger, 'send'>;
  readonly audit: Audit;
  readonly messages: Pick<StatusCardMessages, 'signInHelp'>;
  readonly now: () => number;
}

/** Puts up *Cannot sign in?*, a message that is never edited, for those who know no commands. */
export class SignInHelp {
  constructor(private readonly deps: SignInHelpDeps) {}

  /** Throws `cannotPostThere`. */
  async post({ id: actorId }: Pick<Actor, 'id'>, channelId: string): Promise<void> {
    const { messenger, audit, messages, now } = this.deps;
    const key = messageKey('announcement', { id: Number(channelId.slice(-8)), since: now() });
    if (!(await messenger.send(channelId, messages.signInHelp(), key))) throw new AppError('cannotPostThere');
    audit.record({ actorId, act: 'post card', outcome: 'done', detail: channelId });
  }
}
