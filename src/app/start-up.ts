import type { REST } from 'discord.js';
import type { Config } from '../config.js';
import { deployCommands, type DeployOptions, whyRefused } from '../discord/deploy.js';
import { type Finding, findingSentence, isWarning, preflight, type PreflightOptions } from '../discord/preflight.js';
import { whyUnreachable } from '../discord/why-unreachable.js';
import { AppError } from '../errors.js';
import { createJellyfin } from '../jellyfin/create-jellyfin.js';
import { KeyHolder } from '../jellyfin/key-holder.js';
import { serverDirTrouble } from '../server/server-dir.js';
import type { ServerInfo } from '../services/accounts/jellyfin-port.js';
import type { Log } from '../services/log.js';
import type { Words } from '../words.js';
import { minuteMs } from '../time.js';
import { StartRefused } from './start-refused.js';

interface StartUpDeps {
  readonly config: Config;
  readonly words: Words;
  readonly log: Log;
  readonly rest: REST;
  readonly retryPausesMs?: readonly number[] | undefined;
}

/** What is looked at when the bot starts, and said to whoever starts it, in sentences that say what to do. */
export class StartUp {
  /** What the look at Discord needs, which is looked at again later. */
  readonly lookedAt: PreflightOptions;

  constructor(private readonly deps: StartUpDeps) {
    const { config, rest, retryPausesMs } = deps;
    this.lookedAt = { rest, ...config.discord, retryPausesMs };
  }

  readonly sentence = (finding: Finding): string => findingSentence(this.#t, finding);

  /**
   * Looks at what the bot was given of Discord. Throws StartRefused with all that is wrong, and what is wrong with Jellyfin,
   * so that both are put right in one go.
   */
  async lookAround() {
    const { findings, ids } = await preflight(this.lookedAt).catch(async (error: unknown) => {
      throw new StartRefused([...this.#unreachable(error).problems, ...(await this.#jellyfinTrouble())], error);
    });
    for (const warning of findings.filter(isWarning)) this.deps.log.warn({}, this.sentence(warning));
    const problems = findings.filter((finding) => !isWarning(finding)).map(this.sentence);
    if (!ids || problems.length > 0) throw new StartRefused([...problems, ...(await this.#jellyfinTrouble())]);
    return { ...ids, findings };
  }

  /** Registers the commands; returns name to id of each. Throws StartRefused. */
  async deploy(options: DeployOptions): Promise<ReadonlyMap<string, string>> {
    try {
      return await deployCommands(options);
    } catch (error) {
      const why = whyRefused(error);
      if (why === undefined) throw this.#unreachable(error);
      throw new StartRefused([this.#t('preflight.commandsRefused', { why })], error);
    }
  }

  /** Warns of a server folder that is none; returns whether there is one in which PIN files can be seen. */
  lookAtServerDir(): boolean {
    const { config, log } = this.deps;
    const trouble = serverDirTrouble(config.jellyfin);
    if (trouble === 'not given') return false;
    if (trouble) log.warn({}, this.#t(`preflight.serverDir.${trouble.kind}`, trouble));
    return trouble === undefined;
  }

  /** A Jellyfin that is down does not stop the start: the bot is there to say so. */
  async checkJellyfin(jellyfin: { serverInfo(): Promise<ServerInfo> }): Promise<void> {
    const { log } = this.deps;
    try {
      const { name, version, clockAheadMs } = await jellyfin.serverInfo();
      log.info({ name, version }, 'Jellyfin answers');
      if (clockAheadMs !== undefined)
        log.warn({}, this.#t('preflight.clock', { minutes: Math.round(Math.abs(clockAheadMs) / minuteMs) }));
    } catch (err) {
      if (err instanceof AppError) log.warn({}, `${this.#sentenceOf(err)} ${this.#t('ended.jellyfinTrouble')}`);
      else log.error({ err }, this.#t('ended.jellyfinTrouble'));
    }
  }

  async #jellyfinTrouble(): Promise<string[]> {
    const { url, apiKey } = this.deps.config.jellyfin;
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    try {
      await createJellyfin({ url, keys: new KeyHolder(apiKey), log: quiet }).jellyfin.serverInfo();
      return [];
    } catch (error) {
      return error instanceof AppError ? [this.#sentenceOf(error)] : [];
    }
  }

  #sentenceOf({ code, params }: AppError): string {
    return this.deps.words.forOperators(this.deps.config.locale).withFix(code, params).join(' ');
  }

  #unreachable(error: unknown): StartRefused {
    return new StartRefused([this.#t('preflight.unreachable', { why: whyUnreachable(error) })], error);
  }

  get #t() {
    return this.deps.words.forOperators(this.deps.config.locale);
  }
}
