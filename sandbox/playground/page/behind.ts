import type { BehindAct, BehindLine } from '../shared.js';
import { h, icon, renew } from './dom.js';
import { say } from './say.js';

const columns = ['after', 'to or from', 'what', 'answer', 'took'] as const;

/** What the bot did for each act: the newest is open, and whatever its reader opened. */
export class BehindTable {
  readonly #opened = new Map<string, boolean>();

  /** `panel`: where it is drawn; `close`: what its cross does. */
  constructor(
    private readonly panel: HTMLElement,
    private readonly close: () => void,
  ) {}

  draw(acts: readonly BehindAct[]): void {
    const before = this.panel.scrollTop;
    const cross = { type: 'button', class: 'icon-button', 'aria-label': say('Close'), id: 'close-behind' };
    const nothing = say(
      'What the bot does for each press is listed here: its calls, its log, the rows of its database. Press something.',
    );
    renew(
      this.panel,
      h(
        'div',
        { class: 'drawer-head' },
        h('h2', {}, say('Behind the scenes')),
        h('button', { ...cross, onclick: () => this.close() }, icon('close')),
      ),
      acts.length === 0 ? h('p', { class: 'hint' }, nothing) : undefined,
      acts.map((act, n) => this.#act(act, this.#opened.get(act.id) ?? n === 0)),
    );
    this.panel.scrollTop = before;
  }

  #act({ id, title, lines }: BehindAct, open: boolean): HTMLElement {
    const count = (end: BehindLine['from']) => String(lines.filter(({ from }) => from === end).length);
    const calls = say('{jellyfin} to Jellyfin, {discord} to Discord', {
      jellyfin: count('Jellyfin'),
      discord: count('Discord'),
    });
    const details = h('details', { class: 'behind-act', open });
    const summary = h('summary', { id: `act-${id}` }, title, h('span', { class: 'hint' }, ` ${calls}`));
    summary.addEventListener('click', () => this.#opened.set(id, !details.open));
    const head = columns.map((each) => h('th', { scope: 'col' }, say(each)));
    details.append(
      summary,
      h(
        'div',
        { class: 'table-place', tabindex: '0', role: 'region', 'aria-label': title },
        h('table', {}, h('thead', {}, h('tr', {}, head)), h('tbody', {}, lines.map(row))),
      ),
    );
    return details;
  }
}

function row({ from, text, afterMs, status, tookMs }: BehindLine): HTMLElement {
  const took = tookMs === undefined ? '' : `${tookMs < 10 ? tookMs.toFixed(1) : Math.round(tookMs)} ms`;
  const answered = status === 0 ? say('cut off') : String(status ?? '');
  const end = from === 'log' || from === 'database' ? say(from) : from;
  return h(
    'tr',
    { class: `from-${from.toLowerCase()}` },
    h('td', {}, `${Math.round(afterMs)} ms`),
    h('td', {}, end),
    h('td', { class: 'code' }, text),
    h('td', {}, answered),
    h('td', {}, took),
  );
}
