import { DiscordSide } from '../../src/setup/discord-side.js';
import type { Draft, Step, Surroundings } from '../../src/setup/draft.js';
import { jellyfinSide } from '../../src/setup/jellyfin-side.js';
import { Leaving, type Choice, type SetupUi, type TextQuestion } from '../../src/setup/ui.js';
import { createWords } from '../../src/words.js';
import type { NewHousehold } from './wizard.js';

const t = createWords('en').in('en');

/** What somebody answers, one after the other; an error is thrown, as a question that they leave is a Leaving. */
export type Answers = Partial<Record<keyof SetupUi, unknown[]>>;

/** Somebody who is asked without a terminal. What is waited for is looked for again when `meanwhile` has happened. */
export function somebody(answers: Answers, meanwhile: readonly (() => unknown)[] = []) {
  const said: string[] = [];
  const happening = [...meanwhile];
  const next = (kind: keyof SetupUi) => {
    const answer = answers[kind]?.shift();
    if (answer === undefined) throw new Error(`nobody knows what to answer to ${kind}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const say = (text: string) => void said.push(text);
  const typed = async (kind: 'text' | 'secret', { message, initial, check }: TextQuestion) => {
    for (;;) {
      const kept = initial?.() ?? '';
      said.push(`${message} [${kept}]`);
      const answer = (next(kind) as string) || kept;
      const problem = await check?.(answer);
      if (problem === undefined) return answer;
      said.push(problem);
    }
  };
  const listed = (message: string, choices: readonly Choice<unknown>[], initial: readonly unknown[]) => {
    const offered = choices.filter(({ value }) => initial.includes(value)).map(({ label }) => label);
    const labels = choices.map(({ label, hint }) => (hint ? `${label} (${hint})` : label));
    said.push(`${message} ${labels.join(', ')}`, `offered: ${offered.join(', ')}`);
  };
  const ui = {
    ...{ say, good: say, warn: say, plain: say },
    text: (question: TextQuestion) => typed('text', question),
    secret: (question: TextQuestion) => typed('secret', question),
    pick: async (message: string, choices: readonly Choice<unknown>[], initial: unknown) => {
      listed(message, choices, [initial]);
      const picked = next('pick');
      return typeof picked === 'function' ? picked(choices.map(({ value }) => value)) : picked;
    },
    pickMany: async (message: string, choices: readonly Choice<unknown>[], initial: readonly unknown[]) => {
      listed(message, choices, initial);
      return next('pickMany');
    },
    confirm: async (message: string) => {
      said.push(message);
      return next('confirm');
    },
    busy: (work: () => Promise<unknown>) => (answers.busy?.shift() instanceof Leaving ? leaveDuring(work) : work()),
    waitFor: async (message: string, look: () => Promise<unknown>) => {
      said.push(message);
      for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        const happens = happening.shift();
        if (!happens) throw new Leaving('back');
        await happens();
      }
    },
  } as unknown as SetupUi;
  return { ui, said };
}

/** Ctrl-C while something is done: it goes on, and nobody waits for it. */
async function leaveDuring(work: () => Promise<unknown>): Promise<never> {
  void work();
  return Promise.reject(new Leaving('stop'));
}

/** A set-up as far as the questions about Jellyfin. */
export async function draftOf({ discord, jellyfin }: NewHousehold): Promise<Draft> {
  const side = new DiscordSide(discord.url, discord.token);
  const application = await side.application();
  return {
    ...{ token: discord.token, application, discord: side, server: { id: discord.guildId, name: 'The Household' } },
    ...{ adminRoleIds: ['1'], helperRoleIds: [], channelId: '2', publicUrl: undefined, key: undefined },
    ...{ session: undefined, owner: undefined, rescue: {}, extras: [], cardChannel: undefined, starts: false },
    jellyfin: { url: jellyfin.url, id: 'x', name: 'Home', version: '12.0.0' },
  };
}

export interface At {
  readonly before?: Surroundings['before'];
  /** What happens, one after the other, while something is waited for. */
  readonly meanwhile?: readonly (() => unknown)[];
  readonly more?: Partial<Surroundings>;
}

/** What was said at a step that begins with a draft like this one, and the draft after it. */
export async function askedAt(step: Step, draft: Draft, answers: Answers, { before, meanwhile, more }: At = {}) {
  const { ui, said } = somebody(answers, meanwhile);
  const given = { ...draft };
  const isAsked = await step(given, around(ui, before, more));
  return { isAsked, given, said: said.join('\n') };
}

export const around = (ui: SetupUi, before: Surroundings['before'] = {}, more: Partial<Surroundings> = {}) =>
  ({ ui, t, before, jellyfinSide, browse: () => false, qrCode: () => undefined, ...more }) as unknown as Surroundings;
