import type { Wish } from '../playground.js';
import type { SeenTelevision } from '../shared.js';
import { fill, h, motion, renew, until } from './dom.js';
import { say, told, type Sentence } from './say.js';
import type { Store } from './store.js';

/** How long the sign-in page may take to come up. */
const patienceMs = 3000;

/** Jellyfin's own words for how a sign-in went. */
const answers: Readonly<Record<number, Sentence>> = {
  0: 'Unable to connect to the selected server right now. Please ensure it is running and try again.',
  401: 'Invalid username or password entered. Please try again.',
  403: 'You are not authorized to access the server at this time. Please contact your server administrator for more information.',
  503: 'The server is starting. Please try again shortly.',
};

/** The television between the phones: Jellyfin's sign-in page, and who is signed in where. */
export class TelevisionView {
  readonly element: HTMLElement;
  readonly #screen = h('div', { class: 'tv-screen' });
  readonly #signedIn = h('ul', { class: 'signed-in' });
  readonly #user = h('input', {
    type: 'text',
    id: 'tv-user',
    class: 'tv-input',
    autocomplete: 'off',
    spellcheck: 'false',
    list: 'tv-accounts',
  });
  readonly #password = h('input', {
    type: 'text',
    id: 'tv-password',
    class: 'tv-input',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  readonly #note = h('div', { class: 'tv-note', role: 'status' });
  readonly #code = h('div', { class: 'tv-code', 'aria-live': 'polite' });
  readonly #form: HTMLFormElement;
  readonly #ask: HTMLButtonElement;
  #shown = '';

  /** `says`: shows a sentence of the page. */
  constructor(
    private readonly store: Store,
    private readonly says: (words: string) => void,
  ) {
    this.#ask = h(
      'button',
      {
        type: 'button',
        class: 'tv-button tv-second',
        onclick: () => void this.#wish({ kind: 'code' }),
      },
      say('Use Quick Connect'),
    );
    this.#form = h(
      'form',
      { class: 'tv-form', novalidate: true },
      h('h3', { class: 'tv-title' }, say('Please sign in')),
      h('label', { for: 'tv-user' }, say('User')),
      this.#user,
      h('label', { for: 'tv-password' }, say('Password')),
      this.#password,
      this.#note,
      h('button', { type: 'submit', class: 'tv-button' }, say('Sign In')),
      this.#ask,
      this.#code,
    );
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#signIn();
    });
    this.element = h(
      'section',
      { class: 'television', 'aria-label': say('The television with Jellyfin') },
      h('h2', { class: 'out-of-sight' }, say('The television')),
      h('div', { class: 'tv-frame' }, this.#screen),
      h('div', { class: 'tv-foot' }),
      h('div', { class: 'signed-in-place' }, h('h3', {}, say('Signed in to Jellyfin')), this.#signedIn),
    );
  }

  /** Types a name and a password, and presses Sign In. */
  async performs(account: string, password: string): Promise<void> {
    await this.#leave();
    this.#user.value = '';
    this.#password.value = '';
    for (const letter of account) {
      this.#user.value += letter;
      await motion(35);
    }
    for (const letter of password) {
      this.#password.value += letter;
      await motion(30);
    }
    await motion(250);
    this.#form.requestSubmit();
  }

  async asksForCode(): Promise<void> {
    await this.#leave();
    this.#ask.classList.add('pressed');
    await motion(250);
    this.#ask.classList.remove('pressed');
    this.#ask.click();
  }

  /** What a story points at here. */
  get target(): HTMLElement {
    return this.#form;
  }
  get codeTarget(): HTMLElement {
    return this.#ask;
  }

  update(): void {
    const seen = this.store.get<SeenTelevision>('television');
    const json = JSON.stringify([seen, this.store.household?.state]);
    if (json === this.#shown) return;
    this.#shown = json;
    const last = seen?.last;
    this.#note.textContent = last && last.status !== 200 ? said(last.status) : '';
    this.#note.classList.toggle('tv-bad', last !== undefined && last.status !== 200);
    fill(
      this.#code,
      seen?.code
        ? [
            h('span', {}, say('Quick Connect code')),
            h('strong', {}, seen.code),
            h('span', {}, say('Confirm it where you are signed in, or with /signin.')),
          ]
        : [],
    );
    const isIn = seen?.account !== undefined;
    renew(
      this.#screen,
      h('div', { class: 'tv-logo' }, h('span', { class: 'tv-mark', 'aria-hidden': 'true' }), 'Jellyfin'),
      isIn ? this.#home(seen?.account ?? '') : this.#form,
    );
    const rows = seen?.signedIn ?? [];
    fill(
      this.#signedIn,
      rows.length === 0
        ? h('li', { class: 'nobody' }, say('Nobody is signed in anywhere.'))
        : rows.map(({ user, device, app }) =>
            h(
              'li',
              {},
              h('strong', {}, user),
              say(' on {device}', { device: decodeURIComponent(device) }),
              app === 'Loopback' ? '' : ` (${app})`,
            ),
          ),
    );
  }

  #home(account: string): HTMLElement {
    const names = ['Movies', 'Shows', 'Music'] as const;
    const tiles = names.map((name, n) => h('div', { class: `tv-tile tv-tile-${n}` }, say(name)));
    return h(
      'div',
      { class: 'tv-home' },
      h('p', { class: 'tv-welcome', role: 'status' }, say('Signed in as '), h('strong', {}, account)),
      h('div', { class: 'tv-tiles', 'aria-hidden': 'true' }, tiles),
      h(
        'button',
        {
          type: 'button',
          class: 'tv-button tv-second',
          onclick: () => void this.store.wish({ kind: 'leave television' }),
        },
        say('Switch user'),
      ),
    );
  }

  async #leave(): Promise<void> {
    if (this.store.get<SeenTelevision>('television')?.account === undefined) return;
    await this.store.wish({ kind: 'leave television' });
    await until(() => this.#form.isConnected || undefined, patienceMs);
    await motion(150);
  }

  async #signIn(): Promise<void> {
    const account = this.#user.value.trim();
    if (account === '') return this.#user.focus();
    this.#note.textContent = '';
    await this.#wish({ kind: 'sign in', account, password: this.#password.value });
    this.#password.value = '';
  }

  async #wish(wish: Wish): Promise<void> {
    const { error } = await this.store.wish(wish);
    if (error !== undefined) this.says(told(error));
  }
}

function said(status: number): string {
  const answer = answers[status];
  return answer ? say(answer) : say('Jellyfin answers {status}.', { status: String(status) });
}
