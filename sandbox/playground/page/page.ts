import type { Payload, SeenPerson } from '../shared.js';
import { translations } from './commands.js';
import { Controls } from './controls.js';
import { fill, h, icon, renew } from './dom.js';
import { Phone } from './phone.js';
import { remembered, setTheme } from './remembered.js';
import { language, say, told } from './say.js';
import type { Store } from './store.js';
import { StoryHands, type StoryHost } from './story-hands.js';
import { StoryView } from './story.js';
import { TelevisionView } from './television.js';

const sides = ['left', 'middle', 'right'] as const;

/** How long a sentence stays at the foot of the page. */
const saidMs = 6000;

/** What is remembered of a phone that shows its direct messages. */
const direct = '@';

interface Side {
  readonly name: 'left' | 'right';
  readonly phone: Phone;
  readonly place: HTMLElement;
  readonly owner: HTMLElement;
}

/** The whole page: a phone on either side, the television and the story between them. */
export class Page {
  readonly #television: TelevisionView;
  readonly #controls: Controls;
  readonly #story: StoryView;
  readonly #left: Side;
  readonly #right: Side;
  readonly #middle = h('div', { class: 'middle' });
  readonly #tabs = h('nav', { class: 'tabs', 'aria-label': say('What is shown') });
  readonly #status = h('div', { class: 'status', role: 'status' });
  readonly #said = h('div', { class: 'said', role: 'alert' });
  #shown: 'left' | 'middle' | 'right' = 'middle';
  #generation = -1;
  #saidTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly root: HTMLElement,
  ) {
    const dark = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
    setTheme(remembered('theme') ?? dark);
    document.documentElement.lang = language;
    this.#television = new TelevisionView(store, (words) => this.#says(words));
    this.#controls = new Controls(store, (words) => this.#says(words));
    this.#left = this.#side('left');
    this.#right = this.#side('right');
    const host: StoryHost = {
      television: this.#television,
      phoneOf: (who) => this.#phoneOf(who),
      reveal: (what) => this.#reveal(what === 'television' ? 'middle' : what === this.#left.phone ? 'left' : 'right'),
    };
    this.#story = new StoryView(store, host, new StoryHands(host));
    this.#middle.append(this.#television.element, this.#story.element);
    root.append(
      this.#controls.bar,
      this.#status,
      h('main', { class: 'scene' }, this.#left.place, this.#middle, this.#right.place),
      this.#story.mini,
      this.#tabs,
      this.#controls.behind.panel,
      this.#said,
    );
    this.#reveal(sides.find((each) => each === remembered('shown')) ?? 'middle');
    store.onChange((changed) => this.#update(changed));
    setInterval(() => {
      this.#left.phone.tick();
      this.#right.phone.tick();
      this.#controls.update();
    }, 10_000);
    store.listen();
  }

  #update(changed: ReadonlySet<string>): void {
    if (this.store.people.length > 0 && this.store.generation !== this.#generation) this.#handOut();
    for (const { phone } of [this.#left, this.#right]) phone.update(changed);
    if (changed.has('people') || changed.has('names') || changed.has('commands')) this.#drawOwners();
    this.#television.update();
    this.#controls.update();
    this.#drawStatus();
    this.#story.update();
    this.#drawTabs();
    this.#story.point();
  }

  /** A household has come: the phones are given to who had them before, by name. */
  #handOut(): void {
    this.#generation = this.store.generation;
    const { people } = this.store;
    const named = (name: string | undefined) => people.find((each) => each.name === name);
    const left = named(remembered('left')) ?? people.find(({ role }) => role === 'member');
    const right = named(remembered('right')) ?? people.find(({ role }) => role === 'admin');
    for (const [side, person] of [
      [this.#left, left],
      [this.#right, right],
    ] as const) {
      if (!person) continue;
      const usual = side === this.#right ? 'admins' : 'general';
      const wanted = remembered(`${side.name}-channel`) ?? usual;
      const channel = this.store.channels.find(({ name }) => name === wanted);
      side.phone.belongsTo(person.id, wanted === direct ? person.directChannel : channel?.id);
    }
    this.#drawOwners();
  }

  #side(name: 'left' | 'right'): Side {
    const phone = new Phone(this.store, {
      showTelevision: () => this.#reveal('middle'),
      remember: () => this.#remember(),
      says: (words) => this.#says(words),
    });
    const owner = h('div', { class: 'owner' });
    return { name, phone, owner, place: h('div', { class: `side side-${name}` }, owner, phone.element) };
  }

  #remember(): void {
    for (const { name, phone } of [this.#left, this.#right]) {
      remembered(name, phone.person?.name ?? '');
      const channel = this.store.channels.find(({ id }) => id === phone.channel);
      remembered(`${name}-channel`, channel?.name || direct);
    }
  }

  #phoneOf(who: string): Phone {
    for (const { phone } of [this.#left, this.#right]) if (phone.who === who) return phone;
    const role = this.store.person(who)?.role;
    const side = role === 'admin' || role === 'helper' ? this.#right : this.#left;
    this.#give(side, who);
    return side.phone;
  }

  #give(side: Side, who: string): void {
    side.phone.belongsTo(who);
    this.#remember();
    this.#drawOwners();
    this.#drawTabs();
    this.#story.point();
  }

  #drawOwners(): void {
    for (const side of [this.#left, this.#right]) {
      const { person } = side.phone;
      const other = side === this.#left ? this.#right : this.#left;
      const options = this.store.people.map((each) =>
        h(
          'option',
          { value: each.id, selected: each.id === person?.id, disabled: each.id === other.phone.who },
          about(each),
        ),
      );
      const who = h(
        'select',
        { class: 'owner-select', 'aria-label': say(`Whose phone is on the ${side.name}`) },
        options,
      );
      who.addEventListener('change', () => this.#give(side, who.value));
      const languages = ['en-US', ...translations(this.store.get<Payload[]>('commands') ?? [])].map((locale) =>
        h('option', { value: locale, selected: person?.locale === locale }, ownName(locale)),
      );
      const language = h(
        'select',
        {
          class: 'language-select',
          'aria-label': say('{name}’s language', { name: person?.name ?? '' }),
          disabled: this.store.backing.isRecorded,
        },
        languages,
      );
      language.addEventListener(
        'change',
        () => void this.store.wish({ kind: 'person', who: side.phone.who, locale: language.value }),
      );
      const key = `${person?.id} ${person?.locale} ${other.phone.who} ${this.store.people.length} ${languages.length}`;
      if (side.owner.dataset['drawn'] === key) continue;
      side.owner.dataset['drawn'] = key;
      const focused = side.owner.contains(document.activeElement) ? document.activeElement?.className : undefined;
      fill(
        side.owner,
        h('h2', { class: 'out-of-sight' }, say('{name}’s phone', { name: person?.name ?? '' })),
        who,
        language,
      );
      if (focused) side.owner.querySelector<HTMLElement>(`.${focused}`)?.focus();
    }
  }

  #drawStatus(): void {
    const { household, isThere } = this.store;
    const words = !isThere
      ? say('The playground has ended: start it again with npm run playground.')
      : household?.state === 'ready'
        ? ''
        : told(household?.words ?? '') || say('Starting …');
    if (this.#status.textContent !== words) this.#status.textContent = words;
    this.root.dataset['state'] = isThere ? (household?.state ?? 'starting') : 'gone';
  }

  #drawTabs(): void {
    const tabs = [
      ['left', this.#left.phone.person?.name ?? '', this.#left.phone.unread()],
      ['middle', say('TV & stories'), 0],
      ['right', this.#right.phone.person?.name ?? '', this.#right.phone.unread()],
    ] as const;
    const focused = (document.activeElement as HTMLElement | null)?.dataset['tab'];
    renew(
      this.#tabs,
      tabs.map(([tab, name, unread]) =>
        h(
          'button',
          {
            type: 'button',
            class: 'tab',
            'data-tab': tab,
            'aria-current': tab === this.#shown ? 'page' : undefined,
            onclick: () => this.#reveal(tab),
          },
          tab === 'middle' ? icon('television') : undefined,
          name,
          unread > 0 && tab !== this.#shown ? h('span', { class: 'badge' }, String(unread)) : undefined,
        ),
      ),
    );
    if (focused) this.#tabs.querySelector<HTMLElement>(`[data-tab="${focused}"]`)?.focus();
  }

  /** Brings one of the three before the eyes where there is room for one. */
  #reveal(what: 'left' | 'middle' | 'right'): void {
    this.#shown = what;
    this.root.dataset['shown'] = what;
    remembered('shown', what);
    this.#drawTabs();
  }

  #says(words: string): void {
    this.#said.textContent = words;
    clearTimeout(this.#saidTimer);
    this.#saidTimer = setTimeout(() => (this.#said.textContent = ''), saidMs);
  }
}

/** What a language calls itself. */
const ownName = (locale: string): string => new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale;

function about({ name, role }: SeenPerson): string {
  const sentences = {
    member: '{name} (member)',
    helper: '{name} (helper)',
    admin: '{name} (admin)',
    stranger: '{name} (a stranger)',
  } as const;
  return say(sentences[role], { name });
}
