import { setTimeout as delay } from 'node:timers/promises';
import type { Teller } from '../demo/director.js';
import { paintFor } from '../demo/colours.js';
import { Play } from '../demo/play.js';
import { answerWithinMs, setStage, type Stage, type StageOptions } from '../demo/stage.js';
import { stories, type Story } from '../demo/stories.js';
import { linkMember, settingUp } from '../demo/stories/setting-up.js';
import { Steps } from '../demo/step.js';
import { Teardown } from '../demo/teardown.js';
import type { Exchange, Person } from '../discord/index.js';
import type { ServerReport } from '../jellyfin/process/report.js';
import { Behind } from './behind.js';
import { Guide, type ByHand } from './guide.js';
import { failedAfterMs, Screen, strangersName } from './screen.js';
import type { Act, ActAnswer, State } from './shared.js';
import { Television } from './television.js';
import { Trouble } from './trouble.js';

/** One household from its first minute to its last: both servers, the bot, the people, and what is played with them. */
export class Household {
  readonly screen: Screen;
  readonly television: Television;
  readonly trouble: Trouble;
  readonly behind: Behind;
  readonly people: readonly Person[];
  #guide: Guide | undefined;
  /** Whether nothing was done but whole stories, and how many of them are over. */
  #isAsTold = true;
  #toldUntil = 0;
  #leoIsLinked = false;
  #strays: () => unknown = () => undefined;

  private constructor(
    readonly stage: Stage,
    stranger: Person,
    private readonly run: { readonly down: Teardown; readonly changed: () => void },
  ) {
    const { maya, leo, dad, gran, discord, jellyfin } = stage;
    const { changed } = run;
    this.people = [maya, leo, dad, gran, stranger];
    this.screen = new Screen(discord, this.people);
    this.television = new Television(jellyfin, ['maya', 'leo', 'gran', 'root'], changed);
    this.trouble = new Trouble(stage, changed);
    this.behind = new Behind(stage, changed);
  }

  /** Starts one; everybody but Leo is linked. @throws Error when the bot or a server does not start. */
  static async open(options: StageOptions, changed: () => void): Promise<Household> {
    const down = new Teardown();
    try {
      const stage = await setStage(options, down);
      const stranger = stage.discord.addPerson(strangersName);
      await Promise.all([settingUp(quietly(stage), true), postCard(stage)]);
      const household = new Household(stage, stranger, { down, changed });
      household.screen.dismissAll();
      // Whatever changes in the loopback Discord is seen at once.
      void watch(stage, changed);
      return household;
    } catch (error) {
      await down.run();
      throw error;
    }
  }

