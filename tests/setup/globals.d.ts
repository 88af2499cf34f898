/** Jest puts these in every test file's reach; their types are those of the package they come from. */
type Jest = typeof import('@jest/globals');

declare const afterAll: Jest['afterAll'];
declare const afterEach: Jest['afterEach'];
declare const beforeAll: Jest['beforeAll'];
declare const beforeEach: Jest['beforeEach'];
declare const describe: Jest['describe'];
declare const expect: Jest['expect'];
declare const it: Jest['it'];
declare const test: Jest['test'];
