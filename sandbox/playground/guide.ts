import { setTimeout as delay } from 'node:timers/promises';
import type { Cue, Director, Teller } from '../demo/director.js';
import { paintFor } from '../demo/colours.js';
import { Play } from '../demo/play.js';
import type { Stage } from '../demo/stage.js';
import type { Story } from '../demo/stories.js';
import { StepFailed, Steps } from '../demo/step.js';
import type { Person, SeenMessage } from '../discord/index.js';
import type { Act, SeenCue, SeenStory, ToldLine } from './shared.js';
import type { Television } from './television.js';

/** What comes of an act that a person did by hand. */
export type ByHand =
  { readonly who: string; readonly act: Act } | { readonly signsIn: string; readonly password: string } | 'code';

interface Turn {
  readonly cue: Cue;
  /** Does it as the story would. */
  readonly next: () => void;
  /** Takes what somebody did by hand for it. */
  readonly done: (result: unknown) => void;
  readonly stop: () => void;
}

/** The story was stopped, by another or by a fresh household. */
class Stopped extends Error {}

/** Tells one story on the page: each act waits until it is done by hand, or until somebody asks for the next. */
export class Guide implements Director, Teller {
  readonly paint = paintFor({}, {});
  #told: ToldLine[] = [];
  #turn: Turn | undefined;
  #looks: SeenStory['looks'];
  #state: SeenStory['state'] = 'waiting';
  #why: string | undefined;
  #isStopped = false;

  constructor(
    private readonly story: Story,
    private readonly household: { readonly stage: Stage; readonly television: Television },
    private readonly changed: () => void,
  ) {}

  get seen(): SeenStory {
    return {
      id: this.story.id,
      title: this.story.title,
      state: this.#state,
      told: this.#told,
      ...(this.#turn && { cue: seenCue(this.#turn.cue) }),
      ...(this.#why !== undefined && { why: this.#why }),
      ...(this.#looks && { looks: this.#looks }),
    };
  }

  /** Tells it to its end; gives back whether it came true. */
  async tell(): Promise<boolean> {
    const steps = new Steps();
    try {
      await this.story.tell(new Play(this.household.stage, this, { steps, director: this }));
      this.#state = 'over';
    } catch (error) {
      if (this.#isStopped) return false;
      if (!(error instanceof StepFailed)) throw error;
      this.#state = 'failed';
      this.#why = error.step;
    }
    this.#turn = undefined;
    this.changed();
    return this.#state === 'over';
  }

  /** Ends it where it is. */
  stop(): void {
    this.#isStopped = true;
    this.#turn?.stop();
  }

  /** Does the next act as the story would. */
  next(): void {
    this.#turn?.next();
  }

  /** Somebody did something by hand: the story goes on with it, and true is given back, where it waits for that. */
  did(what: ByHand, result: unknown): boolean {
    if (!this.#turn || !isIt(this.#turn.cue, what)) return false;
    this.#turn.done(result);
    return true;
  }

  async turn<T>(cue: Cue, act: () => Promise<T>): Promise<T> {
    if (this.#isStopped) throw new Stopped();
    this.#state = 'your turn';
    const result = await new Promise<T>((resolve, reject) => {
      this.#turn = {
        cue,
        next: () => {
          this.#state = 'waiting';
          this.#turn = undefined;
          this.changed();
          void this.#act(cue, act).then(resolve, reject);
        },
        done: (made) => resolve(made as T),
        stop: () => reject(new Stopped()),
      };
      this.changed();
    });
    this.#turn = undefined;
    this.#state = 'waiting';
    // What comes of a sign-in is told with its proof; what was narrated is not told again.
    const words = asWords(cue);
    if (cue.kind !== 'signs in' && this.#told.at(-1)?.text !== words) this.#says('did', words);
    return result;
  }

  looks(who: Person, message: SeenMessage): void {
    const nth = (this.#looks?.nth ?? 0) + 1;
    this.#looks = { who: who.id, channel: message.channelId, message: message.id, nth };
    this.changed();
  }

  /** The story's title stands over it. */
  heading(): void {}

  narrates(text: string): void {
    if (text !== '') this.#says('says', text);
  }

  /** Told by the turn that follows. */
  acts(): void {}

  /** Seen on the phones. */
  shows(): void {}

  proves(claim: string): void {
    this.#says('proved', claim);
  }

  async #act<T>(cue: Cue, act: () => Promise<T>): Promise<T> {
    const result = await act();
    if (cue.kind === 'signs in') this.household.television.shows(cue.account, (result as { status: number }).status);
    await delay(0);
    return result;
  }

  #says(kind: ToldLine['kind'], text: string): void {
    this.#told = [...this.#told, { kind, text }];
    this.changed();
  }
}

function isIt(cue: Cue, what: ByHand): boolean {
  if (what === 'code') return cue.kind === 'asks for a code';
  if ('signsIn' in what)
    return cue.kind === 'signs in' && cue.account === what.signsIn && cue.password === what.password;
  const { who, act } = what;
  if (cue.kind === 'types')
    return act.kind === 'command' && cue.who.id === who && cue.line === act.line && isSame(cue.options, act.options);
  if (cue.kind === 'presses') {
    const button = cue.on.buttons.find(({ label }) => label === cue.label);
    return act.kind === 'use' && cue.who.id === who && act.message === cue.on.id && act.customId === button?.customId;
  }
  return cue.kind === 'fills in' && act.kind === 'modal' && cue.who.id === who;
}

function isSame(wanted: Readonly<Record<string, Person | string>>, given: Readonly<Record<string, unknown>>): boolean {
  const values = Object.entries(wanted).map(([name, value]) => [name, typeof value === 'string' ? value : value.id]);
  return JSON.stringify(values.sort()) === JSON.stringify(Object.entries(given).sort());
}

function asWords(cue: Cue): string {
  switch (cue.kind) {
    case 'types':
      return `${cue.who.name} types ${cue.line}`;
    case 'presses':
      return `${cue.who.name} presses “${cue.label}”`;
    case 'fills in':
      return `${cue.who.name} writes “${Object.values(cue.fields).join(', ')}”`;
    case 'asks for a code':
      return 'The television asks for a code';
    default:
      return cue.words;
  }
}

function seenCue(cue: Cue): SeenCue {
  switch (cue.kind) {
    case 'types': {
      const shown = Object.entries(cue.options).map(([name, value]) =>
        typeof value === 'string'
          ? [name, { value, shown: value }]
          : [name, { value: value.id, shown: `@${value.name}` }],
      );
      return { kind: 'types', who: cue.who.id, line: cue.line, options: Object.fromEntries(shown) as SeenOptions };
    }
    case 'presses': {
      const { id, channelId } = cue.on;
      return { kind: 'presses', who: cue.who.id, label: cue.label, message: id, channel: channelId };
    }
    case 'fills in':
      return { kind: 'fills in', who: cue.who.id, fields: cue.fields };
    default:
      return cue;
  }
}

type SeenOptions = Extract<SeenCue, { kind: 'types' }>['options'];