  /** Puts everything that the page shows of this household into `state`. */
  fill(state: State): void {
    this.screen.fill(state);
    state.set('television', this.television.seen);
    state.set('trouble', this.trouble.seen);
    state.set('behind', this.behind.seen);
    if (this.#guide) state.set('story', this.#guide.seen);
  }

  /** Whether this story can be told here as it is: only stories that come before it were told, and nothing else was done. */
  suits(story: Story): boolean {
    return (
      this.#isAsTold && stories.indexOf(story) >= this.#toldUntil && !(story.leo === 'not linked' && this.#leoIsLinked)
    );
  }

  /** Begins a story. */
  async tell(story: Story): Promise<void> {
    this.#isAsTold = false;
    if (story.leo === 'linked' && !this.#leoIsLinked) {
      await linkMember(quietly(this.stage), this.stage.dad, this.stage.leo, 'leo');
      this.screen.dismissAll();
    }
    this.#leoIsLinked ||= story.leo !== undefined;
    let strayed = false;
    this.#strays = () => (strayed = true);
    const guide = new Guide(story, this, this.run.changed);
    this.#guide = guide;
    void guide.tell().then((cameTrue) => {
      if (!cameTrue) return;
      this.#isAsTold = !strayed;
      this.#toldUntil = stories.indexOf(story) + 1;
    });
  }

  /** Does the story's next act. */
  next(): void {
    this.#guide?.next();
  }

  /** Gives the story up, and leaves everything as it is. */
  endStory(): void {
    this.#guide?.stop();
    this.#guide = undefined;
    this.run.changed();
  }

  /** Somebody does something on their phone. */
  async acts(who: string, act: Act): Promise<ActAnswer> {
    const person = this.people.find(({ id }) => id === who);
    if (!person) return { error: 'There is nobody of that name here.' };
    if (act.kind === 'dismiss') {
      this.screen.dismiss(act.message);
      this.run.changed();
      return {};
    }
    if (act.kind === 'complete') return { choices: await choices(person, act) };
    if (act.kind === 'says') {
      person.says(act.words, { in: act.in });
      return {};
    }
    const exchange = await begin(person, act);
    this.behind.begins(exchange.id, `${person.name} ${did(exchange)}`);
    this.#did({ who, act }, exchange);
    // Its failure is shown once the time is over; what opens a form may come later.
    setTimeout(this.run.changed, failedAfterMs + 50).unref();
    await Promise.race([
      exchange.acknowledged.catch(() => undefined),
      delay(answerWithinMs, undefined, { ref: false }),
    ]);
    const answer = exchange.interaction.answers.find((each) => each.kind === 'modal');
    if (answer?.kind !== 'modal') return {};
    const { title, components } = answer.modal;
    return { modal: { opened: exchange.id, title, components: components.map((each) => ({ ...each })) } };
  }

  /** Somebody signs in on the television. */
  async signsIn(account: string, password: string): Promise<void> {
    const answer = await this.television.signIn(account, password);
    this.#did({ signsIn: account, password }, answer);
  }

  /** The television asks for a code. */
  async asksForCode(): Promise<void> {
    const code = await this.television.askForCode();
    if (code) this.#did('code', code);
  }

  /** What Jellyfin's process tells. */
  hears(report: ServerReport): void {
    this.behind.ofJellyfin(report);
    this.television.setSignedIn(report.signedIn);
  }

  /** Something was done from outside of the story that is told: no other story counts on this household any more. */
  strays(): void {
    this.#isAsTold = false;
    this.#strays();
  }

  #did(what: ByHand, result: unknown): void {
    if (!this.#guide?.did(what, result)) this.strays();
  }

  async close(): Promise<void> {
    this.#guide?.stop();
    this.television.close();
    this.behind.close();
    await this.run.down.run();
  }
}

/** The stories, by their ids. */
export const storyCalled = (id: string): Story | undefined => stories.find((story) => story.id === id);

const nobodyReads: Teller = {
  paint: paintFor({}, {}),
  heading: () => undefined,
  narrates: () => undefined,
  acts: () => undefined,
  shows: () => undefined,
  proves: () => undefined,
};

function quietly(stage: Stage): Play {
  return new Play(stage, nobodyReads, { steps: new Steps() });
}

/** Dad posts the card with which everybody in #general can say that they cannot sign in. */
async function postCard({ dad, discord }: Stage): Promise<void> {
  await (await dad.types('/help')).answer();
  await (await dad.selects('help:post:card', { id: discord.generalChannelId })).answer();
}

async function watch({ discord }: Stage, changed: () => void): Promise<void> {
  const aDay = 86_400_000;
  // Never found: it looks at every change until the loopback Discord is closed.
  await discord.until(() => void changed(), 'a change', aDay).catch(() => undefined);
}

function begin(person: Person, act: Exclude<Act, { kind: 'dismiss' | 'complete' | 'says' }>): Promise<Exchange> {
  switch (act.kind) {
    case 'command':
      return person.types(act.line, { ...act.options }, { in: act.in });
    case 'menu':
      return person.usesMenu(act.command, { id: act.target }, { in: act.in });
    case 'use':
      return person.uses({ id: act.message }, act.customId, act.values);
    case 'modal':
      return person.fillsIn({ ...copied(act.fields) }, { opened: act.opened, within: 0 });
  }
}

function copied(fields: Readonly<Record<string, string | string[]>>): Record<string, string | string[]> {
  return { ...fields };
}

function choices(person: Person, act: Extract<Act, { kind: 'complete' }>) {
  return person.typesInto(act.line, act.option, act.words, { in: act.in, filled: act.filled });
}

function did({ interaction }: Exchange): string {
  return interaction.did.startsWith('/') ? `types ${interaction.did}` : interaction.did;
}
