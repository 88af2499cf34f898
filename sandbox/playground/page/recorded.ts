import type {
  Act,
  ActAnswer,
  Patch,
  Recording,
  SeenCue,
  SeenHousehold,
  SeenStory,
  SeenTelevision,
  StoryTitle,
} from '../shared.js';
import type { Wish } from '../playground.js';
import { motion } from './dom.js';
import { say } from './say.js';
import type { Backing } from './store.js';

/** The longest that a pause of the recording is kept. */
const longestPauseMs = 500;

const onlyRecorded =
  'This page plays a recording: here works what the story points at. npm run playground has the whole household.';

/** Stories that were recorded, with nothing behind them: each act goes on to what came of it. */
export class Recorded implements Backing {
  readonly isRecorded = true;
  #apply: (patch: Patch) => void = () => undefined;
  #recording: Recording | undefined;
  #at = 0;
  #cue: SeenCue | undefined;
  #television: SeenTelevision | undefined;

  constructor(private readonly recordings: readonly Recording[]) {}

  listen(apply: (patch: Patch) => void): void {
    this.#apply = apply;
    this.#begin(this.recordings[0]);
    this.#apply({ set: {}, drop: ['story'] });
  }

  async wish(wish: Wish): Promise<ActAnswer> {
    switch (wish.kind) {
      case 'story':
        this.#begin(this.recordings.find(({ id }) => id === wish.id));
        return {};
      case 'end story':
        this.#apply({ set: {}, drop: ['story'] });
        return {};
      case 'leave television': {
        const { account: _account, ...television } = this.#television ?? {};
        this.#apply({ set: { television }, drop: [] });
        return {};
      }
      default:
        if (!this.#isNext(wish)) return { error: say(onlyRecorded) };
        void this.#goOn();
        return {};
    }
  }

  #begin(recording: Recording | undefined): void {
    this.#recording = recording;
    this.#at = 0;
    this.#show();
  }

  /** Applies the next frame. */
  #show(): void {
    const frame = this.#recording?.frames[this.#at];
    if (!frame) return;
    this.#at += 1;
    const { at, patch } = frame;
    const titles: StoryTitle[] = this.recordings.map(({ id, title }) => ({ id, title }));
    const household = patch.set['household'] as SeenHousehold | undefined;
    const set: Record<string, unknown> = {
      ...patch.set,
      ...(patch.set['stories'] !== undefined && { stories: titles }),
      ...(household && { household: { ...household, aheadMs: at - Date.now() } }),
    };
    this.#television = (set['television'] as SeenTelevision | undefined) ?? this.#television;
    if (set['story'] !== undefined) this.#cue = (set['story'] as SeenStory).cue;
    this.#apply({ ...patch, set });
  }

  /** Plays on until the story waits for an act again, or is over. */
  async #goOn(): Promise<void> {
    const frames = this.#recording?.frames ?? [];
    const recording = this.#recording;
    this.#cue = undefined;
    while (!this.#cue && this.#at < frames.length && recording === this.#recording) {
      const gap = (frames[this.#at]?.at ?? 0) - (frames[this.#at - 1]?.at ?? 0);
      await motion(Math.max(0, Math.min(gap, longestPauseMs)));
      this.#show();
    }
  }

  /** Whether this is what the story points at. */
  #isNext(wish: Wish): boolean {
    const cue = this.#cue;
    if (!cue) return false;
    if (wish.kind === 'next') return true;
    if (wish.kind === 'sign in')
      return cue.kind === 'signs in' && cue.account === wish.account && cue.password === wish.password;
    if (wish.kind === 'code') return cue.kind === 'asks for a code';
    return wish.kind === 'act' && 'who' in cue && cue.who === wish.who && fits(cue, wish.act);
  }
}

function fits(cue: SeenCue, act: Act): boolean {
  if (cue.kind === 'types') return act.kind === 'command' && act.line === cue.line;
  return cue.kind === 'presses' && act.kind === 'use' && act.message === cue.message;
}
