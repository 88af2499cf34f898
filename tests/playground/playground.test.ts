import { afterAll, beforeEach, describe } from 'vitest';
import { actTests } from './acts.js';
import { componentTests, manyMessagesTest, pressTest } from './components.js';
import { storyTests } from './stories.js';
import { endAll } from './support.js';
import { switchTests } from './switches.js';
import { openAnew } from './window.js';

beforeEach(openAnew, 180_000);
afterAll(endAll);

// One browser and, as long as no test fails, one playground for all of it, in this order: a start of either costs more than
// most tests. Each test opens the page anew.
describe('the page of the playground: stories', storyTests);
describe('the page of the playground: acts', actTests);
describe('the page of the playground: components', componentTests);
describe('the page of the playground: presses', pressTest);
describe('the page of the playground: switches', switchTests);
describe('the page of the playground: many messages', manyMessagesTest);
