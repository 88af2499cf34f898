import type { Step } from '../draft.js';
import { Leaving } from '../ui.js';

/** The settings of the administrator's own way back, where a Jellyfin's folder is on this computer. */
export const askRescue: Step = async (draft, { ui, t, before, findOwnServer }) => {
  draft.rescue = {};
  const own = before.JELLYFIN_SERVER_DIR ? undefined : await findOwnServer();
  if (!own) return false;
  const { folder, isReadable, settings } = own;
  const commands = [settings.JELLYFIN_STOP_COMMAND, settings.JELLYFIN_START_COMMAND].filter((each) => each);
  ui.say(t(isReadable ? 'setup.rescue.found' : 'setup.rescue.closed', { folder }));
  if (!isReadable) return false;
  const message =
    commands.length > 0 ? t('setup.rescue.askCommands', { commands: commands.join(', ') }) : t('setup.rescue.ask');
  if (await ui.confirm(message)) draft.rescue = settings;
  return true;
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
