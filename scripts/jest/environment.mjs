import { types } from 'node:util';
import NodeEnvironment from 'jest-environment-node';
import { loadOnce } from './loaded-once.mjs';

const kept = new Map();

/**
 * Jest gives each test file a world of its own and loads every package into it anew: more than a second in each of a
 * hundred files went into reading discord.js and Jellyfin's SDK again. Here these few are loaded once in a worker, outside
 * of the files' worlds, as node's own modules are; `loaded-once/` hands them in. Latchkey's own code is still loaded anew.
 */
export default class Environment extends NodeEnvironment {
  async setup() {
    await super.setup();
    this.global[Symbol.for('loaded once')] = loadOnce;
    // For what a test file makes at some cost and never changes: the next file of this worker finds it here.
    this.global[Symbol.for('kept in a worker')] = kept;
    // What comes from outside is an error of another world, which `instanceof Error` would deny.
    const { Error: Inner, Function: InnerFunction } = this.global;
    const ordinary = InnerFunction.prototype[Symbol.hasInstance];
    Object.defineProperty(Inner, Symbol.hasInstance, {
      value(each) {
        return this === Inner ? types.isNativeError(each) : ordinary.call(this, each);
      },
    });
  }
}
