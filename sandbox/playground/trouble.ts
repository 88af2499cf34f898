import type { Stage } from '../demo/stage.js';
import type { ActiveFault } from '../discord/index.js';
import type { SeenTrouble } from './shared.js';

/** How late a slow server answers: Jellyfin later than a person likes, Discord within what discord.js waits. */
const slowJellyfinMs = 3000;
const slowDiscordMs = 1500;

/** The things that go wrong on purpose. */
export class Trouble {
  #jellyfin: SeenTrouble['jellyfin'] = 'runs';
  #slowDiscord: ActiveFault | undefined;
  #deletedKey: string | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly changed: () => void,
  ) {}

  get seen(): SeenTrouble {
    return {
      jellyfin: this.#jellyfin,
      discordSlow: this.#slowDiscord !== undefined,
      keyDeleted: this.#deletedKey !== undefined && this.#deletedKey === this.stage.key(),
      botRuns: this.stage.bot.isRunning,
    };
  }

  /** Lets Jellyfin be down, slow or starting, or run as it should. */
  setJellyfin(state: SeenTrouble['jellyfin']): void {
    const { process } = this.stage.jellyfin;
    if (this.#jellyfin === 'down') process.start();
    process.setTrouble({
      ...(state === 'slow' && { delayMs: slowJellyfinMs }),
      ...(state === 'starting' && { starting: true }),
    });
    if (state === 'down') process.stop();
    this.#jellyfin = state;
    this.changed();
  }

  /** Lets Discord answer the bot late. */
  setDiscordSlow(isSlow: boolean): void {
    this.#slowDiscord?.off();
    this.#slowDiscord = isSlow
      ? this.stage.discord.faults.on({ delayMs: slowDiscordMs, times: Number.POSITIVE_INFINITY })
      : undefined;
    this.changed();
  }

  /** Deletes the bot's API key, as somebody does in Jellyfin's dashboard. @throws Error when the dashboard is not open to anybody. */
  async deleteKey(): Promise<void> {
    const { jellyfin, root, key } = this.stage;
    const { token } = await jellyfin.signIn('root', root.password, 'the dashboard');
    if (token === undefined)
      throw new Error('Nobody can sign in to the dashboard: the password of root is another by now.');
    this.#deletedKey = key();
    await jellyfin.deleteKey(key(), token);
    this.changed();
  }

  /** Kills the bot, as a power cut does. */
  async killBot(): Promise<void> {
    await this.stage.bot.kill();
    this.changed();
  }

  /** Starts it again. */
  async startBot(): Promise<void> {
    if (!this.stage.bot.isRunning) await this.stage.bot.start(this.stage.clock.aheadMs);
    this.changed();
  }
}
