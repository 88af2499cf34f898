import { colours, type MessageBody, notice, seconds } from '../../discord/parts.js';
import { lookAgainId, type Outage, type OutageMessages } from '../../services/outages/outages.js';
import { oldAppsButtonId } from '../../services/outages/old-apps.js';
import type { SentencesFor } from '../../words.js';

const keyRefused: readonly string[] = ['jellyfinKeyRefused', 'jellyfinKeyNotAdmin'];
const silent: readonly string[] = ['jellyfinUnreachable', 'jellyfinTimeout', 'jellyfinStarting'];

/** The card that follows whether Jellyfin answers, and that it refuses old apps, in the household's language; nobody is pinged. */
export class DiscordOutageMessages implements OutageMessages {
  constructor(private readonly sentencesFor: SentencesFor) {}

  card({ id, code, params, begunAt, endedAt }: Outage): MessageBody {
    const t = this.sentencesFor();
    const times = { at: seconds(begunAt), until: seconds(endedAt ?? begunAt) };
    if (endedAt !== undefined) return notice(t('outage.over'), { colour: colours.good, text: t('outage.was', times) });
    const what = keyRefused.includes(code) ? 'key' : silent.includes(code) ? 'silent' : 'odd';
    const [sentence, ...fix] = t.withFix(code, params);
    const text = [t('outage.since', times), ...(what === 'odd' ? [sentence] : []), ...fix].join('\n');
    const look = { id: lookAgainId(id), label: t('buttons.lookAgain') };
    return notice(t(`outage.${what}`), { colour: colours.bad, text }, [[look]]);
  }

  oldApps(): MessageBody {
    const t = this.sentencesFor();
    const text = [t('account.oldApp'), t('account.oldAppSwitch')].join('\n');
    const look = { id: oldAppsButtonId, label: t('buttons.lookAgain') };
    return notice(t('oldApps.refused'), { colour: colours.waiting, text }, [[look]]);
  }
}
