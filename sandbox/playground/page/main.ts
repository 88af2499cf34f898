import { Page } from './page.js';
import { living, Store } from './store.js';

const root = document.getElementById('page');
if (root) new Page(new Store(living), root);
