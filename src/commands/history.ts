import { AppError } from '../errors.js';
import { readMention } from '../identifiers.js';
import { defineCommand, type Context, type Reply, inPlace, inPrivate } from '../discord/command.js';
import { escapeText } from '../discord/escape.js';
import { admins } from '../discord/guards.js';
import { answer, type Button } from '../discord/parts.js';
import type { NamedAccount } from '../services/accounts/account.js';
import type { HistoryFilter, HistoryPage } from '../services/history/history.js';
import type { Services } from '../services/create-services.js';
import { accountChoices, accountCommand } from './accounts/account-choice.js';
import { historyCsv } from './history/history-csv.js';
import { historyLine } from './history/history-lines.js';

type Deps = Pick<Services, 'accounts' | 'history' | 'picker' | 'picture'>;

const pictureName = 'sign-ins.png';
const fileName = 'latchkey-history.csv';

/** `/history [user]`: who did what to whom, when, and how it ended. */
export default ({ accounts, history, picker, picture }: Deps) => {
  /** By id or name; an account that is gone from Jellyfin by now has a history all the same. */
  async function filterBy(text: string | undefined): Promise<HistoryFilter> {
    if (text === undefined) return {};
    const mentioned = readMention(text);
    if (mentioned !== undefined) return { memberId: mentioned };
    let known: readonly NamedAccount[] = [];
    let trouble: AppError | undefined;
    try {
      known = await accounts.find(text);
    } catch (error) {
      // The history is the bot's own, and is read when Jellyfin is down, too.
      if (!(error instanceof AppError)) throw error;
      trouble = error;
    }
    if (known.length > 1) throw new AppError('accountAmbiguous', { name: escapeText(text) });
    const found = known[0] ?? history.accountCalled(text);
    if (!found) throw trouble ?? new AppError('accountUnknown', { name: escapeText(text) });
    return { accountId: found.id, accountName: found.name };
  }

  async function shown(context: Context, found: HistoryPage): Promise<Reply> {
    const { t } = context;
    const parts: Parameters<typeof answer>[0][number][] = [heading(context, found)];
    const files = [];
    if (found.page === 0 && found.view.accountId === undefined && found.view.memberId === undefined) {
      const days = history.lastDays();
      const failed = days.reduce((sum, each) => sum + each.failed, 0);
      const locked = days.reduce((sum, each) => sum + each.locked, 0);
      if (failed + locked > 0) {
        const words = {
          title: t('history.picture.title'),
          failed: t('history.picture.failed', { count: failed }),
          locked: t('history.picture.locked', { count: locked }),
          locale: t.locale,
        };
        const data = await picture.draw(days, words);
        const said = `${words.title}. ${words.failed}. ${words.locked}.`;
        if (data) files.push({ name: pictureName, data });
        parts.push(data ? { picture: pictureName, alt: said } : said);
      }
    }
    parts.push(found.count === 0 ? t('history.none') : found.entries.map((each) => historyLine(t, each)).join('\n'));
    parts.push(buttons(context, found));
    if (context.channelId !== undefined)
      parts.push({ id: `history:member:${found.view.id}`, memberPlaceholder: t('history.byMember'), optional: true });
    return { answer: answer(parts), files };
  }

  const updated = async (context: Context, found: HistoryPage): Promise<Reply> => {
    const { answer: update, files } = await shown(context, found);
    return { ...(update && { update }), ...(files && { files }) };
  };

  return defineCommand({
    data: accountCommand('history', 'historyUser'),
    guard: admins,
    run: async (context) => {
      const filter = await filterBy(context.text('user'));
      return shown(context, history.open(context.actor, filter));
    },
    choices: { user: accountChoices(picker) },
    buttons: {
      page: inPlace(admins, (context) =>
        updated(context, history.page(context.actor, Number(context.id), context.page)),
      ),
      csv: inPrivate(admins, ({ actor, t, id }) => {
        const entries = history.all(actor, Number(id));
        const text = t('history.file', { count: entries.length });
        return {
          answer: answer([text, { file: fileName }]),
          files: [{ name: fileName, data: historyCsv(t, entries) }],
        };
      }),
    },
    selects: {
      member: inPlace(admins, (context) =>
        updated(context, history.about(context.actor, Number(context.id), context.values[0])),
      ),
    },
  });
};

function heading({ t }: Context, { view, count, page, pages }: HistoryPage): string {
  const filters = [
    ...(view.accountId === undefined ? [] : [`**${escapeText(view.accountName ?? view.accountId)}**`]),
    ...(view.memberId === undefined ? [] : [`<@${view.memberId}>`]),
  ].join(' · ');
  const title = filters === '' ? t('history.all') : t('history.about', { filters });
  return `${title}\n-# ${t('history.figures', { count, page: page + 1, pages })}`;
}

function buttons({ t }: Context, { view, page, pages, count }: HistoryPage): Button[] {
  const to = (wanted: number) => `history:page:${view.id}:${wanted}`;
  const turning: Button[] =
    pages < 2
      ? []
      : [
          { id: to(Math.max(0, page - 1)), label: t('history.newer'), disabled: page === 0 },
          // Two buttons of one message may not have the same id, which they would have at the ends.
          {
            id: page + 1 < pages ? to(page + 1) : `${to(page)}0`,
            label: t('history.older'),
            disabled: page + 1 >= pages,
          },
        ];
  return [...turning, { id: `history:csv:${view.id}`, label: t('history.csv'), disabled: count === 0 }];
}
