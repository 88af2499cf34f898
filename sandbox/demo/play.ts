import { COMPONENT } from '../discord/constants.js';
import type { Exchange, Person, SeenMessage } from '../discord/index.js';
import { asPeopleSee } from './as-people-see.js';
import { CodeDevice } from './code-device.js';
import { atOnce, type Director, type Teller } from './director.js';
import type { Stage } from './stage.js';
import type { Steps } from './step.js';

/** Whether a message looks as it should by now. */
type Looks = (text: string) => boolean;

/** A repair of jellyfin.db takes its time to be sure, and a job may be a minute away; the demo's own deadline comes later. */
const patienceMs = 75_000;

/** The hands of the demo: people act and see, each on paper; every step has a name and can fail. */
export class Play {
  readonly #steps: Steps;
  readonly #director: Director;
  readonly #lines: (message: SeenMessage) => string[];

  constructor(
    readonly stage: Stage,
    readonly paper: Teller,
    { steps, director = atOnce }: { readonly steps: Steps; readonly director?: Director },
  ) {
    this.#steps = steps;
    this.#director = director;
    this.#lines = asPeopleSee(stage.discord, paper.paint);
  }

  /** Somebody types a command in #general and reads the answer, which nobody else sees. */
  types(who: Person, line: string, options: Record<string, Person | string> = {}): Promise<SeenMessage> {
    return this.#steps.take(`${who.name} types ${line} and gets an answer`, async () => {
      const words = Object.entries(options).map(([name, value]) =>
        typeof value === 'string' ? `${name}: ${value}` : `${name}: @${value.name}`,
      );
      this.paper.acts(who.name, 'in #general', `types ${[line, ...words].join('  ')}`);
      const cue = { kind: 'types', who, line, options } as const;
      return this.#answer(who, await this.#director.turn(cue, () => who.types(line, options)));
    });
  }

  /** Somebody runs one of Latchkey's own commands in its folder, on the bot's computer. */
  runs(who: Person, ...args: string[]): Promise<void> {
    return this.#steps.take(`${who.name} runs latchkey ${args[0] ?? ''}`, async () => {
      this.paper.acts(who.name, 'on the bot’s computer', `npm run latchkey -- ${args.join(' ')}`);
      const cue = { kind: 'happens', words: `${who.name} runs latchkey ${args.join(' ')}` } as const;
      const said = await this.#director.turn(cue, () => this.stage.latchkey(args));
      this.paper.shows('The terminal', said.trim().split('\n'));
    });
  }

  /** Somebody presses a button on what they see, and reads the private answer. */
  pressesFor(who: Person, label: string, on: SeenMessage): Promise<SeenMessage> {
    return this.#steps.take(`${who.name} presses ${label} and gets an answer`, async () => {
      this.paper.acts(who.name, 'on that message', `presses [ ${label} ]`);
      return this.#answer(who, await this.#press(who, label, on));
    });
  }

  /** Somebody presses a button of a message and sees that message change until it looks like `until`. */
  presses(who: Person, label: string, on: SeenMessage, place: string, until: Looks): Promise<SeenMessage> {
    return this.#steps.take(`${who.name} presses ${label} and it is done`, async () => {
      this.paper.acts(who.name, place, `presses [ ${label} ]`);
      await this.#press(who, label, on);
      return this.#changed(who, on, place, until);
    });
  }

  /** Somebody presses a button that opens a form, fills it in and sends it. */
  fillsIn(who: Person, label: string, on: SeenMessage, place: string, words: string, until: Looks) {
    return this.#steps.take(`${who.name} presses ${label}, says why, and it is done`, async () => {
      this.paper.acts(who.name, place, `presses [ ${label} ] and is asked for a reason`);
      const modal = await (await this.#press(who, label, on)).modal({ within: patienceMs });
      const field = modal.components.find(({ component }) => component?.type === COMPONENT.TextInput)?.label ?? '';
      this.paper.shows(modal.title, [`${field}  ${words}`]);
      const fields = { [field]: words };
      await this.#director.turn({ kind: 'fills in', who, fields }, () => who.fillsIn(fields));
      return this.#changed(who, on, place, until);
    });
  }

  /** Lets time pass until a moment before this full hour. */
  timePasses(words: string, hour: number): Promise<void> {
    return this.#steps.take(`the clock moves on to ${hour}:00, and the bot starts again`, async () => {
      this.paper.narrates('');
      this.paper.narrates(words);
      await this.#director.turn({ kind: 'happens', words }, () => this.stage.passTimeUntil(hour));
    });
  }

  /** Somebody sees a message change, without having done anything, until it looks like `until`. */
  sees(who: Person, on: SeenMessage, place: string, until: Looks): Promise<SeenMessage> {
    return this.#steps.take(`the message ${place} changes`, async () => {
      this.paper.narrates('');
      return this.#changed(who, on, place, until);
    });
  }

  /** What the bot says in #admins without a request's being behind it: no phone rings. */
  news(who: Person, pattern: RegExp): Promise<SeenMessage> {
    const { discord } = this.stage;
    return this.#steps.take(`#admins reads ${pattern.source}`, async () => {
      const message = await discord.until(
        () => who.messages({ in: discord.adminChannelId }).findLast(({ text }) => pattern.test(text)),
        `${who.name} sees it. On the screen:\n${who.screen()}`,
        patienceMs,
      );
      if (this.#rings(who, message)) throw new Error(`${who.name}'s phone rang`);
      this.paper.narrates('');
      this.#shows('In #admins (silent)', who, message);
      return message;
    });
  }

  /** The newest request in #admins that somebody can decide, as it comes. */
  card(who: Person, asker: Person): Promise<SeenMessage> {
    const { discord } = this.stage;
    return this.#steps.take(`a card about ${asker.name}'s request appears in #admins`, async () => {
      const card = await discord.until(
        () => who.messages({ in: discord.adminChannelId }).findLast((each) => each.labels.includes('Approve')),
        `${who.name} sees a card with Approve`,
        patienceMs,
      );
      if (!this.#rings(who, card)) throw new Error(`${who.name}'s phone did not ring`);
      this.paper.narrates('');
      this.#shows('In #admins (pings admins and helpers)', who, card);
      return card;
    });
  }

  /**
   * The newest direct message that looks like `pattern`, of those that came after `since` was written down: what was
   * there before, with the same words, is no news.
   */
  directMessage(who: Person, pattern: RegExp, since: readonly SeenMessage[] = []): Promise<SeenMessage> {
    const known = new Set(since.map(({ id }) => id));
    return this.#steps.take(`${who.name} gets a direct message that says ${pattern.source}`, async () => {
      const message = await this.stage.discord.until(
        () => who.directMessages().findLast(({ id, text }) => !known.has(id) && pattern.test(text)),
        `${who.name} sees it. On the screen:\n${who.screen()}`,
        patienceMs,
      );
      this.paper.narrates('');
      this.#shows(`Direct message to ${who.name} (nobody else sees it)`, who, message);
      return message;
    });
  }

  /** States something, and that it is so: the demo ends here where it is not. */
  proves<T>(claim: string, expected: T, look: () => T | Promise<T>): Promise<void> {
    return this.#steps.take(claim, async () => {
      const found = await look();
      if (found !== expected) throw new Error(`expected ${String(expected)}, found ${String(found)}`);
      this.paper.proves(claim);
    });
  }

  /** Something happens that no button of Discord does; gives back its result. */
  happens<T>(words: string, act: () => Promise<T>): Promise<T> {
    return this.#steps.take(words, () => this.#director.turn({ kind: 'happens', words }, act));
  }

  /** Somebody signs in at Jellyfin's own page; gives back how it is answered. `words` say who, and with which password. */
  async signsIn(words: string, account: string, password: string): Promise<number> {
    const cue = { kind: 'signs in', words, account, password } as const;
    const { status } = await this.#director.turn(cue, () => this.stage.jellyfin.signIn(account, password));
    return status;
  }

  /** A television that nobody is signed in on asks Jellyfin for a Quick Connect code, and shows it. */
  showsCode(): Promise<CodeDevice> {
    return this.#steps.take('the television shows a code', async () => {
      const { url } = this.stage.jellyfin;
      const device = await this.#director.turn({ kind: 'asks for a code' }, () => CodeDevice.begin(url, 'television'));
      this.paper.acts('The television', 'in the living room', `shows the Quick Connect code ${device.shown}`);
      return device;
    });
  }

  #press(who: Person, label: string, on: SeenMessage): Promise<Exchange> {
    return this.#director.turn({ kind: 'presses', who, label, on }, () => who.presses(label, { on }));
  }

  #shows(place: string, who: Person, message: SeenMessage): void {
    this.paper.shows(place, this.#lines(message));
    this.#director.looks(who, message);
  }

  #rings(who: Person, { id }: SeenMessage): boolean {
    return who.notifications.some(({ messageId }) => messageId === id);
  }

  async #answer(who: Person, exchange: Exchange): Promise<SeenMessage> {
    const answer = await exchange.answer({ within: patienceMs });
    if (!answer.private) throw new Error(`everybody in #general can read the answer:\n${answer.text}`);
    this.#shows(`Only ${who.name} sees this`, who, answer);
    return answer;
  }

  async #changed(who: Person, on: SeenMessage, place: string, until: Looks): Promise<SeenMessage> {
    const changed = await this.stage.discord.until(
      () => who.messages().find((each) => each.id === on.id && until(each.text)),
      `the message changes as it should; it said:\n${on.text}`,
      patienceMs,
    );
    this.#shows(`The same message, ${place}, now`, who, changed);
    return changed;
  }
}
