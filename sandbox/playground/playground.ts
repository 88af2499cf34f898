import { Feed } from './feed.js';
import { Household, storyCalled } from './household.js';
import type { Act, ActAnswer, SeenHousehold, SeenTrouble, State, StoryTitle } from './shared.js';
import type { ServerReport } from '../jellyfin/process/report.js';
import { stories } from '../demo/stories.js';

/** What the page asks for, beside what people do on their phones. */
export type Wish =
  | { readonly kind: 'act'; readonly who: string; readonly act: Act }
  | { readonly kind: 'person'; readonly who: string; readonly locale?: string; readonly refusesMessages?: boolean }
  | { readonly kind: 'sign in'; readonly account: string; readonly password: string }
  | { readonly kind: 'code' | 'leave television' }
  | { readonly kind: 'story'; readonly id: string }
  | { readonly kind: 'next' | 'end story' }
  | { readonly kind: 'again'; readonly version?: string }
  | { readonly kind: 'clock'; readonly ms: number }
  | { readonly kind: 'jellyfin'; readonly state: SeenTrouble['jellyfin'] }
  | { readonly kind: 'discord'; readonly isSlow: boolean }
  | { readonly kind: 'delete key' | 'kill bot' | 'start bot' };

/** Versions that lock an account after failed sign-ins, so that every story has a point. */
const versions = ['12.0', '10.11.8', '10.10.7'];

/** The bot looks for lockouts at each full and half minute: a story about one is not to wait for long. */
const beforeTheHourMs = 14_000;

/** What no story does. */
const changesMore: readonly Wish['kind'][] = ['person', 'clock', 'jellyfin', 'discord', 'delete key', 'kill bot'];

/** The household that is played with, and the next one whenever somebody starts again. */
export class Playground {
  readonly feed = new Feed(() => this.#look());
  #household: Household | undefined;
  #state: SeenHousehold['state'] = 'starting';
  #words: string | undefined = 'The bot is starting.';
  #version: string;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(
    private readonly program: string,
    private readonly reportTo: string,
    version: string,
  ) {
    this.#version = version;
  }

  /** Starts the first household, or a fresh one instead of the one before; a failure is shown on the page. */
  async startAgain(version = this.#version): Promise<void> {
    this.#says('starting', 'A fresh household is starting.');
    const before = this.#household;
    this.#household = undefined;
    this.#version = version;
    this.feed.startOver();
    const options = { version, program: this.program, reportTo: this.reportTo, beforeTheHourMs };
    const begins = this.#busy('starting', 'A fresh household is starting.', async () => {
      const household = await Household.open(options, () => this.feed.touch());
      if (this.#isClosed) return household.close();
      this.#household = household;
    });
    await Promise.all([before?.close(), begins]);
  }

  /** Does what the page asks for; what cannot be done is answered with a sentence. */
  async does(wish: Wish): Promise<ActAnswer> {
    try {
      return (await this.#do(wish)) ?? {};
    } catch (error) {
      return { error: (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '' };
    } finally {
      this.feed.touch();
    }
  }

  /** What Jellyfin's process tells. */
  hears(report: ServerReport): void {
    this.#household?.hears(report);
  }

  /** A file that the bot sent. */
  file(path: string) {
    return this.#household?.screen.file(path);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.feed.close();
    await this.#household?.close();
  }

  async #do(wish: Wish): Promise<ActAnswer | void> {
    if (wish.kind === 'again') return this.#inTurn(() => this.startAgain(wish.version));
    const household = this.#household;
    if (!household) throw new Error('The household is starting.');
    const { television, trouble, stage } = household;
    if (changesMore.includes(wish.kind)) household.strays();
    switch (wish.kind) {
      case 'act':
        return household.acts(wish.who, wish.act);
      case 'person':
        return this.#setPerson(household, wish);
      case 'sign in':
        return household.signsIn(wish.account, wish.password);
      case 'code':
        return household.asksForCode();
      case 'leave television':
        return television.leave();
      case 'story':
        return this.#inTurn(() => this.#story(wish.id));
      case 'next':
        return household.next();
      case 'end story':
        return household.endStory();
      case 'clock':
        return this.#inTurn(() => this.#busy('busy', 'Time passes.', () => stage.passTime(wish.ms)));
      case 'jellyfin':
        return trouble.setJellyfin(wish.state);
      case 'discord':
        return trouble.setDiscordSlow(wish.isSlow);
      case 'delete key':
        return trouble.deleteKey();
      case 'kill bot':
        return trouble.killBot();
      case 'start bot':
        return this.#inTurn(() => this.#busy('busy', 'The bot is starting.', () => trouble.startBot()));
    }
  }

  async #story(id: string): Promise<void> {
    const story = storyCalled(id);
    if (!story) throw new Error('There is no story of that name.');
    this.#household?.endStory();
    if (!this.#household?.suits(story)) await this.startAgain();
    await this.#household?.tell(story);
  }

  #setPerson({ people }: Household, wish: Extract<Wish, { kind: 'person' }>): void {
    const person = people.find(({ id }) => id === wish.who);
    if (wish.locale !== undefined) person?.speaks(wish.locale);
    if (wish.refusesMessages === true) person?.closesDms();
    if (wish.refusesMessages === false) person?.opensDms();
  }

  /** One after the other: what takes seconds is not begun twice. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #busy(state: 'starting' | 'busy', words: string, work: () => Promise<void>): Promise<void> {
    this.#says(state, words);
    try {
      await work();
      this.#says('ready');
    } catch (error) {
      this.#says('failed', error instanceof Error ? error.message : String(error));
    }
  }

  #says(state: SeenHousehold['state'], words?: string): void {
    this.#state = state;
    this.#words = words;
    this.feed.touch();
  }

  #look(): State {
    const state: State = new Map();
    const titles: StoryTitle[] = stories.map(({ id, title }) => ({ id, title }));
    const seen: SeenHousehold = {
      state: this.#state,
      version: this.#version,
      versions,
      aheadMs: this.#household?.stage.clock.aheadMs ?? 0,
      jellyfinUrl: this.#household?.stage.jellyfin.url ?? '',
      discordUrl: this.#household?.stage.discord.url ?? '',
      ...(this.#words !== undefined && { words: this.#words }),
    };
    state.set('household', seen);
    state.set('stories', titles);
    this.#household?.fill(state);
    return state;
  }
}
