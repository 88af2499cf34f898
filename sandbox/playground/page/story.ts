import type { SeenCue, SeenStory, StoryTitle } from '../shared.js';
import { wordsOf } from './cue-words.js';
import { fill, h, icon, pause, renew } from './dom.js';
import { say, told as toldWords } from './say.js';
import type { Store } from './store.js';
import type { StoryHands, StoryHost } from './story-hands.js';

/** How long a step is left to be read while a story plays by itself. */
const readMs = 1500;
/** The story that is told: its menu, what was said and done, and the next act. */
export class StoryView {
  readonly element: HTMLElement;
  /** The next act, for where the story itself is out of sight. */
  readonly mini = h('aside', { class: 'mini', 'aria-label': say('Next') });
  readonly #menu = h('div', { class: 'story-menu' });
  readonly #told = h('ol', { class: 'told', tabindex: '0', 'aria-label': say('What happened so far') });
  readonly #next = h(
    'button',
    { type: 'button', class: 'button button-primary', onclick: () => void this.#does() },
    say('Next'),
  );
  readonly #play = h('button', { type: 'button', class: 'button button-secondary', onclick: () => this.#toggle() });
  readonly #leave = h(
    'button',
    { type: 'button', class: 'button button-secondary', onclick: () => this.#end() },
    say('All stories'),
  );
  readonly #cue = h('div', { class: 'cue', role: 'status' });
  readonly #telling = h('div', { class: 'telling' });
  readonly #heading = h('h2', { tabindex: '-1' }, say('Stories'));
  #isPlaying = false;
  #isActing = false;
  /** Unset until the page has drawn once: what was looked at before a reload is no news. */
  #looked: number | undefined;
  #shown = '';
  #toldCount = 0;

  constructor(
    private readonly store: Store,
    private readonly host: StoryHost,
    private readonly hands: StoryHands,
  ) {
    this.#telling.append(
      this.#told,
      this.#cue,
      h('div', { class: 'story-buttons' }, this.#next, this.#play, this.#leave),
    );
    this.element = h(
      'section',
      { class: 'story', 'aria-label': say('Stories') },
      this.#heading,
      this.#menu,
      this.#telling,
    );
    this.#drawPlay();
  }

  /** Begins a story; it plays by itself when `plays`. */
  async begin(id: string, plays: boolean): Promise<void> {
    this.#isPlaying = plays;
    this.#looked = 0;
    this.#drawPlay();
    await this.store.wish({ kind: 'story', id });
    this.#heading.focus({ preventScroll: true });
  }

