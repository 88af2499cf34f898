import type { Secret } from '../secret.js';

/** The API key that is used from now on; a rescue may put another in the place of one that was revoked. */
export class KeyHolder {
  #current: Secret;

  constructor(first: Secret) {
    this.#current = first;
  }

  get current(): Secret {
    return this.#current;
  }

  use(key: Secret): void {
    this.#current = key;
  }
}
