import type { Recording } from '../shared.js';
import { Page } from './page.js';
import { Recorded } from './recorded.js';
import { Store } from './store.js';

const root = document.getElementById('page');
const recordings = JSON.parse(document.getElementById('recordings')?.textContent ?? '[]') as Recording[];
if (root) new Page(new Store(new Recorded(recordings)), root);