  update(): void {
    const { story } = this.store;
    const titles = this.store.get<StoryTitle[]>('stories') ?? [];
    const json = JSON.stringify([story, titles, this.store.household?.state]);
    if (json === this.#shown) return;
    this.#shown = json;
    if (this.store.household) this.#looked ??= story?.looks?.nth ?? 0;
    this.#heading.textContent = story ? toldWords(story.title) : say('Stories');
    this.#drawMini(story);
    this.#menu.hidden = story !== undefined;
    this.#telling.hidden = story === undefined;
    if (!story) {
      this.#isPlaying = false;
      this.#told.replaceChildren();
      this.#cue.className = 'cue';
      this.#cue.textContent = '';
      this.#toldCount = 0;
      if (this.store.household) this.#looked = 0;
      this.#drawPlay();
      return this.#drawMenu(titles);
    }
    this.#drawTold(story);
    this.#look(story);
    this.#drawCue(story);
    this.#told.scrollTop = this.#told.scrollHeight;
    if (this.#isPlaying && story.cue) void this.#playOn();
  }

  /** Marks what the story points at, after the phones have drawn. */
  point(): void {
    for (const each of document.querySelectorAll('.pointed')) each.classList.remove('pointed');
    const cue = this.store.story?.cue;
    if (cue) this.hands.targetOf(cue)?.classList.add('pointed');
  }

  #drawMenu(titles: readonly StoryTitle[]): void {
    const isReady = this.store.household?.state === 'ready';
    const [first] = titles;
    renew(
      this.#menu,
      h(
        'p',
        { class: 'pitch' },
        say(
          'Somebody in the family cannot sign in to Jellyfin. They ask the bot in Discord, an admin approves with one tap, and they are back in. Play it by yourself on the phones, or watch a story:',
        ),
      ),
      first
        ? h(
            'button',
            {
              type: 'button',
              class: 'button button-primary watch',
              disabled: !isReady,
              onclick: () => void this.begin(first.id, true),
            },
            icon('play'),
            say('Watch: {title}', { title: toldWords(first.title) }),
          )
        : undefined,
      h(
        'ol',
        { class: 'titles' },
        titles.map(({ id, title }) =>
          h(
            'li',
            {},
            h(
              'button',
              {
                type: 'button',
                class: 'title',
                disabled: !isReady,
                'data-story': id,
                onclick: () => void this.begin(id, false),
              },
              toldWords(title),
            ),
          ),
        ),
      ),
    );
  }

  #drawTold({ told }: SeenStory): void {
    if (told.length < this.#toldCount) {
      this.#told.replaceChildren();
      this.#toldCount = 0;
    }
    for (const { kind, text } of told.slice(this.#toldCount))
      this.#told.append(h('li', { class: `told-${kind}` }, toldWords(text)));
    this.#toldCount = told.length;
  }

  #drawCue({ cue, state, why }: SeenStory): void {
    const words = {
      preparing: say('A fresh household is starting …'),
      'your turn': cue ? say('Next: {act}', { act: this.#words(cue) }) : '',
      waiting: say('The bot is at work …'),
      over: say('Everything came true. The household stays as it is: go on by yourself, or choose another story.'),
      failed: say(
        'The story cannot go on, as something else was done meanwhile: “{why}” did not come true. Choose it again to begin with a fresh household.',
        { why: why ?? '' },
      ),
    }[state];
    this.#cue.textContent = words;
    this.#cue.className = `cue cue-${state.replace(' ', '-')}`;
    this.#next.disabled = !cue;
    const isEnd = state === 'over' || state === 'failed';
    this.#next.hidden = isEnd;
    this.#play.hidden = isEnd;
  }

  #drawMini(story: SeenStory | undefined): void {
    const isTold = story !== undefined && story.state !== 'over' && story.state !== 'failed';
    const words = story?.cue ? say('Next: {act}', { act: this.#words(story.cue) }) : say('The bot is at work …');
    const press = h(
      'button',
      { type: 'button', class: 'button button-primary', disabled: !story?.cue, onclick: () => void this.#does() },
      say('Next'),
    );
    renew(this.mini, isTold ? [h('span', {}, words), press] : []);
  }

  #words(cue: SeenCue): string {
    return wordsOf(cue, (id) => this.store.person(id)?.name ?? '');
  }

  /** Brings what somebody looks at in the story before the eyes of the page's reader. */
  #look({ looks, cue }: SeenStory): void {
    if (looks && looks.nth !== this.#looked) {
      this.#looked = looks.nth;
      const phone = this.host.phoneOf(looks.who);
      phone.show(looks.channel);
      this.host.reveal(phone);
    }
    if (cue?.kind === 'presses') this.host.phoneOf(cue.who).show(cue.channel);
    if (cue?.kind === 'types') {
      const phone = this.host.phoneOf(cue.who);
      const general = this.store.channels.find(({ name }) => name === 'general');
      if (general) phone.show(general.id);
    }
  }

  /** Does the next act as a person would, on the phone or the television. */
  async #does(): Promise<void> {
    const cue = this.store.story?.cue;
    if (!cue || this.#isActing) return;
    this.#isActing = true;
    this.#next.disabled = true;
    try {
      if (!(await this.hands.does(cue))) await this.store.wish({ kind: 'next' });
    } finally {
      this.#isActing = false;
    }
  }

  async #playOn(): Promise<void> {
    if (this.#isActing) return;
    await pause(readMs);
    if (this.#isPlaying) await this.#does();
  }

  #toggle(): void {
    this.#isPlaying = !this.#isPlaying;
    this.#drawPlay();
    if (this.#isPlaying) void this.#playOn();
  }

  #drawPlay(): void {
    fill(this.#play, icon(this.#isPlaying ? 'pause' : 'play'), say(this.#isPlaying ? 'Pause' : 'Play'));
  }

  #end(): void {
    this.#isPlaying = false;
    void this.store.wish({ kind: 'end story' });
  }
}
