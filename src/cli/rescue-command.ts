import { Command, Option } from 'commander';
import { rungs } from '../services/rescue/ladder/ports.js';
import type { Translate } from '../words.js';

/** The options by the names under which commander gives them, in the order of the help, with what is typed behind each. */
const options = {
  serverDir: '<folder>',
  logDir: '<folder>',
  db: '<file>',
  url: '<address>',
  apiKeyFile: '<file>',
  askKey: '',
  rung: '<rung>',
  stopCommand: '<command>',
  startCommand: '<command>',
  serverIsStopped: '',
  giveKey: '',
  keepPassword: '',
  setPassword: '',
  enable: '',
  ownProvider: '',
  administrator: '',
  dryRun: '',
  yes: '',
  json: '',
} as const;

/** The options of `latchkey rescue` as commander reads them. */
export type RescueFlags = {
  readonly [N in keyof typeof options]?: (typeof options)[N] extends '' ? boolean : string;
};

type Run = (account: string | undefined, flags: RescueFlags) => Promise<void>;

/** `latchkey rescue` as its help shows it. */
export function rescueCommand(t: Translate, run: Run, platform = process.platform): Command {
  const sudo = platform === 'win32' ? '' : 'sudo ';
  const command = new Command('rescue')
    .description(t('commandLine.rescue.about'))
    .argument('[account]', t('commandLine.rescue.account'));
  for (const name of Object.keys(options) as (keyof typeof options)[]) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const option = new Option(`--${flag} ${options[name]}`.trim(), t(`commandLine.rescue.${name}`));
    command.addOption(name === 'rung' ? option.choices(rungs) : option);
  }
  return command
    .addHelpText('before', `${t('commandLine.rescue.helpFirst', { sudo })}\n`)
    .addHelpText('after', `\n${t('commandLine.rescue.help')}`)
    .exitOverride()
    .showHelpAfterError(t('commandLine.rescue.helpHint'))
    .action(run);
}
