import { describe } from 'vitest';
import { actTests } from './acts.js';
import { componentTests, manyMessagesTest } from './components.js';
import { storyTests } from './stories.js';
import { switchTests } from './switches.js';

// One browser and one playground for all of it, in this order: a start of either costs more than most tests.
describe('the page of the playground: stories', storyTests);
describe('the page of the playground: acts', actTests);
describe('the page of the playground: components', componentTests);
describe('the page of the playground: switches', switchTests);
describe('the page of the playground: many messages', manyMessagesTest);
