import type { Translate } from '../../words.js';
import type { Extra, OwnServer, Step } from '../draft.js';
import { Leaving } from '../ui.js';
import { fromDiscord } from './discord.js';

/**
 * What may be had besides, in one question: the settings of the administrator's own way back, where a Jellyfin's folder is
 * on this computer, and what is put up in Jellyfin and Discord.
 */
export const askExtras: Step = async (draft, { ui, t, before, findOwnServer }) => {
  const own = before.JELLYFIN_SERVER_DIR ? undefined : await ui.busy(findOwnServer);
  if (own && !own.isReadable) ui.warn(t('setup.extras.closed', { folder: own.folder }));
  const choices: { value: Extra; label: string }[] = [
    ...(own?.isReadable ? [{ value: 'rescue' as const, label: rescueLabel(t, own) }] : []),
    { value: 'loginLine', label: t('setup.extras.loginLine') },
    { value: 'card', label: t('setup.extras.card') },
    ...(draft.application.hasPicture ? [] : [{ value: 'picture' as const, label: t('setup.extras.picture') }]),
  ];
  draft.extras = await ui.pickMany<Extra>(t('setup.extras.ask'), choices, ['rescue'], 0);
  draft.rescue = own && draft.extras.includes('rescue') ? own.settings : {};
  return true;
};

function rescueLabel(t: Translate, { folder, settings }: OwnServer): string {
  const commands = [settings.JELLYFIN_STOP_COMMAND, settings.JELLYFIN_START_COMMAND].filter((each) => each);
  return commands.length === 0
    ? t('setup.extras.rescue', { folder })
    : t('setup.extras.rescueCommands', { folder, commands: commands.join(', ') });
}

/** Where the card for those who cannot sign in is put up: best where everybody reads it. */
export const askCardChannel: Step = async (draft, around) => {
  draft.cardChannel = undefined;
  if (!draft.extras.includes('card')) return false;
  const { ui, t } = around;
  const { discord, server, application } = draft;
  const channels = await fromDiscord(around, () => discord.channels(server.id, application.botId));
  const open = channels.filter(({ access }) => !access.missing.some((each) => /^(View|SendM)/.test(each)));
  const choices = open
    .toSorted((a, b) => Number(b.access.isPublic) - Number(a.access.isPublic))
    .map((value) => ({ value, label: `#${value.name}` }));
  if (choices.length > 0) draft.cardChannel = await ui.pick(t('setup.extras.askChannel'), choices);
  else ui.warn(t('setup.extras.noChannel'));
  return choices.length > 0;
};

/** The last word before anything is written. */
export const askToWrite: Step = async (draft, { ui, t, startsHere }) => {
  draft.starts = false;
  if (!startsHere) {
    if (!(await ui.confirm(t('setup.write.ask')))) throw new Leaving('back');
    return true;
  }
  const choices = [
    { value: true, label: t('setup.write.start') },
    { value: false, label: t('setup.write.only') },
  ];
  draft.starts = await ui.pick(t('setup.write.ask'), choices, true);
  return true;
};
