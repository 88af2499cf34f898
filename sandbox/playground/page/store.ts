import type {
  ActAnswer,
  Patch,
  SeenChannel,
  SeenEntry,
  SeenHousehold,
  SeenNames,
  SeenPerson,
  SeenStory,
} from '../shared.js';
import type { Wish } from '../playground.js';
import { say } from './say.js';

/** What is behind the page: a living household, or one that was recorded. */
export interface Backing {
  /** Calls `apply` with everything, then with whatever changes; `isThere` with whether anything is behind the page. */
  listen(apply: (patch: Patch) => void, isThere: (there: boolean) => void): void;
  wish(wish: Wish): Promise<ActAnswer>;
  readonly isRecorded: boolean;
}

export type Listener = (changed: ReadonlySet<string>) => void;

/** Everything that the page shows, as it came. */
export class Store {
  readonly #state = new Map<string, unknown>();
  readonly #listeners: Listener[] = [];
  /** Counts households: with another one nothing on the page stays. */
  generation = 0;
  isThere = true;

  constructor(readonly backing: Backing) {}

  listen(): void {
    this.backing.listen(
      (patch) => this.#apply(patch),
      (there) => {
        if (there === this.isThere) return;
        this.isThere = there;
        this.#tell(new Set(['household']));
      },
    );
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  get<T>(key: string): T | undefined {
    return this.#state.get(key) as T | undefined;
  }

  get household(): SeenHousehold | undefined {
    return this.get('household');
  }
  get people(): readonly SeenPerson[] {
    return this.get('people') ?? [];
  }
  get channels(): readonly SeenChannel[] {
    return this.get('channels') ?? [];
  }
  get names(): SeenNames {
    return this.get('names') ?? { guild: '', guildId: '', botId: '', users: {}, roles: {} };
  }
  get story(): SeenStory | undefined {
    return this.get('story');
  }

  person(id: string): SeenPerson | undefined {
    return this.people.find((each) => each.id === id);
  }

  /** Entries whose key begins so, with the rest of the key. */
  *under<T>(prefix: string): Iterable<[string, T]> {
    for (const [key, value] of this.#state) if (key.startsWith(prefix)) yield [key.slice(prefix.length), value as T];
  }

  /** The messages of a channel on one person's screen, oldest first. */
  messages(channel: string, who: string): [string, SeenEntry][] {
    const found = [...this.under<SeenEntry>('message:')];
    const here = found.filter(([, entry]) => entry.channel === channel && entry.seenBy.includes(who));
    return here.sort(([one], [other]) => one.length - other.length || (one < other ? -1 : 1));
  }

  /** The household's own time. */
  now(): number {
    return Date.now() + (this.household?.aheadMs ?? 0);
  }

  wish(wish: Wish): Promise<ActAnswer> {
    return this.backing.wish(wish);
  }

  #apply({ set, drop, whole }: Patch): void {
    const changed = new Set([...Object.keys(set), ...drop]);
    if (whole) {
      for (const key of this.#state.keys()) changed.add(key);
      const before = this.get<SeenNames>('names')?.guildId;
      this.#state.clear();
      const after = (set['names'] as SeenNames | undefined)?.guildId;
      if (before !== after) this.generation += 1;
    }
    for (const [key, value] of Object.entries(set)) this.#state.set(key, value);
    for (const key of drop) this.#state.delete(key);
    this.#tell(changed);
  }

  #tell(changed: ReadonlySet<string>): void {
    for (const listener of this.#listeners) listener(changed);
  }
}

/** The household behind the page's own address. */
export const living: Backing = {
  isRecorded: false,
  listen(apply, isThere) {
    const events = new EventSource('/events');
    events.addEventListener('message', ({ data }) => {
      isThere(true);
      apply(JSON.parse(String(data)) as Patch);
    });
    events.addEventListener('error', () => isThere(false));
  },
  async wish(wish) {
    try {
      const response = await fetch('/do', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(wish),
      });
      return (await response.json()) as ActAnswer;
    } catch {
      return { error: say('The playground does not answer: is it still running?') };
    }
  },
};
