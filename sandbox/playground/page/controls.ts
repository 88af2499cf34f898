import type { BehindAct, SeenPerson, SeenTrouble } from '../shared.js';
import type { Wish } from '../playground.js';
import { BehindTable } from './behind.js';
import { fill, h, icon } from './dom.js';
import { action, check, Panel, radio } from './panel.js';
import { switchTheme } from './remembered.js';
import { language, say, switchLanguage, told } from './say.js';
import type { Store } from './store.js';

const hour = 3_600_000;

/** The bar at the top: what goes wrong, the clock, a fresh household, what is behind the scenes. */
export class Controls {
  readonly trouble = new Panel('trouble', { name: 'Trouble' }, () => this.update());
  readonly clock = new Panel('clock', { name: 'Clock' }, () => this.update());
  readonly behind = new Panel('behind', { name: 'Behind', more: ' the scenes' }, () => this.update());
  readonly #theme = h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': say('Light or dark'), onclick: () => switchTheme() },
    icon('sun'),
  );
  readonly #again = h(
    'button',
    { type: 'button', class: 'bar-button', onclick: () => void this.#wish({ kind: 'again' }) },
    say('Start again'),
  );
  readonly #behind = new BehindTable(this.behind.panel, () => this.behind.close());
  readonly bar: HTMLElement;
  #shown = '';

  constructor(
    private readonly store: Store,
    private readonly says: (words: string) => void,
  ) {
    this.behind.panel.classList.add('drawer');
    const live = store.backing.isRecorded
      ? []
      : [place(this.trouble), place(this.clock), this.#again, this.behind.button];
    this.bar = h(
      'header',
      { class: 'bar' },
      h(
        'h1',
        { class: 'brand' },
        icon('key'),
        'Latchkey',
        h('span', { class: 'brand-more' }, say('gets a household back into its Jellyfin')),
      ),
      h('div', { class: 'bar-buttons' }, live, languageButton(), this.#theme),
    );
    document.addEventListener('pointerdown', (event) => {
      for (const panel of [this.trouble, this.clock])
        if (!panel.panel.contains(event.target as Node) && !panel.button.contains(event.target as Node)) panel.close();
    });
  }

  update(): void {
    const open = [this.trouble, this.clock, this.behind].map(({ panel }) => !panel.hidden);
    const { household, people } = this.store;
    const seen = [
      open,
      household,
      people,
      this.store.get('trouble'),
      open[2] && this.store.get('behind'),
      open[1] && Math.floor(this.store.now() / 60_000),
    ];
    const json = JSON.stringify(seen);
    if (json === this.#shown) return;
    this.#shown = json;
    this.#again.disabled = household?.state === 'starting' || household?.state === 'busy';
    const focused = document.activeElement?.id;
    if (open[0]) this.#drawTrouble(this.store.get<SeenTrouble>('trouble'), people);
    if (open[1]) this.#drawClock();
    if (open[2]) this.#behind.draw(this.store.get<BehindAct[]>('behind') ?? []);
    if (focused) document.getElementById(focused)?.focus();
  }

  #drawTrouble(trouble: SeenTrouble | undefined, people: readonly SeenPerson[]): void {
    if (!trouble) return;
    const states = [
      ['runs', 'runs'],
      ['down', 'is down'],
      ['slow', 'is slow (3 s)'],
      ['starting', 'is starting'],
    ] as const;
    const radios = states.map(([state, words]) =>
      radio('jellyfin-state', `jellyfin-${state}`, say(words), trouble.jellyfin === state, () =>
        this.#wish({ kind: 'jellyfin', state }),
      ),
    );
    const versions = this.store.household?.versions ?? [];
    const version = versions.map((each) =>
      radio('jellyfin-version', `version-${each}`, each, each === this.store.household?.version, () =>
        this.#wish({ kind: 'again', version: each }),
      ),
    );
    fill(
      this.trouble.panel,
      h('fieldset', {}, h('legend', {}, 'Jellyfin'), radios),
      h(
        'fieldset',
        {},
        h('legend', {}, 'Discord'),
        check('discord-slow', say('is slow (1.5 s)'), trouble.discordSlow, (isSlow) =>
          this.#wish({ kind: 'discord', isSlow }),
        ),
      ),
      h(
        'fieldset',
        {},
        h('legend', {}, say('Direct messages are closed')),
        people.map(({ id, name, refusesMessages }) =>
          check(`closed-${name}`, name, refusesMessages, (refuses) =>
            this.#wish({ kind: 'person', who: id, refusesMessages: refuses }),
          ),
        ),
      ),
      h(
        'fieldset',
        {},
        h('legend', {}, say('The bot')),
        trouble.botRuns
          ? action('kill-bot', say('Kill it (as a power cut does)'), () => this.#wish({ kind: 'kill bot' }))
          : action('kill-bot', say('Start it again'), () => this.#wish({ kind: 'start bot' })),
        trouble.keyDeleted
          ? h('p', { class: 'hint' }, say('Its API key is deleted. /rescue makes another.'))
          : action('delete-key', say('Delete its API key in Jellyfin'), () => this.#wish({ kind: 'delete key' })),
      ),
      h('fieldset', {}, h('legend', {}, say('Version of Jellyfin (starts again)')), version),
    );
  }

  #drawClock(): void {
    const now = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' }).format(this.store.now());
    fill(
      this.clock.panel,
      h('p', { class: 'clock-now' }, now),
      h('p', { class: 'hint' }, say('It is moved for all of them; the bot is started again for it.')),
      action('hour', say('An hour later'), () => this.#wish({ kind: 'clock', ms: hour })),
      action('day', say('A day later'), () => this.#wish({ kind: 'clock', ms: 24 * hour })),
    );
  }

  async #wish(wish: Wish): Promise<void> {
    const { error } = await this.store.wish(wish);
    if (error !== undefined) this.says(told(error));
  }
}

function place({ button, panel }: Panel): HTMLElement {
  return h('div', { class: 'panel-place' }, button, panel);
}

/** Named in the language that it leads to. */
function languageButton(): HTMLElement {
  const [lang, title] = language === 'de' ? ['en', 'English'] : ['de', 'Deutsch'];
  const press = { type: 'button', class: 'bar-button', lang, title, onclick: () => switchLanguage() };
  return h('button', press, lang.toUpperCase());
}
