#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import type { DoctorFlags } from './cli/doctor.js';
import type { SetupFlags } from './cli/setup.js';
import { rescueCommand } from './cli/rescue-command.js';
import { ConfigError } from './config.js';
import { exitCodes, jsonRefusal, Refusal, say, sayJson } from './cli/report.js';
import { DatabaseRefused } from './db/database-errors.js';
import { AppError } from './errors.js';
import { scrubText } from './logger/scrub.js';
import { terminalLocale } from './cli/terminal-locale.js';
import { typedCommand } from './typed-command.js';
import { Exchanged } from './way-to.js';
import { createWords } from './words.js';

/** `latchkey`: what needs the server's own command line. Thin, over the same services as the bot. */
const words = createWords('en', { latchkey: typedCommand(process.env, process.argv[1]) });
const t = words.forOperators(terminalLocale(process.env));

function explain(error: unknown): string {
  if (error instanceof Refusal || error instanceof ConfigError) return error.message;
  if (error instanceof DatabaseRefused) return error.sentence(t);
  if (error instanceof Exchanged) return t('commandLine.exchanged', { path: error.path });
  if (!(error instanceof AppError))
    return t('commandLine.unexpected', { why: scrubText(error instanceof Error ? error.message : String(error)) });
  if (error.code === 'accountUnknown' || error.code === 'accountAmbiguous')
    return t(`commandLine.${error.code}`, error.params);
  return t.withFix(error.code, error.params).join(' ');
}

/** A phone's terminal is narrow: what stands beside an option still breaks between words. */
const help = { helpWidth: Math.min(process.stdout.columns || 80, 100), minWidthToWrap: 12 };

const program = new Command('latchkey')
  .description(t('commandLine.about'))
  .showHelpAfterError()
  .exitOverride()
  .configureHelp(help);
program
  .command('start')
  .description(t('commandLine.start'))
  // The bot is a program of its own, which owns the signals and says how it ended.
  .action(async () => void (await import('./index.js')));
// Before anything is asked or begun: every command opens a database but `health`.
program.hook('preAction', async () => {
  const { assertNativeModule } = await import('./db/native-module.js');
  assertNativeModule();
});
program
  .command('link')
  .description(t('commandLine.link'))
  .argument('<discord user id>', t('commandLine.memberId'))
  .argument('<account>', t('commandLine.account'))
  .addHelpText('after', `\n${t('commandLine.example')}`)
  .action(async (memberId: string, account: string) => {
    const { link } = await import('./cli/link.js');
    await link(words, process.env, memberId, account);
  });
program
  .command('setup')
  .description(t('setup.about'))
  .option('--plain', t('setup.plain'))
  .action(async (flags: SetupFlags) => {
    const { setup } = await import('./cli/setup.js');
    // From here on this process is the bot, signals included.
    if (await setup(words, process.env, flags)) await import('./index.js');
  });
program.addCommand(
  rescueCommand(t, async (account, flags) => {
    const { rescue } = await import('./cli/rescue.js');
    try {
      process.exitCode = await rescue(words, process.env, account, flags);
    } catch (error) {
      const code = error instanceof AppError ? error.code : undefined;
      const refused = { account, sentence: explain(error), code };
      if (flags.json) sayJson(jsonRefusal(refused));
      throw error;
    }
  }).configureHelp(help),
);
program
  .command('doctor')
  .description(t('doctor.about'))
  .option('--json', t('doctor.json'))
  .action(async (flags: DoctorFlags) => {
    const { doctor } = await import('./cli/doctor.js');
    if (!(await doctor(words, process.env, flags))) process.exitCode = 1;
  });
program
  .command('health')
  .description(t('commandLine.health.about'))
  .action(async () => {
    const { health } = await import('./cli/health.js');
    health(t, process.env);
  });
program
  .command('restore')
  .description(t('commandLine.restore.about'))
  .argument('[copy]', t('commandLine.restore.copy'))
  .action(async (copy: string | undefined) => {
    const { restore } = await import('./cli/restore.js');
    restore(t, process.env, copy);
  });

// Whoever reads may stop, as `| head` does: nobody is left to be told of it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // It has said what is wrong, or shown the help that was asked for.
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
  } else {
    say(process.stderr, explain(error));
    process.exitCode = error instanceof Refusal ? error.exitCode : 1;
  }
}
