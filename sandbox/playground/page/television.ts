import type { SeenTelevision } from '../shared.js';
import { fill, h, pause } from './dom.js';
import type { Store } from './store.js';

/** Jellyfin's own words for how a sign-in went. */
const answers: Readonly<Record<number, string>> = {
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

  constructor(private readonly store: Store) {
    this.#ask = h(
      'button',
      {
        type: 'button',
        class: 'tv-button tv-second',
        onclick: () =>
          void store
            .wish({ kind: 'code' })
            .then(({ error }) => (this.#note.textContent = error === undefined ? '' : (answers[0] ?? ''))),
      },
      'Use Quick Connect',
    );
    this.#form = h(
      'form',
      { class: 'tv-form', novalidate: true },
      h('h3', { class: 'tv-title' }, 'Please sign in'),
      h('label', { for: 'tv-user' }, 'User'),
      this.#user,
      h('label', { for: 'tv-password' }, 'Password'),
      this.#password,
      this.#note,
      h('button', { type: 'submit', class: 'tv-button' }, 'Sign In'),
      this.#ask,
      this.#code,
    );
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#signIn();
    });
    this.element = h(
      'section',
      { class: 'television', 'aria-label': 'The television with Jellyfin' },
      h('h2', { class: 'out-of-sight' }, 'The television'),
      h('div', { class: 'tv-frame' }, this.#screen),
      h('div', { class: 'tv-foot' }),
      h('div', { class: 'signed-in-place' }, h('h3', {}, 'Signed in to Jellyfin'), this.#signedIn),
    );
  }

  /** Types a name and a password, and presses Sign In. */
  async performs(account: string, password: string): Promise<void> {
    await this.#leave();
    this.#user.value = '';
    this.#password.value = '';
    for (const letter of account) {
      this.#user.value += letter;
      await pause(35);
    }
    for (const letter of password) {
      this.#password.value += letter;
      await pause(30);
    }
    await pause(250);
    this.#form.requestSubmit();
  }

  async asksForCode(): Promise<void> {
    await this.#leave();
    this.#ask.classList.add('pressed');
    await pause(250);
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
    this.#note.textContent =
      last && last.status !== 200 ? (answers[last.status] ?? `Jellyfin answers ${last.status}.`) : '';
    this.#note.classList.toggle('tv-bad', last !== undefined && last.status !== 200);
    fill(
      this.#code,
      seen?.code
        ? [
            h('span', {}, 'Quick Connect code'),
            h('strong', {}, seen.code),
            h('span', {}, 'Confirm it where you are signed in, or with /signin.'),
          ]
        : [],
    );
    const isIn = seen?.account !== undefined;
    fill(
      this.#screen,
      h('div', { class: 'tv-logo' }, h('span', { class: 'tv-mark', 'aria-hidden': 'true' }), 'Jellyfin'),
      isIn ? this.#home(seen?.account ?? '') : this.#form,
    );
    const rows = seen?.signedIn ?? [];
    fill(
      this.#signedIn,
      rows.length === 0
        ? h('li', { class: 'nobody' }, 'Nobody is signed in anywhere.')
        : rows.map(({ user, device, app }) =>
            h(
              'li',
              {},
              h('strong', {}, user),
              ` on ${decodeURIComponent(device)}`,
              app === 'Loopback' ? '' : ` (${app})`,
            ),
          ),
    );
  }

  #home(account: string): HTMLElement {
    const tiles = ['Movies', 'Shows', 'Music'].map((name, n) => h('div', { class: `tv-tile tv-tile-${n}` }, name));
    return h(
      'div',
      { class: 'tv-home' },
      h('p', { class: 'tv-welcome', role: 'status' }, 'Signed in as ', h('strong', {}, account)),
      h('div', { class: 'tv-tiles', 'aria-hidden': 'true' }, tiles),
      h(
        'button',
        {
          type: 'button',
          class: 'tv-button tv-second',
          onclick: () => void this.store.wish({ kind: 'leave television' }),
        },
        'Switch user',
      ),
    );
  }

  async #leave(): Promise<void> {
    if (this.store.get<SeenTelevision>('television')?.account === undefined) return;
    await this.store.wish({ kind: 'leave television' });
    await pause(150);
  }

  async #signIn(): Promise<void> {
    const account = this.#user.value.trim();
    if (account === '') return this.#user.focus();
    this.#note.textContent = '';
    await this.store.wish({ kind: 'sign in', account, password: this.#password.value });
    this.#password.value = '';
  }
}
