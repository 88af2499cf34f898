import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config.js';
import { DatabaseRefused } from '../db/database-errors.js';
import { AppError } from '../errors.js';
import { scrubText } from '../logger/scrub.js';
import { typedCommand } from '../typed-command.js';
import { createWords, type Translate } from '../words.js';
import type { DoctorFlags } from './doctor.js';
import { exitCodes, jsonRefusal, Refusal, say, sayJson, whyNoWay } from './report.js';
import { rescueCommand } from './rescue-command.js';
import type { SetupFlags } from './setup.js';
import type { Shell } from './shell.js';
import { terminalLocale } from './terminal-locale.js';

/**
 * `latchkey`: what needs the server's own command line. Thin, over the same services as the bot, which `start` begins in
 * this process. Returns the exit code.
 */
export async function latchkey(shell: Shell, start: () => Promise<unknown>): Promise<number> {
  const { argv, env, stdout, stderr } = shell;
  const words = createWords('en', { latchkey: typedCommand(env, argv[1]) });
  const t = words.forOperators(terminalLocale(env));
  let code: number = exitCodes.done;
  /** A phone's terminal is narrow: what stands beside an option still breaks between words. */
  const help = { helpWidth: Math.min(stdout.columns || 80, 100), minWidthToWrap: 12 };
  const output = {
    writeOut: (text: string) => void stdout.write(text),
    writeErr: (text: string) => void stderr.write(text),
  };
  const program = new Command('latchkey')
    .description(t('commandLine.about'))
    .showHelpAfterError()
    .exitOverride()
    .configureHelp(help)
    .configureOutput(output);
  program
    .command('start')
    .description(t('commandLine.start'))
    .action(async () => void (await start()));
  // Before anything is asked or begun: every command opens a database but `health`.
  program.hook('preAction', async () => {
    const { assertNativeModule } = await import('../db/native-module.js');
    assertNativeModule();
  });
  program
    .command('link')
    .description(t('commandLine.link'))
    .argument('<discord user id>', t('commandLine.memberId'))
    .argument('<account>', t('commandLine.account'))
    .addHelpText('after', `\n${t('commandLine.example')}`)
    .action(async (memberId: string, account: string) => {
      const { link } = await import('./link.js');
      await link(words, shell, memberId, account);
    });
  program
    .command('setup')
    .description(t('setup.about'))
    .option('--plain', t('setup.plain'))
    .action(async (flags: SetupFlags) => {
      const { setup } = await import('./setup.js');
      // From here on this process is the bot, signals included.
      if (await setup(words, env, flags)) await start();
    });
  program.addCommand(
    rescueCommand(t, async (account, flags) => {
      const { rescue } = await import('./rescue.js');
      try {
        code = await rescue(words, shell, account, flags);
      } catch (error) {
        const refused = {
          account,
          sentence: explain(error, t),
          code: error instanceof AppError ? error.code : undefined,
        };
        if (flags.json) sayJson(stdout, jsonRefusal(refused));
        throw error;
      }
    })
      .configureHelp(help)
      .configureOutput(output),
  );
  program
    .command('doctor')
    .description(t('doctor.about'))
    .option('--json', t('doctor.json'))
    .action(async (flags: DoctorFlags) => {
      const { doctor } = await import('./doctor.js');
      if (!(await doctor(words, shell, flags))) code = 1;
    });
  program
    .command('health')
    .description(t('commandLine.health.about'))
    .action(async () => {
      const { health } = await import('./health.js');
      health(t, shell);
    });
  program
    .command('restore')
    .description(t('commandLine.restore.about'))
    .argument('[copy]', t('commandLine.restore.copy'))
    .action(async (copy: string | undefined) => {
      const { restore } = await import('./restore.js');
      restore(t, shell, copy);
    });
  // Whoever reads may stop, as `| head` does: nobody is left to be told of it.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    // It has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    say(stderr, explain(error, t));
    return error instanceof Refusal ? error.exitCode : exitCodes.failed;
  }
}

function explain(error: unknown, t: Translate): string {
  if (error instanceof Refusal || error instanceof ConfigError) return error.message;
  if (error instanceof DatabaseRefused) return error.sentence(t);
  if (!(error instanceof AppError)) {
    const noWay = whyNoWay(error, t);
    if (noWay !== undefined) return noWay;
    const why = scrubText(error instanceof Error ? error.message : String(error));
    return t('commandLine.unexpected', { why });
  }
  const { params } = error;
  if (error.code === 'accountUnknown' || error.code === 'accountAmbiguous')
    return t(`commandLine.${error.code}`, params);
  return t.withFix(error.code, params).join(' ');
}
