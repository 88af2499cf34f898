import { colours, type MessageBody, notice, whatIsAsked, who } from '../../discord/parts.js';
import type { Request } from '../../services/requests/request.js';
import type { UnpostedMessages } from '../../services/requests/request-deps.js';
import { unpostedButtonIds } from '../../services/requests/unposted-requests.js';
import type { SentencesFor } from '../../words.js';
import { cardSentence } from './request-card.js';

/** What the owners of administrators' accounts read in direct messages while the admin channel reaches nobody. */
export class DiscordUnpostedMessages implements UnpostedMessages {
  constructor(
    private readonly sentencesFor: SentencesFor,
    private readonly adminChannelId: string,
  ) {}

  waits(recipientId: string, request: Request, why: 'closed' | 'noRole'): MessageBody {
    const t = this.sentencesFor(recipientId);
    const params = { member: who(t, request.memberId), what: whatIsAsked(t, request), id: this.adminChannelId };
    const ids = unpostedButtonIds(request.id);
    // Nobody may decide while there is no role for it: whoever pressed the list would be refused.
    const button =
      why === 'closed'
        ? { id: ids.list, label: t('statusCard.waiting') }
        : { id: ids.account, label: t('buttons.showAccount') };
    return notice(t('unposted.waits', params), { colour: colours.waiting, text: t(`unposted.${why}`, params) }, [
      [button],
    ]);
  }

  over(recipientId: string, request: Request): MessageBody {
    return notice(cardSentence(this.sentencesFor(recipientId), request).trim(), undefined, []);
  }
}
