import { AppError } from '../errors.js';
import { defineCommand, type CommandContext, type Context, inPrivate } from '../discord/command.js';
import { admins, helpers } from '../discord/guards.js';
import { answer, colours, type Part } from '../discord/parts.js';
import type { Services } from '../services/create-services.js';
import { type AccountCardServices, accountCards } from './accounts/account-card.js';
import { accountSelect, mostOptions } from './accounts/account-choice.js';
import { linkSentence, undoLinks } from './links/undo-link.js';
import { names } from './requests/request-card.js';

/** *Jellyfin account* in a member's menu: the same card as `/status user:` for that member; an admin can link them there. */
export default (services: AccountCardServices & Pick<Services, 'links'>) => {
  async function cards(context: CommandContext): Promise<Part[]> {
    const { target, actor, t } = context;
    const memberId = target?.id ?? '';
    const accounts = services.picker.accountsOf(memberId);
    if (accounts.length > 0) return accountCards(services, context, accounts);
    if (actor.rank !== 'admin' || target?.isBot || !target?.inServer) {
      throw new AppError('memberNotLinked', { member: `<@${memberId}>` });
    }
    return [t('link.free.notTheir', { member: `<@${memberId}>` })];
  }

  /** Accounts to link the member to, below who that is; of what is free, those first that are called like them. */
  async function linking({ target, actor, t }: CommandContext): Promise<Part[]> {
    if (actor.rank !== 'admin' || !target?.inServer) return [];
    const called = target.name.toLowerCase();
    const likely = (name: string) =>
      Number(!called.includes(name.toLowerCase()) && !name.toLowerCase().includes(called));
    const free = [...(await services.links.free())].sort((a, b) => likely(a.name) - likely(b.name));
    if (free.length === 0) return [];
    const facts = services.links.nameFacts({ ...target, memberId: target.id });
    const who = facts ? [names(t, { linksOnApproval: true }, facts).join('\n')] : [];
    const select = accountSelect(`account:link:${target.id}`, t('link.free.pickMember'), free);
    return [...who, select, ...(free.length > mostOptions ? [t('link.free.more')] : [])];
  }

  async function link({ actor, t }: Context, memberId: string, accountId: string) {
    const made = await services.links.linkFree(actor, memberId, accountId);
    return { answer: answer([linkSentence(t, 'done', made), ...undoLinks(t, [made])], colours.good) };
  }

  return defineCommand({
    data: { type: 'user-menu', name: 'Jellyfin account', id: 'account', where: 'server' },
    guard: helpers,
    run: async (context) => ({ answer: answer([...(await cards(context)), ...(await linking(context))]) }),
    selects: {
      link: inPrivate(admins, (context) => link(context, context.id, context.values[0] ?? '')),
    },
  });
};
