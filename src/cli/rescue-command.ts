import { Command, Option } from 'commander';
import { rungs } from '../services/rescue/ladder/ports.js';
import type { Translate } from '../words.js';
import type { RescueFlags } from './rescue-settings.js';

type Run = (account: string | undefined, flags: RescueFlags) => Promise<void>;

/** `latchkey rescue` as its help shows it. */
export function rescueCommand(t: Translate, run: Run, platform = process.platform): Command {
  const sudo = platform === 'win32' ? '' : 'sudo ';
  const option = (flags: string, about: Parameters<Translate>[0]) => new Option(flags, t(about));
  return new Command('rescue')
    .description(t('commandLine.rescue.about'))
    .argument('[account]', t('commandLine.rescue.account'))
    .addOption(option('--server-dir <folder>', 'commandLine.rescue.serverDir'))
    .addOption(option('--log-dir <folder>', 'commandLine.rescue.logDir'))
    .addOption(option('--db <file>', 'commandLine.rescue.db'))
    .addOption(option('--url <address>', 'commandLine.rescue.url'))
    .addOption(option('--api-key-file <file>', 'commandLine.rescue.apiKeyFile'))
    .addOption(option('--ask-key', 'commandLine.rescue.askKey'))
    .addOption(option('--rung <rung>', 'commandLine.rescue.rung').choices(rungs))
    .addOption(option('--stop-command <command>', 'commandLine.rescue.stopCommand'))
    .addOption(option('--start-command <command>', 'commandLine.rescue.startCommand'))
    .addOption(option('--server-is-stopped', 'commandLine.rescue.serverIsStopped'))
    .addOption(option('--give-key', 'commandLine.rescue.giveKey'))
    .addOption(option('--keep-password', 'commandLine.rescue.keepPassword'))
    .addOption(option('--set-password', 'commandLine.rescue.setPassword'))
    .addOption(option('--enable', 'commandLine.rescue.enable'))
    .addOption(option('--own-provider', 'commandLine.rescue.ownProvider'))
    .addOption(option('--administrator', 'commandLine.rescue.administrator'))
    .addOption(option('--dry-run', 'commandLine.rescue.dryRun'))
    .addOption(option('--yes', 'commandLine.rescue.yes'))
    .addOption(option('--json', 'commandLine.rescue.json'))
    .addHelpText('before', `${t('commandLine.rescue.helpFirst', { sudo })}\n`)
    .addHelpText('after', `\n${t('commandLine.rescue.help')}`)
    .exitOverride()
    .showHelpAfterError(t('commandLine.rescue.helpHint'))
    .action(run);
}
