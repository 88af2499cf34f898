import type { BehindAct, SeenPerson, SeenTrouble } from '../shared.js';
import type { Wish } from '../playground.js';
import { fill, h, icon } from './dom.js';
import { switchTheme } from './remembered.js';
import type { Store } from './store.js';

const hour = 3_600_000;

/** A panel that a button of the bar opens and closes. */
class Panel {
  readonly button: HTMLButtonElement;
  readonly panel: HTMLElement;

  /** `more`: the rest of its name, which goes where there is little room. */
  constructor(name: string, id: string, opened: () => void, more = '') {
    const whole = `${name}${more}`;
    this.panel = h('div', { class: 'panel', id, hidden: true, role: 'region', 'aria-label': whole });
    this.button = h(
      'button',
      {
        type: 'button',
        class: 'bar-button',
        'aria-expanded': 'false',
        'aria-controls': id,
        'aria-label': whole,
        onclick: () => this.toggle(opened),
      },
      name,
      h('span', { class: 'more' }, more),
    );
    this.panel.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      this.close();
      this.button.focus();
    });
  }

  toggle(opened: () => void): void {
    this.panel.hidden = !this.panel.hidden;
    this.button.setAttribute('aria-expanded', String(!this.panel.hidden));
    if (!this.panel.hidden) opened();
  }

  close(): void {
    this.panel.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
  }
}

/** The bar at the top: what goes wrong, the clock, a fresh household, what is behind the scenes. */
export class Controls {
  readonly trouble = new Panel('Trouble', 'trouble', () => this.update());
  readonly clock = new Panel('Clock', 'clock', () => this.update());
  readonly behind = new Panel('Behind', 'behind', () => this.update(), ' the scenes');
  readonly #theme = h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Light or dark', onclick: () => switchTheme() },
    icon('sun'),
  );
  readonly #again = h(
    'button',
    { type: 'button', class: 'bar-button', onclick: () => void this.#wish({ kind: 'again' }) },
    'Start again',
  );
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
        h('span', { class: 'brand-more' }, 'gets a household back into its Jellyfin'),
      ),
      h('div', { class: 'bar-buttons' }, live, this.#theme),
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
    if (open[2]) this.#drawBehind(this.store.get<BehindAct[]>('behind') ?? []);
    if (focused) document.getElementById(focused)?.focus();
  }

  #drawTrouble(trouble: SeenTrouble | undefined, people: readonly SeenPerson[]): void {
    if (!trouble) return;
    const states = [
      ['runs', 'runs'],
      ['down', 'is down'],
      ['slow', 'is slow (4 s)'],
      ['starting', 'is starting'],
    ] as const;
    const radios = states.map(([state, words]) =>
      radio('jellyfin-state', `jellyfin-${state}`, words, trouble.jellyfin === state, () =>
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
        check('discord-slow', 'is slow (1.5 s)', trouble.discordSlow, (isSlow) =>
          this.#wish({ kind: 'discord', isSlow }),
        ),
      ),
      h(
        'fieldset',
        {},
        h('legend', {}, 'Direct messages are closed'),
        people.map(({ id, name, refusesMessages }) =>
          check(`closed-${name}`, name, refusesMessages, (refuses) =>
            this.#wish({ kind: 'person', who: id, refusesMessages: refuses }),
          ),
        ),
      ),
      h(
        'fieldset',
        {},
        h('legend', {}, 'The bot'),
        trouble.botRuns
          ? action('kill-bot', 'Kill it (as a power cut does)', () => this.#wish({ kind: 'kill bot' }))
          : action('kill-bot', 'Start it again', () => this.#wish({ kind: 'start bot' })),
        trouble.keyDeleted
          ? h('p', { class: 'hint' }, 'Its API key is deleted. /rescue makes another.')
          : action('delete-key', 'Delete its API key in Jellyfin', () => this.#wish({ kind: 'delete key' })),
      ),
      h('fieldset', {}, h('legend', {}, 'Version of Jellyfin (starts again)'), version),
    );
  }

  #drawClock(): void {
    const now = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short' }).format(this.store.now());
    fill(
      this.clock.panel,
      h('p', { class: 'clock-now' }, now),
      h('p', { class: 'hint' }, 'It is moved for all of them; the bot is started again for it.'),
      action('hour', 'An hour later', () => this.#wish({ kind: 'clock', ms: hour })),
      action('day', 'A day later', () => this.#wish({ kind: 'clock', ms: 24 * hour })),
    );
  }

  #drawBehind(acts: readonly BehindAct[]): void {
    const before = this.behind.panel.scrollTop;
    fill(
      this.behind.panel,
      h(
        'div',
        { class: 'drawer-head' },
        h('h2', {}, 'Behind the scenes'),
        h(
          'button',
          {
            type: 'button',
            class: 'icon-button',
            'aria-label': 'Close',
            id: 'close-behind',
            onclick: () => this.behind.toggle(() => undefined),
          },
          icon('close'),
        ),
      ),
      acts.length === 0
        ? h(
            'p',
            { class: 'hint' },
            'What the bot does for each press is listed here: its calls, its log, the rows of its database. Press something.',
          )
        : undefined,
      acts.map(({ title, lines }, n) =>
        h(
          'details',
          { class: 'behind-act', open: n === 0 },
          h(
            'summary',
            {},
            title,
            h(
              'span',
              { class: 'hint' },
              ` ${lines.filter(({ from }) => from === 'Jellyfin').length} to Jellyfin, ${lines.filter(({ from }) => from === 'Discord').length} to Discord`,
            ),
          ),
          h(
            'div',
            { class: 'table-place', tabindex: '0', role: 'region', 'aria-label': title },
            h(
              'table',
              {},
              h(
                'thead',
                {},
                h(
                  'tr',
                  {},
                  ['after', 'to or from', 'what', 'answer', 'took'].map((each) => h('th', { scope: 'col' }, each)),
                ),
              ),
              h(
                'tbody',
                {},
                lines.map(({ from, text, afterMs, status, tookMs }) =>
                  h(
                    'tr',
                    { class: `from-${from.toLowerCase()}` },
                    h('td', {}, `${Math.round(afterMs)} ms`),
                    h('td', {}, from),
                    h('td', { class: 'code' }, text),
                    h('td', {}, status === undefined ? '' : status === 0 ? 'cut off' : String(status)),
                    h(
                      'td',
                      {},
                      tookMs === undefined ? '' : `${tookMs < 10 ? tookMs.toFixed(1) : Math.round(tookMs)} ms`,
                    ),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
    );
    this.behind.panel.scrollTop = before;
  }

  async #wish(wish: Wish): Promise<void> {
    const { error } = await this.store.wish(wish);
    if (error !== undefined) this.says(error);
  }
}

function place({ button, panel }: Panel): HTMLElement {
  return h('div', { class: 'panel-place' }, button, panel);
}

function radio(group: string, id: string, words: string, checked: boolean, chosen: () => unknown): HTMLElement {
  const input = h('input', { type: 'radio', name: group, id, checked, onchange: () => void chosen() });
  return h('label', { class: 'switch' }, input, words);
}

function check(id: string, words: string, checked: boolean, set: (on: boolean) => unknown): HTMLElement {
  const input = h('input', { type: 'checkbox', id, checked });
  input.addEventListener('change', () => void set(input.checked));
  return h('label', { class: 'switch' }, input, words);
}

function action(id: string, words: string, done: () => unknown): HTMLElement {
  return h('button', { type: 'button', class: 'button button-secondary', id, onclick: () => void done() }, words);
}
