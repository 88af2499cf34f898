import type { SeenCue } from '../shared.js';
import { motion, until } from './dom.js';
import type { Phone } from './phone.js';
import type { TelevisionView } from './television.js';

/** How long a control is pointed at before it is pressed. */
const pointMs = 550;
/** How long something that was pressed may take to come up. */
const patienceMs = 3000;

/** What a story needs of the page around it. */
export interface StoryHost {
  /** The phone that shows this person, handed to them where neither does. */
  phoneOf(who: string): Phone;
  /** Shows a phone or the television where only one of them is to be seen. */
  reveal(what: Phone | 'television'): void;
  readonly television: TelevisionView;
}

/** The hands of a story: they do its acts on the phones and on the television. */
export class StoryHands {
  constructor(private readonly host: StoryHost) {}

  /** What is pointed at for an act. */
  targetOf(cue: SeenCue): HTMLElement | undefined {
    switch (cue.kind) {
      case 'types':
        return this.host.phoneOf(cue.who).composer.element;
      case 'presses':
        return this.host.phoneOf(cue.who).control(cue.message, cue.label);
      case 'signs in':
        return this.host.television.target;
      case 'asks for a code':
        return this.host.television.codeTarget;
      default:
        return undefined;
    }
  }

  /** Does an act as a person would, on the phone or the television; gives back false for what cannot be done by hand here. */
  async does(cue: SeenCue): Promise<boolean> {
    const { television } = this.host;
    switch (cue.kind) {
      case 'types': {
        const phone = this.host.phoneOf(cue.who);
        this.host.reveal(phone);
        return phone.composer.performs(cue.line, cue.options);
      }
      case 'presses': {
        const phone = this.host.phoneOf(cue.who);
        this.host.reveal(phone);
        const control = phone.control(cue.message, cue.label);
        if (!control) return false;
        control.scrollIntoView({ block: 'nearest' });
        control.classList.add('pressed');
        await motion(pointMs);
        control.classList.remove('pressed');
        control.click();
        return true;
      }
      case 'fills in': {
        const phone = this.host.phoneOf(cue.who);
        this.host.reveal(phone);
        const form = await until(() => phone.form, patienceMs);
        if (!form) return false;
        for (const [label, words] of Object.entries(cue.fields)) {
          const input = form.querySelector<HTMLInputElement>(`[name="${CSS.escape(label)}"]`);
          if (!input) return false;
          input.value = words;
        }
        await motion(pointMs);
        form.requestSubmit();
        return true;
      }
      case 'signs in':
        this.host.reveal('television');
        await television.performs(cue.account, cue.password);
        return true;
      case 'asks for a code':
        this.host.reveal('television');
        await television.asksForCode();
        return true;
      case 'happens':
        return false;
    }
  }
}
