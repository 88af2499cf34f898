import { colours, notice, type MessageBody, type Button } from '../../discord/parts.js';
import type { ShownOnStatusCards } from '../../services/create-services.js';
import { firstCardButtonId } from '../../services/status-card/first-card.js';
import {
  givenUpButtonId,
  removeButtonId,
  type StatusCard,
  type StatusCardMessages,
} from '../../services/status-card/status-cards.js';
import type { SentencesFor, Translate } from '../../words.js';
import { householdParts } from './household-overview.js';

/** Discord takes five rows of buttons; the last one is the card's own. */
const mostRows = 4;
const longestText = 4000;

/** The household's card as an ordinary message: its buttons answer beside it, and it is drawn anew by the clock. */
export class DiscordStatusCardMessages implements StatusCardMessages {
  constructor(
    private readonly sentencesFor: SentencesFor,
    private readonly services: ShownOnStatusCards,
  ) {}

  async card(id: number): Promise<MessageBody> {
    const t = this.sentencesFor();
    // Whoever reads it: its buttons for requests are left out.
    const parts = await householdParts(this.services, { t, actor: { rank: 'helper' } });
    const lines = parts.filter((part) => typeof part === 'string');
    const rows = parts.filter((part): part is Button[] => Array.isArray(part) && isUnlock(part));
    const own: Button[] = [
      { id: 'requests:list:all', label: t('statusCard.waiting') },
      { id: removeButtonId(id), label: t('statusCard.remove') },
    ];
    const text = lines.join('\n').slice(0, longestText);
    return notice(t('statusCard.lead'), { colour: colours.quiet, text }, [...rows.slice(0, mostRows), own]);
  }

  givenUp({ id, channelId }: Pick<StatusCard, 'id' | 'channelId'>): MessageBody {
    const t = this.sentencesFor();
    const button = { id: givenUpButtonId(id), label: t('statusCard.keep') };
    return notice(t('statusCard.givenUp', { channel: `<#${channelId}>` }), undefined, [[button]]);
  }

  firstCard(): MessageBody {
    const t = this.sentencesFor();
    const text = t('statusCard.first.text', { free: t('buttons.freeAccounts'), post: t('buttons.putUpHelp') });
    const buttons: Button[] = [
      { id: firstCardButtonId, label: t('buttons.freeAccounts'), style: 'primary' },
      { id: 'help:put-up:card', label: t('buttons.putUpHelp') },
    ];
    return notice(t('statusCard.first.lead'), { colour: colours.quiet, text }, [buttons]);
  }

  signInHelp(): MessageBody {
    return signInHelp(this.sentencesFor());
  }
}

/** *Cannot sign in?*, in the household's language. */
export function signInHelp(t: Translate): MessageBody {
  const button: Button = { id: 'status:check:own', label: t('statusCard.signInHelpButton'), style: 'primary' };
  return notice(t('statusCard.signInHelp'), undefined, [[button]]);
}

/** What waits is decided in its own list: a button far from its line would be pressed for another. */
const isUnlock = (row: Button[]) => row.some(({ id }) => id.startsWith('unlock:now:'));
