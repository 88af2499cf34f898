import type { CommandOption, TypedCommand } from './commands.js';
import type { ComposerHost } from './composer-host.js';
import { fill, h, icon, motion } from './dom.js';
import { choicesOf, valueOf, type Field } from './option-field.js';
import { listbox, type Choice } from './sheet.js';

const completeAfterMs = 150;

/** The line at the foot of a channel: words, or a slash command with its options. */
export class Composer {
  readonly element: HTMLElement;
  readonly #line = h('div', { class: 'composer-line' });
  readonly #offers = h('div', { class: 'offers', hidden: true });
  readonly #problem = h('div', { class: 'composer-problem', role: 'alert' });
  #input!: HTMLInputElement;
  #command: TypedCommand | undefined;
  #fields: Field[] = [];
  #placeholder = '';
  #asked = 0;

  constructor(private readonly host: ComposerHost) {
    this.element = h('form', { class: 'composer', novalidate: true }, this.#offers, this.#problem, this.#line);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.send();
    });
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('focusout', (event) => {
      if (!this.element.contains(event.relatedTarget as Node | null)) this.#hideOffers();
    });
    this.clear();
  }

  /** Empties the line; `placeholder` says where it writes to. */
  clear(placeholder = this.#placeholder): void {
    this.#placeholder = placeholder;
    this.#command = undefined;
    this.#fields = [];
    this.#problem.textContent = '';
    this.#hideOffers();
    this.#input = h('input', {
      type: 'text',
      class: 'composer-input',
      placeholder,
      'aria-label': `${this.host.words().messageLine}: ${placeholder}`,
      autocomplete: 'off',
      maxlength: 2000,
      oninput: () => this.#typed(),
      onfocus: () => this.#typed(),
    });
    fill(this.#line, this.#input, this.#sendButton());
  }

  /** Types a command into the line, one part after the other, as a person would, and sends it. */
  async performs(
    line: string,
    options: Readonly<Record<string, { readonly value: string; readonly shown: string }>>,
  ): Promise<boolean> {
    const command = this.host.commands().find((each) => each.line === line);
    if (!command) return false;
    this.clear();
    for (const letter of command.shown) {
      this.#input.value += letter;
      await motion(40);
    }
    this.choose(command, false);
    for (const [name, { value, shown }] of Object.entries(options)) {
      const field = this.#fields.find((each) => each.option.name === name) ?? this.#addField(name);
      if (!field) return false;
      field.input.value = shown;
      field.value = value;
      await motion(350);
    }
    await motion(250);
    this.send();
    return true;
  }

  /** Begins a command: its required options are there to be filled in. */
  choose(command: TypedCommand, focus = true): void {
    this.#command = command;
    this.#hideOffers();
    this.#fields = command.options.filter(({ isRequired }) => isRequired).map((each) => this.#field(each));
    this.#drawCommand();
    if (!focus) return;
    if (this.#fields[0]) this.#fields[0].input.focus();
    else this.#line.querySelector<HTMLElement>('.composer-send')?.focus();
  }

  /** Begins the command of this line, where there is one. */
  begin(line: string): void {
    const command = this.host.commands().find((each) => each.line === line);
    if (command) this.choose(command);
  }

  send(): void {
    if (!this.#command) return this.#sendWords();
    const missing = this.#fields.find(({ option: { isRequired }, input }) => isRequired && input.value.trim() === '');
    if (missing) {
      missing.input.focus(); // what is wrong is said after it: an option that gets the focus takes that away
      this.#problem.textContent = `${missing.option.shown}: ${this.host.words().required}`;
      return;
    }
    const filled = this.#fields.filter(({ input }) => input.value.trim() !== '');
    const options = filled.map((field) => [field.option.name, valueOf(field)] as const);
    const { line } = this.#command;
    this.clear();
    this.#input.focus({ preventScroll: true });
    this.host.command(line, Object.fromEntries(options));
  }

  #sendWords(): void {
    const words = this.#input.value.trim();
    if (words === '') return;
    const commands = this.host.commands().filter(({ shown }) => `${words} `.startsWith(`${shown} `));
    const exact = commands.find(({ shown }) => shown === words) ?? commands[0];
    if (exact) return this.choose(exact);
    if (words.startsWith('/')) {
      this.#problem.textContent = this.host.words().noCommand;
      return;
    }
    this.clear();
    this.host.says(words);
    this.#input.focus({ preventScroll: true });
  }

  #sendButton(): HTMLElement {
    return h('button', { type: 'submit', class: 'composer-send', 'aria-label': this.host.words().send }, icon('send'));
  }

  #drawCommand(): void {
    const { options = [], shown = '' } = this.#command ?? {};
    const left = options.filter((each) => !this.#fields.some((field) => field.option === each));
    const more = left.map((each) =>
      h(
        'button',
        {
          type: 'button',
          class: 'more-option',
          title: each.description,
          onclick: () => this.#addField(each.name)?.input.focus(),
        },
        `+ ${each.shown}`,
      ),
    );
    fill(
      this.#line,
      h(
        'div',
        { class: 'command-parts' },
        h('span', { class: 'command-name' }, shown),
        this.#fields.map(({ option: { shown: name }, input }) =>
          h('label', { class: 'command-option' }, h('span', {}, name), input),
        ),
        more,
      ),
      this.#sendButton(),
    );
  }

  #addField(name: string): Field | undefined {
    const found = this.#command?.options.find((each) => each.name === name);
    if (!found) return undefined;
    const field = this.#field(found);
    this.#fields.push(field);
    this.#drawCommand();
    return field;
  }

  #field(of: CommandOption): Field {
    const input = h('input', {
      type: 'text',
      class: 'option-input',
      autocomplete: 'off',
      'aria-label': `${of.shown}: ${of.description}`,
    });
    const field: Field = { option: of, input, value: undefined };
    const offer = (): void => void this.#offer(field);
    input.addEventListener('focus', offer);
    input.addEventListener('input', () => {
      field.value = undefined;
      offer();
    });
    return field;
  }

  /** What an option offers for what stands in it. */
  async #offer(field: Field): Promise<void> {
    const { option: of, input } = field;
    const asked = (this.#asked += 1);
    this.#problem.textContent = '';
    const typed = input.value;
    const take = ({ label, value }: Choice): void => {
      input.value = label;
      field.value = value;
      this.#hideOffers();
      const next = this.#fields.find((each) => each.input.value === '');
      (next?.input ?? this.#line.querySelector<HTMLElement>('.composer-send'))?.focus();
    };
    if (of.completes) {
      await new Promise((resolve) => setTimeout(resolve, completeAfterMs));
      if (asked !== this.#asked) return;
      const before = this.#fields.filter((each) => each !== field && each.input.value !== '');
      const filled = Object.fromEntries(before.map((each) => [each.option.name, String(valueOf(each))]));
      const { choices = [] } = await this.host.complete(this.#command?.line ?? '', of.name, typed, filled);
      if (asked !== this.#asked) return;
      return this.#showOffers(
        of.description,
        choices.map(({ name, value }) => ({ label: name, value: String(value) })),
        take,
      );
    }
    const all = choicesOf(of, this.host);
    const found = all.filter(({ label }) => label.toLowerCase().includes(typed.replace(/^@/, '').toLowerCase()));
    this.#showOffers(of.description, found, take, all.length > 0);
  }

  /** What the plain line offers: the commands that begin so. */
  #typed(): void {
    this.#problem.textContent = '';
    const { value } = this.#input;
    if (!value.startsWith('/')) return this.#hideOffers();
    const found = this.host.commands().filter(({ shown }) => shown.startsWith(value.trimEnd()));
    const choices = found.map(({ line, shown, description }) => ({ value: line, label: shown, description }));
    this.#showOffers(this.host.words().commands, choices, ({ value: line }) => this.begin(line));
  }

  /** `isChosen`: it is chosen from a list, not written freely. */
  #showOffers(title: string, choices: readonly Choice[], take: (choice: Choice) => void, isChosen = true): void {
    const list = listbox(title, choices, { chosen: new Set(), take });
    const hadFocus = this.#offers.contains(document.activeElement);
    fill(
      this.#offers,
      h('div', { class: 'offers-title' }, title),
      choices.length > 0 ? list : isChosen && h('p', { class: 'nothing' }, this.host.words().nothing),
    );
    this.#offers.hidden = choices.length === 0 && title === '';
    if (hadFocus) (list.querySelector<HTMLElement>('.option') ?? this.#line.querySelector('input'))?.focus();
  }

  #hideOffers(): void {
    this.#asked += 1;
    this.#offers.hidden = true;
    this.#offers.replaceChildren();
  }

  #key(event: KeyboardEvent): void {
    const options = [...this.#offers.querySelectorAll<HTMLElement>('[role=option]')];
    const isInput = event.target instanceof HTMLInputElement;
    if (event.key === 'Escape') {
      event.stopPropagation();
      if (!this.#offers.hidden) {
        this.#hideOffers();
        this.#line.querySelector('input')?.focus();
      } else this.clear();
      return;
    }
    if (!isInput) return;
    if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && options.length > 0) {
      event.preventDefault();
      options[event.key === 'ArrowDown' ? 0 : options.length - 1]?.focus();
    }
    if (
      (event.key === 'Tab' || event.key === 'Enter') &&
      !event.shiftKey &&
      options.length > 0 &&
      this.#isHalfTyped(event.target)
    ) {
      event.preventDefault();
      options[0]?.click();
    }
    if (event.key === 'Backspace' && this.#command && event.target.value === '') {
      event.preventDefault();
      this.clear();
      this.#input.focus();
    }
  }

  /** Whether the first offer is what is meant: a name that is not chosen yet. */
  #isHalfTyped(input: HTMLInputElement): boolean {
    const field = this.#fields.find((each) => each.input === input);
    if (!field) return input.value.startsWith('/');
    const mustBeChosen = choicesOf(field.option, this.host).length > 0 && field.value === undefined;
    return mustBeChosen && (input.value !== '' || field.option.isRequired);
  }
}
