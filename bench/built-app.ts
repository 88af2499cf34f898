import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHousehold, type Household } from '../sandbox/household.js';

/** The part of the built bot that is driven in this very process, as a round is begun by hand. */
interface BuiltApp {
  start(): Promise<void>;
  stop(): Promise<void>;
  runJob(name: 'lockouts'): Promise<void>;
}

/** A household with the built bot in this process; `prepare` is called before the bot starts. */
export async function startBuiltApp(prepare: (household: Household) => void = () => undefined) {
  const household = await startHousehold();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  prepare(household);
  const app = await builtApp(household.env(join(folder, 'latchkey.db')));
  await app.start();
  const leave = async () => {
    await app.stop();
    await household.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { app, household, leave };
}

async function builtApp(env: Record<string, string>): Promise<BuiltApp> {
  const built = (file: string) => import(new URL(`../../dist/${file}`, import.meta.url).href) as Promise<unknown>;
  const { createApp } = (await built('app.js')) as { createApp(config: unknown, log: unknown): BuiltApp };
  const { loadConfig } = (await built('config.js')) as {
    loadConfig(env: unknown, readFile: () => string, say: StringConstructor): unknown;
  };
  const { createLogger } = (await built('logger.js')) as { createLogger(options: object): unknown };
  const log = createLogger({ level: 'error', pretty: false });
  return createApp(
    loadConfig(env, () => '', String),
    log,
  );
}
